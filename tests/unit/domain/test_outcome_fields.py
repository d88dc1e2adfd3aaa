"""All that an outcome changes of a request, field by field: what is not named here stays as it was."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, Throttled
from qualification.domain.correction import correction_of
from qualification.domain.outcome import came_of, failed, postponed, recoded
from qualification.domain.record import Record, RequestError
from qualification.domain.request import Qualification
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CUSTOMER,
    MS_REQUEST,
    NOW,
    POLICY,
    REFUSED,
    UNAVAILABLE,
    UNKNOWN,
    claim,
    queued,
    submitting,
    throttled,
    wanted,
)
from tests.unit.call_errors import UNAUTHORIZED, UNDER_REVIEW, UNSENT

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LATER = Moment(NOW + MINUTE, 1.0, POLICY)
CONFIRMED = frozenset({Reason.LAST_ATTEMPT})
DATED = OutcomeUnknown("http-502", "A gateway answered.", http_status=502, remedy="Look.", at=NOW + 2 * MINUTE)
ALONE = Throttled(NOW + HOUR, http_status=429, alone=True)
READ_ON = Work(action=WorkAction.REVIEW, due=LATER.now + POLICY.review_ended)
NEXT_LOOK = Work(action=WorkAction.REVIEW, due=LATER.now + POLICY.review_first)
IN_DOUBT = came_of(submitting(), UNKNOWN, LATER).record
STATE_OWNED = wanted(Qualification.STATE_OWNED_ENTITY)
NEWER = correction_of(STATE_OWNED, "another", "another", NOW)
GIVEN_UP = RequestError(
    code="given-up", description="The CRM wanted the request no longer before Partner Center had answered it."
)


def changes(before: Record, after: Record) -> dict[str, Any]:
    """The fields that are another value now, except when it was."""
    fields = {
        name: getattr(after, name) for name in Record.model_fields if getattr(after, name) != getattr(before, name)
    }
    assert fields.pop("updated_at", LATER.now) == LATER.now
    return fields


def told(error: PartnerCenterError) -> dict[str, Any]:
    """What a person reads of an error."""
    return {"error": RequestError.of(error), "remedy": error.remedy}


def write(record: Record, **fields: Any) -> dict[str, Any]:
    """The newest write, its outcome recorded."""
    assert record.write
    return {"write": record.write.model_copy(update={"settled": True, **fields})}


@pytest.mark.parametrize(("error", "moment"), [(UNKNOWN, NOW), (DATED, DATED.at)], ids=["silent", "answered"])
def test_a_doubt_keeps_the_write_and_spends_what_was_confirmed(error: PartnerCenterError, moment: Any) -> None:
    """Whoever reads the request sees what has happened; one confirmation lets one write go."""
    record = submitting(confirmed=CONFIRMED)
    after = came_of(record, error, LATER).record
    assert changes(record, after) == told(error) | write(record, at=moment) | {
        "confirmed": frozenset(),
        "work": NEXT_LOOK,
    }


@pytest.mark.parametrize(("error", "alerts"), [(throttled(), []), (ALONE, ["throttled"])], ids=["everybody", "alone"])
def test_a_429_is_remembered_with_its_write_and_told_where_it_is_this_customers(
    error: PartnerCenterError, alerts: list[str]
) -> None:
    """Everybody's pause has an alert of its own; the next 429 of this request counts as the same verification."""
    record = submitting()
    step = came_of(record, error, LATER)
    assert step.record.write == write(record, throttled=True)["write"]
    assert (step.record.error, step.record.remedy) == (RequestError.of(error), error.remedy)
    assert [event.data["reason"] for event in step.events] == alerts


def test_a_refusal_ends_the_request_and_keeps_what_was_written() -> None:
    """The request is read on from that write: Microsoft may change its mind."""
    record = submitting()
    step = came_of(record, REFUSED, LATER)
    (event,) = step.events
    assert changes(record, step.record) == told(REFUSED) | write(record) | {
        "status": Status.FAILED,
        "history": (*record.history, HistoryEntry(status=Status.FAILED, at=LATER.now)),
        "work": READ_ON,
        "out": False,
        "ms_request_id": None,
        "sequence": event.sequence,
        "event_due": event.due,
    }


def test_a_refused_read_ends_what_was_never_sent() -> None:
    """Nothing is left of when and under which id it would have gone again."""
    record = queued(not_before=NOW + HOUR, ms_request_id=MS_REQUEST)
    step = postponed(record, REFUSED, LATER)
    assert step == failed(record, REFUSED, LATER)
    assert (step.record.status, step.record.not_before, step.record.ms_request_id) == (Status.FAILED, None, None)


