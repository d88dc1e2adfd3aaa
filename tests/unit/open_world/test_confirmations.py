"""What a confirmation permits, and nothing beside it."""

from datetime import timedelta

import pytest

from qualification.domain.call_errors import InTheWay, PartnerCenterError, Unsent
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import PreconditionFailed
from qualification.domain.etag import etag
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Reason, Waiting
from tests.unit.builders import CUSTOMER, NOW, REFUSED, UNKNOWN, order, row
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe")


async def confirm(stage: Stage, record: Record) -> Record:
    """Somebody has read it as it is stored."""
    found = await stage.stored(record)
    return await stage.service.decisions.confirm(CUSTOMER, record.request_id, etag(found), ANNA, {})


async def above_the_limit(stage: Stage) -> Record:
    """A request that was one too many of its day."""
    record = await stage.accept(order())
    stage.bus.queue.clear()
    waiting = Waiting(reason=Reason.DAILY_LIMIT, detail="A person is wanted.", remedy="Confirm or cancel.", since=NOW)
    return await stage.put(record.changed(waiting=waiting, over_limit=500))


async def vanished(stage: Stage) -> Record:
    """A review of which no row shows any more."""
    record = await stage.accept(order())
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = []
    await stage.live(2 * DAY)
    found = await stage.stored(record)
    assert (found.status, found.waiting and found.waiting.reason) == (Status.IN_REVIEW, Reason.REVIEW_OVERDUE)
    return found


async def test_another_confirmation_does_not_spend_the_last_verification(stage: Stage) -> None:
    """Whoever confirmed the day's many requests was not asked about that."""
    record = await above_the_limit(stage)
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    await confirm(stage, record)
    await stage.live(HOUR)
    found = await stage.stored(record)
    assert found.waiting
    assert found.waiting.reason is Reason.LAST_ATTEMPT
    assert stage.partner_center.sent == []
    await confirm(stage, record)
    await stage.live(HOUR)
    assert len(stage.partner_center.sent) == 1


async def test_the_daily_limit_holds_until_somebody_confirms(stage: Stage) -> None:
    """Whatever puts the request on the queue: its work item, or a retry."""
    record = await above_the_limit(stage)
    await stage.service.decisions.retry(CUSTOMER, record.request_id, ANNA, {})
    await stage.live(8 * DAY)
    assert stage.partner_center.sent == []
    await confirm(stage, record)
    await stage.live(HOUR)
    assert len(stage.partner_center.sent) == 1


async def test_a_review_that_vanished_is_asked_for_once_more(stage: Stage) -> None:
    """It stays in review meanwhile, and its overdue time begins anew."""
    record = await vanished(stage)
    await confirm(stage, record)
    await stage.deliver()
    assert len(stage.partner_center.sent) == 2
    found = await stage.stored(record)
    assert (found.status, found.waiting) == (Status.IN_REVIEW, None)
    await stage.live(4 * DAY)
    assert (await stage.stored(record)).waiting is None
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (REFUSED, Reason.OUTCOME_UNKNOWN),
        (UNKNOWN, None),
        (InTheWay("409", "Something is in the way.", http_status=409), None),
        (Unsent("unreachable", "No connection."), None),
    ],
)
async def test_whatever_comes_of_that_write_the_review_stays(
    stage: Stage, error: PartnerCenterError, reason: Reason | None
) -> None:
    """A refusal answers the write that got it; only a person, or an answer, ends a review."""
    record = await vanished(stage)
    stage.partner_center.writes.append(Write(error=error, after=None))
    await confirm(stage, record)
    await stage.deliver()
    found = await stage.stored(record)
    assert (found.status, found.out, found.waiting and found.waiting.reason) == (Status.IN_REVIEW, True, reason)
    assert found.error
    assert found.error.code == error.code


async def test_a_confirmation_goes_on_after_a_write_that_was_not_sent(stage: Stage) -> None:
    """It holds until a write has left."""
    record = await vanished(stage)
    stage.partner_center.writes.append(Write(error=Unsent("unreachable", "No connection."), after=None))
    await confirm(stage, record)
    await stage.live(HOUR)
    assert len(stage.partner_center.sent) == 3
    assert (await stage.stored(record)).attempts == 2


async def test_the_words_of_a_refused_second_write_stay(stage: Stage) -> None:
    """A read that shows nothing new changes neither them nor the etag."""
    stage.partner_center.writes.extend([Write(error=UNKNOWN, after=None), Write(error=REFUSED, after=None)])
    record = await stage.accept(order())
    await stage.live(2 * HOUR)
    before = await stage.stored(record)
    assert before.waiting
    assert REFUSED.description in before.waiting.detail
    await stage.live(2 * DAY)
    after = await stage.stored(record)
    assert after.checked_at != before.checked_at
    assert (after.waiting, etag(after)) == (before.waiting, etag(before))


async def test_a_row_that_shows_again_stands_against_a_confirmation(stage: Stage) -> None:
    """A read after the person's finds it: the etag is another one."""
    record = await vanished(stage)
    seen = etag(record)
    stage.partner_center.held[CUSTOMER] = [row("InReview", created=NOW.isoformat())]
    await stage.live(DAY)
    with pytest.raises(PreconditionFailed):
        await stage.service.decisions.confirm(CUSTOMER, record.request_id, seen, ANNA, {})
    assert len(stage.partner_center.sent) == 1


async def test_an_unknown_word_that_was_confirmed_is_no_answer(stage: Stage) -> None:
    """The person has looked at the customer: the request is sent."""
    stage.partner_center.held[CUSTOMER] = [row("OnHold", created="2025-11-20T08:00:00Z")]
    record = await stage.accept(order())
    await stage.live(HOUR)
    assert stage.partner_center.sent == []
    await confirm(stage, record)
    await stage.live(HOUR)
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.IN_REVIEW
