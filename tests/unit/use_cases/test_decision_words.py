"""What a decision leaves behind: the history's words, the log's line, the hint, and why one is refused."""

import logging
from typing import Any

import pytest

from qualification.domain.customer import Certainty, Verification
from qualification.domain.errors import (
    ActionNotAllowed,
    Fault,
    InvalidRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestNotFound,
)
from qualification.domain.record import Decided
from qualification.domain.status import HistoryEntry, Status
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, TRACEPARENT, UNKNOWN, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.decisions import ANNA, BERT, HOUR, cancel, confirm, retry, waits_for_the_last_attempt
from tests.unit.use_cases.log_fields import fields

OTHER_TRACE = "00-11111111111111111111111111111111-2222222222222222-01"


def entry(note: str) -> HistoryEntry:
    """A line of Anna's in the history of a request that is queued."""
    return HistoryEntry(status=Status.QUEUED, at=NOW, by="Anna (key 0badcafe)", note=note)


async def test_a_confirmation_without_an_etag_says_where_one_is_found(stage: Stage) -> None:
    """The CRM administrator who builds the button reads it."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(PreconditionRequired) as refused:
        await stage.service.decisions.confirm(CUSTOMER, record.request_id, None, ANNA, {})
    assert str(refused.value) == "Read the request, and send its etag as If-Match: what you saw is what you confirm."


async def test_a_confirmation_of_an_older_state_says_what_to_do(stage: Stage) -> None:
    """Nothing was decided; the person is to look once more."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(PreconditionFailed) as refused:
        await confirm(stage, record, seen="older")
    assert str(refused.value) == "The request has changed since you read it. Read it again, then decide."


async def test_a_refused_decision_says_what_is_allowed_instead(stage: Stage) -> None:
    """A person reads it where the button was: the action, the request's status, and what would work."""
    waits = await stage.accept(order())
    with pytest.raises(ActionNotAllowed) as refused:
        await confirm(stage, waits)
    expected = "confirm is not allowed for this request, which is Queued; allowed now: cancel, retry."
    assert str(refused.value) == expected
    ended = await cancel(stage, waits)
    with pytest.raises(ActionNotAllowed) as refused:
        await cancel(stage, ended, by=BERT)
    expected = "cancel is not allowed for this request, which is Cancelled; allowed now: retry."
    assert str(refused.value) == expected
    await retry(stage, ended)
    for body in ({}, {"website": "other.edu"}):
        with pytest.raises(ActionNotAllowed) as refused:
            await retry(stage, ended, by=BERT, **body)
        expected = "retry is not allowed for this request, which is Cancelled; nothing is allowed now."
        assert str(refused.value) == expected


async def test_an_approved_request_says_that_nothing_is_allowed(stage: Stage) -> None:
    """There is nothing left to ask for."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.submit(await stage.accept(order()))
    with pytest.raises(ActionNotAllowed) as refused:
        await retry(stage, record)
    assert str(refused.value) == "retry is not allowed for this request, which is Approved; nothing is allowed now."


async def test_an_unknown_request_is_named(stage: Stage) -> None:
    """Whoever mixed up two ids sees both."""
    record = await stage.accept(order())
    with pytest.raises(RequestNotFound) as refused:
        await stage.service.decisions.cancel(OTHER_CUSTOMER, record.request_id, ANNA, {})
    assert str(refused.value) == f"Customer {OTHER_CUSTOMER} has no request {record.request_id}."


async def test_each_field_that_a_decision_does_not_take_is_named(stage: Stage) -> None:
    """As a JSON pointer (RFC 6901), in order, and with what takes corrections."""
    record = await stage.accept(order())
    body = {"website": "x.edu", "a~b/c": 1, "note": "why"}
    with pytest.raises(InvalidRequest) as refused:
        await stage.service.decisions.cancel(CUSTOMER, record.request_id, ANNA, body)
    words = "is not a known field here; confirm, and the retry of a request that has ended, take corrections"
    assert refused.value.faults == (Fault("/a~0b~1c", words), Fault("/website", words))


async def test_a_confirmed_correction_is_in_the_history_with_who_made_it(stage: Stage) -> None:
    """Beside the confirmation itself: what was sent is not what the CRM has sent."""
    record = await waits_for_the_last_attempt(stage)
    after = await confirm(stage, record, website="corrected.edu", note="by phone")
    assert after.history[len(record.history) :] == (
        entry("corrected by Anna (key 0badcafe): website contoso.edu -> corrected.edu"),
        entry("confirmed (last-attempt): by phone"),
    )


async def test_a_confirmation_beyond_three_verifications_says_which_are_certain(stage: Stage) -> None:
    """Who reads the history later sees what the person knew."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None)
    record = await stage.accept(order(wanted(confirmLastAttempt=True)))
    await stage.live(24 * HOUR)
    after = await confirm(stage, await stage.stored(record))
    counted = "1 never answered, 2 shown by a row that no request of this service explains"
    assert after.history[-1].note == f"confirmed (outcome-unknown); verifications counted: {counted}"