def test_a_refusal_beside_an_earlier_doubt_is_told_and_spends_what_was_confirmed() -> None:
    """A person decides, with Microsoft's words and remedy; the next write bears another id."""
    record = claim(IN_DOUBT.changed(confirmed=CONFIRMED))
    after = came_of(record, REFUSED, LATER).record
    assert after.write == write(record)["write"]
    assert (after.error, after.confirmed, after.ms_request_id) == (RequestError.of(REFUSED), frozenset(), None)
    assert after.waiting
    assert (after.waiting.reason, after.remedy) == (Reason.OUTCOME_UNKNOWN, REFUSED.remedy)


@pytest.mark.parametrize(
    ("error", "attempts", "writes", "confirmed"),
    [(UNSENT, 0, 0, CONFIRMED), (UNAUTHORIZED, 1, 0, CONFIRMED), (UNDER_REVIEW, 1, 1, frozenset())],
    ids=["never left", "token not taken", "answered"],
)
def test_a_write_that_was_not_taken_counts_as_far_as_it_went(
    error: PartnerCenterError, attempts: int, writes: int, confirmed: frozenset[Reason]
) -> None:
    """What a person has confirmed is not spent by what no one at Microsoft has seen."""
    after = came_of(submitting(confirmed=CONFIRMED), error, LATER).record
    assert (after.attempts, after.writes, after.confirmed) == (attempts, writes, confirmed)


def test_a_repeat_that_never_left_leaves_the_doubt_as_it_was() -> None:
    """But for what has happened; the earlier write is read on."""
    after = came_of(claim(IN_DOUBT), UNSENT, LATER).record
    fields = changes(IN_DOUBT, after)
    assert {name: fields[name] for name in ("error", "remedy")} == told(UNSENT)
    assert (after.write, after.out, after.not_before, after.failures) == (IN_DOUBT.write, True, None, 0)
    assert after.work == NEXT_LOOK.model_copy(update={"due": NOW + POLICY.review_first + MINUTE})


def test_a_confirmed_repeat_that_never_left_goes_again() -> None:
    """What a person has confirmed goes on until a write has left."""
    after = came_of(claim(IN_DOUBT).changed(confirmed=CONFIRMED), UNSENT, LATER).record
    assert (after.failures, after.confirmed, after.error) == (1, CONFIRMED, RequestError.of(UNSENT))
    assert after.work == Work(action=WorkAction.QUEUE, due=LATER.now + POLICY.retry_first)


@pytest.mark.parametrize("said", [{"withdrawn": "mark taken back"}, {"correction": NEWER}], ids=["taken back", "newer"])
def test_what_a_sender_has_said_waits_while_an_earlier_write_is_out(said: dict[str, Any]) -> None:
    """It may take effect yet, so the request neither ends nor makes room."""
    after = came_of(claim(IN_DOUBT).changed(**said), UNSENT, LATER).record
    assert (after.status, after.out, after.history[-1].note) == (Status.SUBMITTING, True, None)


@pytest.mark.parametrize(
    ("said", "by", "note"),
    [
        ({"withdrawn": "mark taken back"}, "standard", "mark taken back"),
        ({"correction": NEWER}, "another", "superseded"),
    ],
    ids=["taken back", "newer"],
)
def test_what_the_crm_wants_no_longer_ends_with_who_and_why(said: dict[str, Any], by: str, note: str) -> None:
    """Once its write was refused it is given up, and read on; nothing is left that would send it again."""
    record = submitting(not_before=NOW + HOUR, **said)
    after = came_of(record, REFUSED, LATER).record
    assert after.history[-1] == HistoryEntry(status=Status.FAILED, at=LATER.now, by=by, note=note)
    assert (after.status, after.error, after.work) == (Status.FAILED, GIVEN_UP, READ_ON)
    assert (after.not_before, after.ms_request_id) == (None, None)
    assert after.write == write(record)["write"]


def test_what_never_left_and_is_wanted_no_longer_is_cancelled() -> None:
    """There is no error, and nothing to read at Microsoft."""
    after = came_of(submitting(withdrawn="mark taken back"), UNSENT, LATER).record
    assert (after.status, after.error, after.work) == (Status.CANCELLED, None, None)


def test_unless_others_are_answered_a_customer_out_of_reach_is_not_told() -> None:
    """It is Partner Center that does not answer, and that has an alert of its own."""
    record = queued(unread_since=NOW - timedelta(days=1))
    assert postponed(record, UNAVAILABLE, LATER).events == ()
    (event,) = postponed(record, UNAVAILABLE, LATER, alone=True).events
    assert (event.subject, event.data["reason"]) == (CUSTOMER, "customer-unreachable")


def test_another_code_is_tried_soon_however_often_the_request_has_failed() -> None:
    """Its failures were about other things."""
    chosen = claim(queued(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)), code="used-up").changed(failures=5)
    after = recoded(chosen, REFUSED, LATER).record
    assert after.work == Work(action=WorkAction.QUEUE, due=LATER.now + POLICY.retry_first)
