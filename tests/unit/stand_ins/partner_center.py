"""A Partner Center in memory: what it holds of each customer, and what it does with the next call."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.request import QualificationRequest
from qualification.use_cases.ports import Accepted
from tests.unit.stand_ins.clock import StandInClock


@dataclass(frozen=True, slots=True)
class Write:
    """What becomes of one POST or PUT.

    Attributes:
        error: raised instead of an answer.
        after: how long after the call the row shows; None if it never does.
        vetting_status: of the row from then on.
        replaces: whether the row takes the place of the older ones.
        meanwhile: what else happens before the answer comes.
    """

    error: PartnerCenterError | None = None
    after: timedelta | None = timedelta()
    vetting_status: str | None = "InReview"
    replaces: bool = True
    meanwhile: Callable[[], Awaitable[object]] | None = None


class StandInPartnerCenter:
    """Keeps qualifications, and counts calls.

    Attributes:
        held: each customer's rows.
        writes: what becomes of the next writes; without one it takes effect and is in review.
        reading_fails: what every read raises.
        empty_reads: of how many of the next reads the answer is empty.
        signing_in_fails: what signing in raises.
        sent: every POST and PUT: method, customer, request and MS-RequestId.
        looks: the customer of each read.
        most_at_once: reads under way at the same time, at most.
        during_a_look: what else happens then.
        codes: validation codes with creates left.
        sign_ins: how often a token was asked for.
    """

    def __init__(self, clock: StandInClock) -> None:
        self.clock = clock
        self.held: dict[UUID, list[CustomerQualification]] = {}
        self.writes: deque[Write] = deque()
        self.otherwise = Write()
        self.reading_fails: PartnerCenterError | None = None
        self.failing_reads: dict[UUID, PartnerCenterError] = {}
        self.empty_reads = 0
        self.signing_in_fails: PartnerCenterError | None = None
        self.sent: list[tuple[str, UUID, QualificationRequest, UUID]] = []
        self.looks: list[UUID] = []
        self.codes: list[str] = []
        self.sign_ins = 0
        self.most_at_once = 0
        self.during_a_look: Callable[[], object] = lambda: None
        self._at_once = 0
        self._late: list[tuple[datetime, UUID, CustomerQualification, bool]] = []

    async def get_qualifications(self, customer_id: UUID) -> Look:
        """See PartnerCenter."""
        self.looks.append(customer_id)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        self.during_a_look()
        if failing := self.reading_fails or self.failing_reads.get(customer_id):
            raise failing
        self._take_effect()
        if self.empty_reads:
            self.empty_reads -= 1
            return Look((), self.clock.now)
        return Look(tuple(self.held.get(customer_id, [])), self.clock.now)

    async def sign_in(self) -> None:
        """See PartnerCenter."""
        self.sign_ins += 1
        if self.signing_in_fails:
            raise self.signing_in_fails

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """See PartnerCenter."""
        return await self._write("POST", customer_id, request, ms_request_id)

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """See PartnerCenter."""
        return await self._write("PUT", customer_id, request, ms_request_id)

    async def validation_codes(self) -> list[SecretStr]:
        """See PartnerCenter."""
        return [SecretStr(code) for code in self.codes]

    async def _write(
        self, method: str, customer_id: UUID, request: QualificationRequest, ms_request_id: UUID
    ) -> Accepted:
        self.sent.append((method, customer_id, request, ms_request_id))
        outcome = self.writes.popleft() if self.writes else self.otherwise
        row = CustomerQualification(
            qualification=request.qualification,
            vetting_status=outcome.vetting_status,
            vetting_created=self.clock.now.isoformat(),
        )
        if outcome.after is not None:
            self._late.append((self.clock.now + outcome.after, customer_id, row, outcome.replaces))
        if outcome.meanwhile:
            await outcome.meanwhile()
        self._take_effect()
        if outcome.error:
            raise outcome.error
        return Accepted(row, self.clock.now)

    def _take_effect(self) -> None:
        due = [each for each in self._late if each[0] <= self.clock.now]
        self._late = [each for each in self._late if each not in due]
        for _, customer_id, row, replaces in due:
            rows = self.held.setdefault(customer_id, [])
            if replaces:
                rows[:] = [each for each in rows if each.qualification != row.qualification]
            rows.append(row)
