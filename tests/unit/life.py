"""One request, and all that can happen to it, in any order; the rules alone, as the use cases apply them."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from qualification.domain import ledger
from qualification.domain.actions import cancelled, confirmed, hurried, may_confirm, withdrawn
from qualification.domain.answer import answer
from qualification.domain.call_errors import (
    OutcomeUnknown,
    PartnerCenterError,
    Unsent,
)
from qualification.domain.correction import corrected, correction_of, kept
from qualification.domain.decision import Adopt, ReadOn, Refuse, Wait, decide
from qualification.domain.lifecycle import can_submit, held, requeued
from qualification.domain.look import Look
from qualification.domain.outcome import failed, postponed, settled
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification
from qualification.domain.review import review_postponed, reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.unclear import noted
from qualification.domain.vetting import accepted_with, adopted
from qualification.domain.work import WorkAction
from qualification.use_cases.order import fingerprint
from tests.unit.builders import (
    NOW,
    OLD_DENIAL,
    POLICY,
    queued,
    row,
    throttled,
    wanted,
)
from tests.unit.call_errors import ALONE, HELD, OF_A_READ, OF_A_WRITE, UNAUTHORIZED, UNSENT
from tests.unit.judged_life import JudgedLife

WORDS = ["InReview", "Approved", "Denied", "OnHold", None]

rows = st.tuples(st.sampled_from(WORDS), st.sampled_from([None, OLD_DENIAL, "now"]))
looks: st.SearchStrategy[list[tuple[str | None, str | None]]] = st.lists(rows, max_size=3) | st.just([])
jitters = st.sampled_from([0.0, 0.5, 1.0])


class Life(JudgedLife):
    """What befalls the request; the judge of its steps is what it inherits."""

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
        seen = noted(seen, (), look)
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
    @rule(error=st.sampled_from([*OF_A_READ, ALONE, UNSENT, HELD]), alone=st.booleans())
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
    @rule(error=st.sampled_from([*OF_A_WRITE, ALONE, HELD]))
    def the_write_fails(self, error: PartnerCenterError) -> None:
        """With an error of any class."""
        claim = self.settles()
        if claim is None:
            return
        if isinstance(error, Unsent) or error is UNAUTHORIZED:
            # Nothing was written, so a confirmation still holds, and an earlier write is as old as it was.
            self.last_write, self.by_person = self.before_claim
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
    @rule(error=st.sampled_from([*OF_A_READ, ALONE]), alone=st.booleans())
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


def settled_as(record: Record, word: str) -> Transition:
    """A write was accepted with this word."""
    return accepted_with(record, row(word, record.qualification), Look((), NOW), Moment(NOW, 1.0, POLICY))
