"""Whatever happens to a request, in whatever order, these rules hold."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import settings
from hypothesis.stateful import invariant

from qualification.domain.event import EventType
from qualification.domain.events import NEWS
from qualification.domain.lifecycle import can_submit
from qualification.domain.record import Record
from qualification.domain.request import REVEAL_SECRETS
from qualification.domain.status import Status
from qualification.domain.waiting import Kind
from qualification.domain.work import WorkAction
from tests.unit.builders import CODE
from tests.unit.life import Life
from tests.unit.transitions import TRANSITIONS


class RuledLife(Life):
    """A life, and what must be true after each step of it."""

    @invariant()
    def something_is_to_come_while_it_is_unfinished(self) -> None:
        """One work item; a write that is out is read on, unless it is about to be written again."""
        work = self.record.work
        if self.record.status.is_active:
            assert work is not None
        if self.record.status is Status.QUEUED:
            assert work
            assert work.action is WorkAction.QUEUE
        if not self.record.status.is_active and work:
            assert work.action is WorkAction.REVIEW

    @invariant()
    def what_waits_for_a_person_has_alerted_one(self) -> None:
        """Nothing waits in silence for a decision, and nothing that has ended waits."""
        waiting = self.record.waiting
        assert waiting is None or self.record.status.is_active
        assert waiting is None or waiting.reason.kind is Kind.CAUSE or waiting.alerted

    @invariant()
    def work_is_not_due_before_it_may_be_done(self) -> None:
        """A message that came earlier would do nothing."""
        if self.record.status is Status.QUEUED and self.record.not_before:
            assert self.record.work
            assert self.record.work.due >= self.record.not_before
            assert can_submit(self.record, self.record.not_before)
            assert not can_submit(self.record, self.record.not_before - timedelta(microseconds=1))

    @invariant()
    def what_is_out_is_not_given_back_to_the_queue(self) -> None:
        """Nor is it cancelled, or failed but by a person."""
        if self.record.out:
            assert self.record.status not in {Status.QUEUED, Status.CANCELLED}
            assert self.record.attempts or self.record.taken
            given_up = self.record.error is not None and self.record.error.code == "given-up"
            assert self.record.status is not Status.FAILED or given_up

    @invariant()
    def two_writes_go_by_themselves(self) -> None:
        """Each with an MS-RequestId, which a finished request keeps no more."""
        assert self.record.attempts >= 0
        assert self.record.status is not Status.SUBMITTING or self.claim is None or self.record.ms_request_id

    @invariant()
    def a_finished_request_holds_no_validation_code(self) -> None:
        """Nothing will send it any more."""
        if not self.record.status.is_active:
            assert CODE not in self.record.model_dump_json(context=REVEAL_SECRETS)

    @invariant()
    def history_is_of_the_table(self) -> None:
        """A try that came to nothing leaves no trace; `attempts` counts it."""
        statuses = [entry.status for entry in self.record.history]
        assert statuses[0] is Status.QUEUED
        assert statuses[-1] is self.record.status
        assert all(after is before or after in TRANSITIONS[before] for before, after in pairwise(statuses))

    @invariant()
    def events_are_the_history(self) -> None:
        """Numbered without a gap, due in their order; every status that is news is published once, from the one before."""
        assert [event.sequence for event in self.events] == list(range(1, self.record.sequence + 1))
        dues = [event.due for event in self.events]
        assert all(earlier < later for earlier, later in pairwise(dues))
        changes = [event.data for event in self.events if event.type is EventType.STATUS_CHANGED]
        entered = [after.status for before, after in pairwise(self.record.history) if before.status is not after.status]
        assert [each["status"] for each in changes] == [status for status in entered if status in NEWS]
        assert all(Status(str(each["status"])) in TRANSITIONS[Status(str(each["previousStatus"]))] for each in changes)

    def teardown(self) -> None:
        """Whatever has become of it, it survives the store."""
        kept = self.record.model_dump_json(by_alias=True, context=REVEAL_SECRETS)
        assert Record.model_validate_json(kept) == self.record


TestLife = RuledLife.TestCase
TestLife.settings = settings(max_examples=80, stateful_step_count=30)
