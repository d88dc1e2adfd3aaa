"""Whatever happens to a request, in whatever order, these rules hold."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis.stateful import invariant

from qualification.domain.event import EventType
from qualification.domain.events import NEWS
from qualification.domain.lifecycle import can_submit
from qualification.domain.record import Posted, Record, Status, WorkAction
from qualification.domain.request import REVEAL_SECRETS, Qualification
from tests.unit.builders import CODE
from tests.unit.life import Life

HISTORY = {
    Status.QUEUED: {Status.SUBMITTING, Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.SUBMITTING: {Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.IN_REVIEW: {Status.APPROVED, Status.DENIED},
    Status.APPROVED: {Status.REVOKED},
}


class RuledLife(Life):
    """A life, and what must be true after each step of it."""

    @invariant()
    def work_is_what_the_status_wants(self) -> None:
        """One work item while something is left to do, none otherwise."""
        action = self.record.work and self.record.work.action
        match self.record.status:
            case Status.QUEUED | Status.SUBMITTING:
                assert action is WorkAction.QUEUE
            case Status.IN_REVIEW:
                assert action is WorkAction.REVIEW
            case Status.APPROVED if self.record.qualification is Qualification.EDUCATION:
                assert action is WorkAction.REVIEW
            case _:
                assert action is None

    @invariant()
    def only_a_claimed_request_has_a_lease(self) -> None:
        """And only an unfinished one something to keep for its next call."""
        assert (self.record.lease_until is not None) == (self.record.status is Status.SUBMITTING)
        if self.record.status not in {Status.QUEUED, Status.SUBMITTING}:
            assert self.record.ms_request_id is None
            assert self.record.not_before is None

    @invariant()
    def work_is_not_due_before_it_may_be_done(self) -> None:
        """A message that came earlier would do nothing."""
        if self.record.status is Status.QUEUED and self.record.not_before:
            assert self.record.work
            assert self.record.work.due >= self.record.not_before
            assert can_submit(self.record, self.record.not_before)
            assert not can_submit(self.record, self.record.not_before - timedelta(microseconds=1))

    @invariant()
    def an_accepted_post_is_never_forgotten(self) -> None:
        """It has spent one of the customer's verifications."""
        if self.accepted_at_partner_center:
            assert self.record.posted is Posted.YES

    @invariant()
    def a_finished_request_holds_no_validation_code(self) -> None:
        """Nothing will send it any more."""
        if not self.record.status.is_active:
            assert CODE not in self.record.model_dump_json(context=REVEAL_SECRETS)

    @invariant()
    def history_goes_one_way(self) -> None:
        """A try that came to nothing leaves no trace; `attempts` counts it."""
        statuses = [entry.status for entry in self.record.history]
        assert statuses[0] is Status.QUEUED
        assert statuses[-1] is self.record.status
        assert all(after in HISTORY[before] for before, after in pairwise(statuses))

    @invariant()
    def events_tell_the_history(self) -> None:
        """Numbered without a gap, due in their order, and every status that is news is told once."""
        assert [event.sequence for event in self.events] == list(range(1, self.record.sequence + 1))
        dues = [event.due for event in self.events]
        assert all(earlier < later for earlier, later in pairwise(dues))
        told = [event.data["status"] for event in self.events if event.type is EventType.STATUS_CHANGED]
        assert told == [entry.status for entry in self.record.history if entry.status in NEWS]

    def teardown(self) -> None:
        """Whatever has become of it, it survives the store."""
        kept = self.record.model_dump_json(by_alias=True, context=REVEAL_SECRETS)
        assert Record.model_validate_json(kept) == self.record


TestLife = RuledLife.TestCase
TestLife.settings = settings(max_examples=250, stateful_step_count=40)
