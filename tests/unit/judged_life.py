"""One request while it lives, and a judge of each of its steps."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine
from pydantic import SecretStr

from qualification.domain import ledger
from qualification.domain.customer import Customer
from qualification.domain.event import Event, EventType
from qualification.domain.lifecycle import claimed
from qualification.domain.look import CustomerQualification, Look, Word
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Kind, Reason
from tests.unit.builders import (
    CODE,
    CUSTOMER,
    NOW,
    POLICY,
    queued,
    row,
)


class JudgedLife(RuleBasedStateMachine):
    """A record, what is kept of its customer, and the little that must be remembered to judge them.

    Attributes:
        claim: the write under way, as it was claimed.
        known: rows that stood there before the first write and have answered nothing.
        by_person: whether a person has decided since the last write.
        alerted: what somebody has been alerted to that it waits for.
    """

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.record = queued()
        self.customer = Customer(customer_tenant_id=CUSTOMER)
        self.events: list[Event] = []
        self.ids = 0
        self.claim: Record | None = None
        self.last_write: datetime | None = None
        self.before_claim: tuple[datetime | None, bool] = (None, False)
        self.known: list[CustomerQualification] = []
        self.by_person = False
        self.alerted: set[str] = set()
        self.steps = 0

    def falls_due(self) -> None:
        """Time passes until its work is due."""
        assert self.record.work
        self.now = max(self.now, self.record.work.due)

    def often(self, nth: int) -> bool:
        """Each so many steps: what would end most lives early is left for later."""
        return self.steps % nth == nth - 1

    def is_written(self, look: Look, seen: Customer, moment: Moment) -> None:
        """It is claimed, unless a rule says that it must not be."""
        before = self.record
        if before.out and not self.by_person and self.last_write is not None:
            assert self.now - self.last_write >= POLICY.resend_after - timedelta(seconds=5)
        if before.known_look is None:
            self.known = list(look.of(before.qualification))
        self.ids += 1
        code = SecretStr(CODE) if isinstance(before.request, GovernmentRequest) else None
        chosen = code if isinstance(before.request, GovernmentRequest) and not before.request.validation_code else None
        transition = claimed(
            before, look, seen.looks, ms_request_id=UUID(int=self.ids), validation_code=chosen, moment=moment
        )
        self.sees(look)
        self.becomes(transition, look)
        self.claim = self.record
        self.before_claim = self.last_write, self.by_person
        self.last_write, self.by_person = self.now, False
        self.customer = ledger.after_claim(seen, self.record)
        assert self.record.out
        assert not self.record.confirmed or before.confirmed

    def settles(self) -> Record | None:
        """The claim whose outcome this is, if nobody has claimed again since."""
        claim, self.claim = self.claim, None
        return claim if claim is not None and self.record.write == claim.write else None

    def sees(self, look: Look) -> None:
        """Rows that a read lacks, beside others, are forgotten: should they come back, they are news."""
        shown = look.of(self.record.qualification)
        if shown:
            self.known = [each for each in self.known if any(each.is_same(other) for other in shown)]

    def becomes(self, transition: Transition, look: Look | None = None) -> None:
        """Take a step, and judge it."""
        before, self.record = self.record, transition.record
        self.steps += 1
        if self.record.status is Status.DENIED and before.status is not Status.DENIED:
            assert look is not None
            denials = [each for each in look.of(self.record.qualification) if each.word is Word.DENIED]
            assert any(not any(each.is_same(known) for known in self.known) for each in denials), "an old denial"
        if look is not None and self.record.seen_in_review:
            self.known = []
        waited = before.waiting
        waits = self.record.waiting and self.record.waiting.reason
        if waited and waited.reason.kind is Kind.CAUSE and waits is not waited.reason:
            self.forget(waited.reason)
        for event in transition.events:
            if event.type is EventType.ATTENTION_REQUIRED:
                self.judge(str(event.data["reason"]), str(event.data["detail"]), before)
        self.events += transition.events

    def forget(self, reason: str) -> None:
        """Should it wait for this again, that is news."""
        self.alerted = {key for key in self.alerted if key.split(":")[0] != reason}

    def judge(self, reason: str, detail: str, before: Record) -> None:
        """Nobody is alerted twice to the same."""
        news = {
            Reason.LAST_ATTEMPT: str(before.attempts),
            Reason.OUTCOME_UNKNOWN: str(self.record.writes),
            Reason.UNKNOWN_VETTING_STATUS: detail,
        }
        if reason not in set(Reason):
            return
        key = f"{reason}:{news[Reason(reason)]}" if Reason(reason) in news else reason
        assert key not in self.alerted, f"alerted twice: {key}"
        self.alerted.add(key)

    def look(self, shown: list[tuple[str | None, str | None]]) -> Look:
        """What Partner Center shows now."""
        return Look(tuple(self.row(word, created) for word, created in shown), self.now)

    def row(self, word: str | None, created: str | None) -> CustomerQualification:
        """A row of the request's qualification."""
        return row(word, self.record.qualification, self.now.isoformat() if created == "now" else created)

    def moment(self, jitter: float = 1.0) -> Moment:
        """Now."""
        return Moment(self.now, jitter, POLICY)
