"""One request, and all that can happen to it, in any order."""

from datetime import timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from pydantic import SecretStr
from qualification.domain.attention import cause_of

from qualification.domain.errors import PartnerCenterError, PersonNeeded, Reaction, Throttled
from qualification.domain.event import Event, EventType
from qualification.domain.events import Attention
from qualification.domain.lifecycle import awaits_confirmation, can_submit, claimed, confirmed, postponed, requeued
from qualification.domain.record import Posted, Status, WorkAction
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import observed, review_postponed
from tests.unit.builders import (
    CODE,
    NEW_DENIAL,
    NOW,
    OLD_DENIAL,
    PERSON_NEEDED,
    POLICY,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    queued,
    row,
    throttled,
    wanted,
)

ARROWS = {
    Status.QUEUED: set(Status) - {Status.REVOKED},
    Status.SUBMITTING: set(Status) - {Status.REVOKED},
    Status.IN_REVIEW: {Status.IN_REVIEW, Status.APPROVED, Status.DENIED},
    Status.APPROVED: {Status.APPROVED, Status.REVOKED},
}
words = st.sampled_from(["InReview", "inreview", "Approved", "Denied", "OnHold", "Escalated", None])
jitters = st.sampled_from([0.0, 0.5, 1.0])
waits = st.timedeltas(min_value=-timedelta(minutes=1), max_value=timedelta(hours=3))


