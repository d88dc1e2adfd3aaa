"""A person's decisions: what each does, when it is refused, and that it is made once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.errors import (
    ActionNotAllowed,
    InvalidRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestNotFound,
    StepConflict,
)
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, OTHER_CUSTOMER, order, wanted
from tests.unit.stage import Stage
from tests.unit.use_cases.decisions import (
    ANNA,
    BERT,
    DAY,
    HOUR,
    cancel,
    confirm,
    in_doubt,
    waits_for_the_last_attempt,
)


async def test_what_was_confirmed_is_sent(stage: Stage) -> None:
    """With the fields that were corrected, once, and in the history with who and why."""
    record = await waits_for_the_last_attempt(stage)
    after = await confirm(stage, record, website="corrected.edu", note="checked by phone")
    await stage.deliver()
    [(_, _, sent, _)] = stage.partner_center.sent
    assert isinstance(sent, EducationRequest)
    assert sent.website == "corrected.edu"
    assert (after.history[-1].by, after.history[-1].note) == (
        "Anna (key 0badcafe)",
        "confirmed (last-attempt): checked by phone",
    )
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_confirmation_needs_the_state_that_was_read(stage: Stage) -> None:
    """Without it nobody knows what was seen; with an old one something else was."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(PreconditionRequired):
        await stage.service.decisions.confirm(CUSTOMER, record.request_id, None, ANNA, {})
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, seen="another")
    assert await stage.stored(record) == record


async def test_a_confirmation_races_a_correction(stage: Stage) -> None:
    """The correction is stored first: what would be sent is not what was seen."""
    record = await waits_for_the_last_attempt(stage)

    async def corrects() -> None:
        await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))

    stage.rows.rivals.append(corrects)
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record)
    await stage.live(HOUR)
    assert stage.partner_center.sent == []
    found = await stage.stored(record)
    assert found.waiting
    assert found.waiting.reason is Reason.LAST_ATTEMPT


async def test_a_correction_after_a_confirmation_asks_again(stage: Stage) -> None:
    """What was confirmed is not what would be sent."""
    record = await waits_for_the_last_attempt(stage)
    await confirm(stage, record)
    await stage.accept(order(wanted(website="newer.edu"), event_id="evt-2"))
    await stage.live(HOUR)
    assert stage.partner_center.sent == []


async def test_the_same_confirmation_is_made_once(stage: Stage) -> None:
    """By the same caller; another one, or other content, is another decision."""
    record = await waits_for_the_last_attempt(stage)
    first = await confirm(stage, record, website="corrected.edu")
    assert await confirm(stage, record, website="corrected.edu") == first
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, by=BERT, website="corrected.edu")
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, website="other.edu")
    await stage.deliver()
    assert (await confirm(stage, record, website="corrected.edu")).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


async def test_what_waits_for_nothing_cannot_be_confirmed(stage: Stage) -> None:
    """The refusal says what can be done."""
    record = await stage.accept(order())
    with pytest.raises(ActionNotAllowed) as refused:
        await confirm(stage, record)
    assert refused.value.allowed == ("cancel", "retry")


async def test_a_doubt_that_was_confirmed_is_written_once_more(stage: Stage) -> None:
    """And waits again, where that is not answered either."""
    record = await in_doubt(stage)
    assert record.waiting
    assert record.waiting.reason is Reason.OUTCOME_UNKNOWN
    await confirm(stage, record)
    await stage.deliver()
    assert len(stage.partner_center.sent) == 3
    await stage.live(7 * DAY)
    assert len(stage.partner_center.sent) == 3
    again = await stage.stored(record)
    assert again.waiting
    with pytest.raises(PreconditionFailed):
        await confirm(stage, record, by=BERT)


async def test_a_confirmation_outlives_a_stop(stage: Stage) -> None:
    """A hold holds it like all others; when somebody resumes, it goes."""
    record = await in_doubt(stage)
    await stage.service.holds.stop("operator", None)
    await confirm(stage, record)
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 2
    await stage.service.holds.resume()
    await stage.live(2 * HOUR)
    assert len(stage.partner_center.sent) == 3


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"note": 7}, "/note"),
        ({"note": "two\nlines"}, "/note"),
        ({"note": "x" * 501}, "/note"),
        ({"surprise": None}, "/surprise"),
        ({"website": 7}, "/website"),
        ({"qualification": "StateOwnedEntity"}, "/qualification"),
    ],
)
async def test_a_body_that_can_never_work_is_refused(stage: Stage, body: dict[str, Any], pointer: str) -> None:
    """With the place, and nothing is stored."""
    record = await waits_for_the_last_attempt(stage)
    with pytest.raises(InvalidRequest) as refused:
        await confirm(stage, record, **body)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]
    assert await stage.stored(record) == record


async def test_a_request_of_another_customer_is_unknown(stage: Stage) -> None:
    """Whoever asks."""
    record = await stage.accept(order())
    with pytest.raises(RequestNotFound):
        await stage.service.decisions.cancel(OTHER_CUSTOMER, record.request_id, ANNA, {})
    with pytest.raises(RequestNotFound):
        await stage.service.decisions.cancel(CUSTOMER, UUID(int=99), ANNA, {})


def changing(stage: Stage, record: Record, times: int) -> list[int]:
    """What another worker does: it changes the request first, so many times; the list grows with each."""
    changes: list[int] = []

    async def change() -> None:
        changes.append(len(changes) + 1)
        await stage.put(record.changed(failures=len(changes)))
        if len(changes) < times:
            stage.rows.rivals.append(change)

    stage.rows.rivals.append(change)
    return changes


async def test_a_decision_that_loses_four_times_is_made(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """On what is stored then, and once in the log: its person notices nothing."""
    record = await stage.accept(order())
    changing(stage, record, 4)
    after = await cancel(stage, record)
    assert (after, after.failures, after.status) == (await stage.stored(record), 4, Status.CANCELLED)
    [line] = [vars(each) for each in caplog.records if vars(each).get("event") == "decision"]
    assert (line["action"], line["by"], line["status"]) == ("cancel", "Anna (key 0badcafe)", "Queued")


async def test_a_decision_that_always_loses_is_refused(stage: Stage) -> None:
    """Whoever has pressed the button must know that nothing was stored; it may be sent again."""
    record = await stage.accept(order())
    changes = changing(stage, record, 9)
    with pytest.raises(StepConflict):
        await cancel(stage, record)
    assert (len(changes), (await stage.stored(record)).status) == (5, Status.QUEUED)


async def test_a_queue_that_is_down_costs_a_decision_time_only(stage: Stage) -> None:
    """It is stored; the timer follows it."""
    record = await waits_for_the_last_attempt(stage)
    stage.bus.down = True
    await confirm(stage, record)
    for _ in range(30):
        await stage.advance(timedelta(minutes=1))
    assert len(stage.partner_center.sent) == 1


async def test_the_log_names_who_decided(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """And what, about which request."""
    record = await stage.accept(order())
    await cancel(stage, record, by=BERT)
    [line] = [each for each in caplog.records if each.__dict__.get("event") == "decision"]
    found = line.__dict__
    assert (found["action"], found["by"], found["requestId"]) == ("cancel", "key deadbeef", str(record.request_id))