async def test_a_confirmation_is_made_on_what_is_known_of_the_customer_then(stage: Stage) -> None:
    """A verification that another step has counted meanwhile may have been the last."""
    record = await waits_for_the_last_attempt(stage)

    async def count() -> None:
        state = await stage.state(CUSTOMER)
        spent = tuple(Verification(certainty=Certainty.CERTAIN, moment=NOW - n * HOUR) for n in range(3))
        await stage.store.commit(state, [], state.customer.model_copy(update={"verifications": spent}))

    stage.rows.rivals.append(count)
    with pytest.raises(ActionNotAllowed):
        await confirm(stage, record)
    assert await stage.stored(record) == record


@pytest.mark.parametrize(("body", "note"), [({}, "retried"), ({"note": "now please"}, "now please")])
async def test_a_retry_is_in_the_history_with_who_wanted_it(stage: Stage, body: dict[str, Any], note: str) -> None:
    """Of the request itself while it is unfinished, of the new one when it has ended."""
    record = await stage.accept(order())
    after = await retry(stage, record, **body)
    assert after.history == (*record.history, entry(note))
    ended = await cancel(stage, after)
    newer = await retry(stage, ended, **body)
    assert newer.history == (entry(note),)


async def test_a_retry_hands_on_the_trace_of_its_call(stage: Stage) -> None:
    """The engineer finds the new request's events under the call that made it, not under the old sender's."""
    ended = await cancel(stage, await stage.accept(order()))
    assert ended.traceparent == TRACEPARENT
    newer = await stage.service.decisions.retry(CUSTOMER, ended.request_id, ANNA, {}, OTHER_TRACE)
    assert newer.traceparent == OTHER_TRACE


async def test_the_newest_decision_is_remembered(stage: Stage) -> None:
    """By it the same one sent again is known, and an engineer sees in the row who was last."""
    record = await waits_for_the_last_attempt(stage)
    hurried = await retry(stage, record)
    assert hurried.decided == Decided(action="retry", by="0badcafe")
    assert (await cancel(stage, hurried, by=BERT)).decided == Decided(action="cancel", by="deadbeef")


async def test_each_decision_has_its_line_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Who did what, about which request, and how it stood then."""
    caplog.set_level(logging.INFO)
    record = await waits_for_the_last_attempt(stage)
    await confirm(stage, record)
    await retry(stage, record)
    await cancel(stage, record, by=BERT)
    newer = await retry(stage, record)
    common = {"event": "decision", "requestId": str(record.request_id), "customerTenantId": str(CUSTOMER)}
    anna = common | {"by": "Anna (key 0badcafe)"}
    assert newer.retry_of == record.request_id
    assert [fields(each) for each in caplog.records if vars(each).get("event") == "decision"] == [
        anna | {"action": "confirm", "status": "Queued"},
        anna | {"action": "retry", "status": "Queued"},
        common | {"by": "key deadbeef", "action": "cancel", "status": "Queued"},
        anna | {"action": "retry", "status": "Cancelled"},
    ]


async def test_a_decision_puts_a_hint_of_its_own_on_the_queue(stage: Stage) -> None:
    """One with an older number is taken for a repeat, and dropped by the queue."""
    after = await confirm(stage, await waits_for_the_last_attempt(stage))
    assert stage.bus.queue == [after.message(2)]


async def test_a_queue_that_never_answers_costs_a_decision_seconds_only(stage: Stage) -> None:
    """It is stored; the person who made it does not wait for the queue."""
    record = await waits_for_the_last_attempt(stage)
    stage.bus.stuck = True
    assert await confirm(stage, record) == await stage.stored(record)