class Life(RuleBasedStateMachine):
    """A record, the events it has told, and the little that must be remembered to judge them."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.record = queued()
        self.events: list[Event] = []
        self.ids = 0
        self.unanswered: UUID | None = None
        self.accepted_at_partner_center = False
        self.earliest = NOW - timedelta(days=1000)
        self.alarmed: set[str] = set()

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

    @precondition(lambda self: self.record.work and self.record.work.due > self.now)
    @rule(late=st.timedeltas(min_value=timedelta(), max_value=timedelta(minutes=1)))
    def its_work_falls_due(self, late: timedelta) -> None:
        """However far off that was."""
        assert self.record.work
        self.now = self.record.work.due + late

    @precondition(lambda self: can_submit(self.record, self.now))
    @rule(denied_before=st.sampled_from([None, "", OLD_DENIAL]), chosen=st.booleans())
    def it_is_claimed(self, denied_before: str | None, chosen: bool) -> None:  # noqa: FBT001  as above
        """The look found nothing in the way."""
        assert self.record.status is Status.SUBMITTING or self.now >= self.earliest
        self.ids += 1
        new = UUID(int=self.ids)
        is_government = isinstance(self.record.request, GovernmentRequest)
        self.becomes(
            claimed(
                self.record,
                ms_request_id=new,
                denied_before=denied_before,
                validation_code=SecretStr(CODE) if chosen and is_government else None,
                moment=Moment(self.now, 1.0, POLICY),
            )
        )
        self.unanswered = self.unanswered or new
        assert self.record.ms_request_id == self.unanswered
        assert self.record.posted is Posted.PERHAPS

    @precondition(lambda self: self.record.status is Status.SUBMITTING)
    @rule(word=words, jitter=jitters)
    def the_call_is_answered(self, word: str | None, jitter: float) -> None:
        """Before or after the lease has ended."""
        self.accepted_at_partner_center = True
        self.sees(word, jitter)

    @precondition(lambda self: self.record.status is Status.SUBMITTING)
    @rule(
        kind=st.sampled_from(["refused", "later", "unknown", "throttled", *PERSON_NEEDED]),
        wait=waits,
        alarm=st.booleans(),
    )
    def the_call_fails(self, kind: str | PersonNeeded, wait: timedelta, alarm: bool) -> None:  # noqa: FBT001  as above
        """With an error of any class."""
        error = self.error(kind, wait)
        if error.answered:
            self.unanswered = None
        self.fails(error, sent=True, alarm=alarm)

    @precondition(lambda self: can_submit(self.record, self.now))
    @rule(kind=st.sampled_from(["refused", "later", "throttled", *PERSON_NEEDED]), wait=waits, alarm=st.booleans())
    def the_look_fails(self, kind: str | PersonNeeded, wait: timedelta, alarm: bool) -> None:  # noqa: FBT001  as above
        """With an error of any class that a look may meet, or a decision to refuse."""
        self.fails(self.error(kind, wait), sent=False, alarm=alarm)

    @precondition(lambda self: can_submit(self.record, self.now))
    @rule(word=words, jitter=jitters)
    def the_look_finds_it_there(self, word: str | None, jitter: float) -> None:
        """Because an earlier call took effect, or somebody set it by hand."""
        self.sees(word, jitter)

    @precondition(lambda self: self.record.is_due(WorkAction.REVIEW, self.now))
    @rule(word=words, there=st.booleans(), jitter=jitters)
    def a_review_sees(self, word: str | None, there: bool, jitter: float) -> None:  # noqa: FBT001  as above
        """What Partner Center says then, or that it lists nothing."""
        self.sees(word, jitter, there=there)

    @precondition(lambda self: self.record.is_due(WorkAction.REVIEW, self.now))
    @rule(kind=st.sampled_from(["refused", "later", "throttled", *PERSON_NEEDED]), wait=waits, alarm=st.booleans())
    def a_review_fails(self, kind: str | PersonNeeded, wait: timedelta, alarm: bool) -> None:  # noqa: FBT001  as above
        """A look never changes where a request stands by failing."""
        error, status = self.error(kind, wait), self.record.status
        self.becomes(review_postponed(self.record, error, alarm=alarm, moment=Moment(self.now, 1, POLICY)), error)
        assert self.record.status is status
        self.waits(error, alarm=alarm)

    @precondition(lambda self: self.record.is_due(WorkAction.QUEUE, self.now))
    @rule(jitter=jitters)
    def it_is_queued_again(self, jitter: float) -> None:
        """Its message was lost, or its lease or its wait is over."""
        messages = self.record.messages
        self.becomes(requeued(self.record, moment=Moment(self.now, jitter, POLICY)))
        assert self.record.messages == messages + 1

    @precondition(lambda self: awaits_confirmation(self.record))
    @rule()
    def somebody_confirms_it(self) -> None:
        """The last education verification may go on."""
        self.earliest = self.now
        self.becomes(confirmed(self.record, Moment(self.now, 1.0, POLICY)))
        assert not awaits_confirmation(self.record)

    def error(self, kind: str | PersonNeeded, wait: timedelta) -> PartnerCenterError:
        """An error of this class."""
        if isinstance(kind, PersonNeeded):
            return kind
        plain = {"refused": REFUSED, "later": UNAVAILABLE, "unknown": UNKNOWN}
        return plain.get(kind) or throttled(wait, self.now)

    def sees(self, word: str | None, jitter: float, *, there: bool = True) -> None:
        """Partner Center says this."""
        found = row(word, self.record.qualification, NEW_DENIAL) if there else None
        self.unanswered = None
        self.becomes(observed(self.record, found, moment=Moment(self.now, jitter, POLICY)))
        assert self.record.waiting_for is None

    def fails(self, error: PartnerCenterError, *, sent: bool, alarm: bool) -> None:
        """A try to submit ends with this."""
        failing_since = self.record.failing_since or self.now
        spent = self.now - failing_since >= POLICY.retry_for and error.reaction in {Reaction.LATER, Reaction.RECONCILE}
        self.becomes(postponed(self.record, error, sent=sent, alarm=alarm, moment=Moment(self.now, 0, POLICY)), error)
        self.waits(error, alarm=alarm)
        assert (self.record.status is Status.FAILED) == (error.reaction is Reaction.NEVER or spent)
        if self.record.status is Status.QUEUED:
            assert self.record.not_before
            self.earliest = max(self.now, error.retry_at) if isinstance(error, Throttled) else self.now
            assert self.record.not_before >= self.earliest
        else:
            self.unanswered = None

    def waits(self, error: PartnerCenterError, *, alarm: bool) -> None:
        """For a person, if that is what it takes; whoever was to raise the alarm has raised it."""
        if isinstance(error, PersonNeeded):
            cause = cause_of(error, self.record.customer_tenant_id)
            assert self.record.waiting_for == cause
            assert not alarm or cause in self.alarmed

    def becomes(self, transition: Transition, error: PartnerCenterError | None = None) -> None:
        """Take a step, and judge what it tells."""
        before, self.record = self.record, transition.record
        assert self.record.status in ARROWS[before.status] | {before.status}
        mended = before.waiting_for
        if mended != self.record.waiting_for:
            self.alarmed.discard(str(mended))
        for event in transition.events:
            if event.type is EventType.STATUS_CHANGED:
                assert event.data["previousStatus"] == before.status
                assert event.data["status"] == self.record.status
                continue
            cause = str(event.data["reason"])
            if cause == Attention.UNKNOWN_VETTING_STATUS:
                cause = f"{cause}:{self.record.vetting_status}"
            elif cause != Attention.REVIEW_OVERDUE:
                assert isinstance(error, PersonNeeded)
                cause = cause_of(error, self.record.customer_tenant_id)
            assert cause not in self.alarmed
            self.alarmed.add(cause)
        self.events += transition.events
