"""One request, and all that can happen to it, in any order; the rules alone, as the use cases apply them."""

from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pydantic import SecretStr

from qualification.domain import ledger
from qualification.domain.actions import cancelled, confirmed, hurried, may_confirm, withdrawn
from qualification.domain.answer import answer
from qualification.domain.call_errors import (
    AccessLost,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    UnderReview,
    Unsent,
)
from qualification.domain.correction import corrected, correction_of, kept
from qualification.domain.customer import Customer
from qualification.domain.decision import Adopt, ReadOn, Refuse, Wait, decide, unclear_since
from qualification.domain.event import Event, EventType
from qualification.domain.lifecycle import can_submit, claimed, held, requeued
from qualification.domain.look import CustomerQualification, Look, Word
from qualification.domain.outcome import failed, postponed, settled
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, GovernmentRequest, Qualification
from qualification.domain.review import review_postponed, reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import accepted_with, adopted
from qualification.domain.waiting import Kind, Reason
from qualification.domain.work import WorkAction
from qualification.use_cases.order import fingerprint
from tests.unit.builders import (
    CODE,
    CUSTOMER,
    ELSEWHERE,
    NO_RELATIONSHIP,
    NOW,
    OLD_DENIAL,
    POLICY,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    queued,
    row,
    throttled,
    wanted,
)

UNSENT = Unsent("unreachable", "No connection.", remedy="Nothing to do.")
IN_THE_WAY = InTheWay("http-409", "Something is in the way.", http_status=409, remedy="Nothing to do.")
UNAUTHORIZED = AccessLost("http-401", "Not signed in.", partner_wide=True, http_status=401, remedy="Sign in.")
UNDER_REVIEW = UnderReview("800073", "The account is under review.", http_status=403, remedy="Wait.")
NOT_TAKEN: list[PartnerCenterError] = [UNSENT, UNAUTHORIZED, UNDER_REVIEW, ELSEWHERE, NO_RELATIONSHIP]
OF_A_WRITE: list[PartnerCenterError] = [UNKNOWN, IN_THE_WAY, throttled(), REFUSED, *NOT_TAKEN]
OF_A_READ: list[PartnerCenterError] = [UNAVAILABLE, throttled(), UNAUTHORIZED, ELSEWHERE, NO_RELATIONSHIP]
WORDS = ["InReview", "Approved", "Denied", "OnHold", None]

rows = st.tuples(st.sampled_from(WORDS), st.sampled_from([None, OLD_DENIAL, "now"]))
looks: st.SearchStrategy[list[tuple[str | None, str | None]]] = st.lists(rows, max_size=3) | st.just([])
jitters = st.sampled_from([0.0, 0.5, 1.0])


