"""A Partner Center in memory: what it holds of each customer, and what it does with the next call."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.errors import PartnerCenterError
from qualification.domain.record import CustomerQualification
from qualification.domain.request import QualificationRequest


@dataclass(frozen=True, slots=True)
class Write:
    """What becomes of one POST or PUT.

    Attributes:
        error: raised instead of an answer.
        takes_effect: whether the qualification is there afterwards, answered or not.
        vetting_status: of the qualification from then on.
        meanwhile: what else happens before the answer comes.
    """

    error: PartnerCenterError | None = None
    takes_effect: bool = True
    vetting_status: str | None = "InReview"
    meanwhile: Callable[[], Awaitable[object]] | None = None


class StandInPartnerCenter:
    """Keeps qualifications, and counts calls.

    Attributes:
        held: each customer's qualifications.
        writes: what becomes of the next writes; without one it takes effect and is in review.
        reading_fails: what every look raises.
        sent: every POST and PUT: method, customer, request and MS-RequestId.
        looks: the customer of each look.
        synchronous_looks: those of them over the synchronous API.
        most_at_once: looks under way at the same time, at most.
        during_a_look: what else happens then.
        codes: validation codes with creates left.
    """

    def __init__(self) -> None:
        self.held: dict[UUID, list[CustomerQualification]] = {}
        self.writes: deque[Write] = deque()
        self.reading_fails: PartnerCenterError | None = None
        self.sent: list[tuple[str, UUID, QualificationRequest, UUID]] = []
        self.looks: list[UUID] = []
        self.synchronous_looks: list[UUID] = []
        self.codes: list[str] = []
        self.most_at_once = 0
        self.during_a_look: Callable[[], object] = lambda: None
        self._at_once = 0

    async def get_qualifications(self, customer_id: UUID) -> list[CustomerQualification]:
        """See PartnerCenter."""
        self.looks.append(customer_id)
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        await asyncio.sleep(0)
        self._at_once -= 1
        self.during_a_look()
        if self.reading_fails:
            raise self.reading_fails
        return list(self.held.get(customer_id, []))

    async def get_qualification(self, customer_id: UUID) -> CustomerQualification | None:
        """See PartnerCenter."""
        self.synchronous_looks.append(customer_id)
        return next(iter(await self.get_qualifications(customer_id)), None)

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """See PartnerCenter."""
        return await self._write("POST", customer_id, request, ms_request_id)

    async def update_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> CustomerQualification:
        """See PartnerCenter."""
        return await self._write("PUT", customer_id, request, ms_request_id)

    async def take_validation_code(self) -> SecretStr | None:
        """See PartnerCenter."""
        return SecretStr(self.codes[0]) if self.codes else None

    async def _write(
        self, method: str, customer_id: UUID, request: QualificationRequest, ms_request_id: UUID
    ) -> CustomerQualification:
        self.sent.append((method, customer_id, request, ms_request_id))
        outcome = self.writes.popleft() if self.writes else Write()
        row = CustomerQualification(qualification=request.qualification, vetting_status=outcome.vetting_status)
        if outcome.takes_effect:
            self.held.setdefault(customer_id, []).append(row)
        if outcome.meanwhile:
            await outcome.meanwhile()
        if outcome.error:
            raise outcome.error
        return row
