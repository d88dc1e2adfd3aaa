"""What is left of a request that a person or the CRM has ended."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.actions import cancelled, withdrawn
from qualification.domain.record import Decided, Record, RequestError
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import NOW, POLICY, in_review, queued, submitting

ANNA = "Anna (key 0badcafe)"
AT = Moment(NOW + timedelta(hours=1), 1.0, POLICY)
DECISION = Decided(action="cancel", by="0badcafe")
WAITING: dict[str, Any] = {
    "waiting": Waiting(reason=Reason.LAST_ATTEMPT, detail="d", remedy="r", since=NOW, alerted=True),
    "raised": frozenset({"last-attempt:0"}),
    "not_before": AT.now + timedelta(days=7),
}
SENT = {
    "a write in doubt": submitting(**WAITING),
    "a review": in_review(**WAITING),
    "a review that was adopted": in_review(attempts=0, writes=0, write=None, **WAITING),
    "back on the queue after a write that was not taken": queued(attempts=1, **WAITING),
}


@pytest.mark.parametrize("note", [None, "ordered twice"])
def test_what_was_never_sent_is_cancelled(note: str | None) -> None:
    """It waits for nothing and nobody, is read no more, and its history says who ended it and why."""
    record = queued(**WAITING)
    entry = HistoryEntry(status=Status.CANCELLED, at=AT.now, by=ANNA, note=note or "cancelled")
    assert cancelled(record, ANNA, note, AT, DECISION).record == record.changed(
        status=Status.CANCELLED,
        updated_at=AT.now,
        history=(*record.history, entry),
        waiting=None,
        not_before=None,
        work=None,
        decided=DECISION,
        sequence=1,
        event_due=AT.publish_at,
    )


@pytest.mark.parametrize("note", [None, "ordered twice"])
@pytest.mark.parametrize("record", SENT.values(), ids=SENT)
def test_what_microsoft_may_have_is_given_up_and_read_on(record: Record, note: str | None) -> None:
    """It has failed, says why and what comes of an approval all the same, and what was sent stays counted."""
    entry = HistoryEntry(status=Status.FAILED, at=AT.now, by=ANNA, note=note or "cancelled")
    assert cancelled(record, ANNA, note, AT, DECISION).record == record.changed(
        status=Status.FAILED,
        updated_at=AT.now,
        history=(*record.history, entry),
        error=RequestError(
            code="given-up",
            description="The request was ended by Anna (key 0badcafe) before Partner Center had answered it.",
            http_status=None,
            correlation_id=None,
        ),
        remedy="If Microsoft approves it all the same, this service says so; otherwise retry it.",
        waiting=None,
        not_before=None,
        work=Work(action=WorkAction.REVIEW, due=AT.now + POLICY.review_ended),
        decided=DECISION,
        sequence=record.sequence + 1,
        event_due=max(AT.publish_at, record.event_due or AT.publish_at),
    )


def test_what_the_crm_takes_back_before_anything_is_out_ends_in_its_name() -> None:
    """As if a person had cancelled it: the history names the CRM, and gives its reason."""
    record = queued()
    assert withdrawn(record, "standard", "mark taken back", AT) == cancelled(record, "standard", "mark taken back", AT)


def test_what_the_crm_takes_back_while_a_write_is_out_is_marked_and_goes_on() -> None:
    """It ends once it may; until then the CRM's wish stands in the record, and somebody is alerted."""
    record = submitting()
    entry = HistoryEntry(status=Status.SUBMITTING, at=AT.now, by="standard", note="mark taken back; a write is out")
    step = withdrawn(record, "standard", "mark taken back", AT)
    assert step.record == record.changed(
        withdrawn="mark taken back",
        updated_at=AT.now,
        history=(*record.history, entry),
        raised=frozenset({"correction-ignored:mark taken back"}),
        sequence=1,
        event_due=AT.publish_at,
    )
    (event,) = step.events
    assert (event.data["reason"], event.data["detail"], event.data["remedy"]) == (
        "correction-ignored",
        "standard wants the request no longer (mark taken back), and Partner Center has it or may have it already.",
        (
            "Nothing to do: the request ends by itself if Partner Center turns out not to have it. If it is approved, the "
            "customer has the qualification; this service takes none away."
        ),
    )