class Life(RuleBasedStateMachine):
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
        self.known: list[CustomerQualification] = []
        self.by_person = False
        self.alerted: set[str] = set()
        self.steps = 0

    @initialize(qualification=st.sampled_from(Qualification), named=st.booleans())
    def arrives(self, qualification: Qualification, named: bool) -> None:  # noqa: FBT001  hypothesis gives it by name
        """A request of any shape; a government one with or without a code."""
        changes = (
            {} if named or qualification is not Qualification.GOVERNMENT_COMMUNITY_CLOUD else {"validationCode": None}
        )
        self.record = queued(wanted(qualification, **changes))

    @rule(by=st.timedeltas(min_value=-timedelta(seconds=5), max_value=timedelta(days=2)))
    def time_passes(self, by: timedelta) -> None:
        """Some; or the clock is set back a little."""
        self.now += by

    @precondition(lambda self: can_submit(self.record, self.now))
    @rule(shown=looks, jitter=jitters)
    def it_is_tried(self, shown: list[tuple[str | None, str | None]], jitter: float) -> None:
        """A read, a decision and, where nothing stands in the way, a claim."""
        look, moment = self.look(shown), self.moment(jitter)
        seen = self.customer.after(look)
        seen = seen.model_copy(update={"unclear_since": unclear_since((), seen, look)})
        match decide(self.record, (), seen, look, policy=POLICY):
            case Adopt(found):
                transition = adopted(self.record, found, seen, moment)
                seen = ledger.after_adoption(seen, self.record, found.row)
            case ReadOn():
                transition = reviewed(self.record, seen, 0, look, moment)
            case Refuse(error):
                transition = failed(self.record, error, moment)
            case Wait() as wait:
                transition = held(self.record, wait, moment)
            case _:
                self.is_written(look, seen, moment)
                return
        self.sees(look)
        self.becomes(transition, look)
        self.customer = seen

    @precondition(lambda self: can_submit(self.record, self.now))
    @rule(error=st.sampled_from([*OF_A_READ, UNSENT]), alone=st.booleans())
    def the_read_ahead_fails(self, error: PartnerCenterError, alone: bool) -> None:  # noqa: FBT001  as above
        """Or signing in does, or a hold keeps it back."""
        self.becomes(postponed(self.record, error, self.moment(), alone=alone))
        assert self.record.status is not Status.FAILED

    @precondition(lambda self: self.claim is not None)
    @rule(word=st.sampled_from([*WORDS, "nothing"]))
    def the_write_is_accepted(self, word: str | None) -> None:
        """With a row or, as a body that nobody can read, without one."""
        claim, moment = self.settles(), self.moment()
        if claim is None:
            return
        answered = None if word == "nothing" else self.row(word, "now")
        if claim.status is self.record.status or self.record.status is Status.IN_REVIEW:
            look = Look(() if answered is None else (answered,), self.now)
            self.becomes(accepted_with(self.record, answered, look, moment))
            assert self.record.status in {Status.IN_REVIEW, Status.APPROVED}
        self.customer = ledger.after_acceptance(self.customer, claim)

    @precondition(lambda self: self.claim is not None)
    @rule(error=st.sampled_from(OF_A_WRITE))
    def the_write_fails(self, error: PartnerCenterError) -> None:
        """With an error of any class."""
        claim = self.settles()
        if claim is None:
            return
        was_out = claim.earlier is not None or self.record.status is Status.IN_REVIEW
        still = claim.status is self.record.status
        self.becomes(settled(self.record, claim, error, self.moment()))
        self.customer = ledger.after_failure(self.customer, claim, error)
        if still and not was_out and not isinstance(error, OutcomeUnknown) and error.code != throttled().code:
            assert not self.record.out
        if was_out:
            assert self.record.status is not Status.FAILED or claim.status is not self.record.status

    @precondition(lambda self: self.claim is not None)
    @rule()
    def the_process_dies(self) -> None:
        """Nobody hears what came of the write."""
        self.claim = None

    @precondition(lambda self: self.record.work and self.record.work.action is WorkAction.REVIEW)
    @rule(shown=looks, jitter=jitters)
    def a_review_sees(self, shown: list[tuple[str | None, str | None]], jitter: float) -> None:
        """What Partner Center says when it is due, or that it lists nothing."""
        self.falls_due()
        look = self.look(shown)
        seen = self.customer.after(look)
        found = answer(self.record, seen, look)
        self.sees(look)
        self.becomes(reviewed(self.record, seen, 0, look, self.moment(jitter)), look)
        self.customer = ledger.after_adoption(seen, self.record, found.row) if found and self.record.out else seen

    @precondition(lambda self: self.record.work and self.record.work.action is WorkAction.REVIEW)
    @rule(error=st.sampled_from(OF_A_READ), alone=st.booleans())
    def a_review_fails(self, error: PartnerCenterError, alone: bool) -> None:  # noqa: FBT001  as above
        """A read never changes where a request stands by failing, and the next one comes no sooner."""
        self.falls_due()
        status = self.record.status
        self.becomes(review_postponed(self.record, error, self.moment(), alone=alone))
        assert self.record.status is status
        assert self.record.work
        assert self.record.work.due > self.now

    @precondition(lambda self: self.record.work and self.record.work.action is WorkAction.QUEUE and self.often(3))
    @rule(jitter=jitters)
    def it_is_queued_again(self, jitter: float) -> None:
        """Its hint was lost, or its wait is over."""
        self.falls_due()
        messages = self.record.messages
        self.becomes(requeued(self.record, self.moment(jitter)))
        assert self.record.messages == messages + 1

    @precondition(lambda self: may_confirm(self.record, self.customer))
    @rule()
    def somebody_confirms_it(self) -> None:
        """Whatever waits for a decision goes on."""
        reason = self.record.waiting and self.record.waiting.reason
        self.by_person = True
        self.forget(str(reason))
        self.becomes(confirmed(self.record, "operator", None, self.moment()))
        assert reason in self.record.confirmed
        assert can_submit(self.record, self.now)

    @precondition(lambda self: self.record.status.is_active and self.often(7))
    @rule()
    def somebody_cancels_it(self) -> None:
        """Every unfinished request can be ended by a person."""
        self.becomes(cancelled(self.record, "operator", None, self.moment()))
        assert not self.record.status.is_active

    @precondition(lambda self: self.record.status.is_active and self.often(5))
    @rule()
    def somebody_retries_it(self) -> None:
        """It is tried, or read, now."""
        self.becomes(hurried(self.record, "operator", None, self.moment()))

    @precondition(
        lambda self: self.often(4) and (self.record.status.is_active or self.record.status is Status.APPROVED)
    )
    @rule(website=st.sampled_from(["contoso.edu", "contoso.org", "fabrikam.edu"]))
    def the_crm_corrects_it(self, website: str) -> None:
        """With other content, which goes at once or is kept."""
        if not isinstance(self.record.request, EducationRequest):
            return
        content = wanted(website=website)
        correction = correction_of(content, fingerprint(content), "standard", self.now)
        if correction.fingerprint == self.record.newest_fingerprint:
            return
        if self.record.out or self.record.status is Status.APPROVED:
            before = self.record.request
            self.becomes(kept(self.record, correction, self.moment()))
            wanted_again = correction.fingerprint == self.record.fingerprint
            assert (self.record.request, self.record.correction) == (before, None if wanted_again else correction)
        else:
            if self.record.waiting:
                self.forget(self.record.waiting.reason)
            self.becomes(corrected(self.record, correction, self.moment()))
            assert (self.record.request, self.record.confirmed) == (content, frozenset())

    @precondition(lambda self: self.record.status.is_active and self.often(7))
    @rule()
    def the_crm_takes_it_back(self) -> None:
        """At once, or as soon as nothing is out."""
        out = self.record.out
        self.becomes(withdrawn(self.record, "standard", "mark taken back", self.moment()))
        assert self.record.status.is_active is out

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


def settled_as(record: Record, word: str) -> Transition:
    """A write was accepted with this word."""
    return accepted_with(record, row(word, record.qualification), Look((), NOW), Moment(NOW, 1.0, POLICY))
