"""A customer that alone is answered 429 waits by itself; what everybody meets holds everybody."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, OTHER_CUSTOMER, order, throttled
from tests.unit.stage import Stage

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def other_is_answered(stage: Stage, customer_id: UUID) -> Record:
    """Somebody else asks, and is answered."""
    return await stage.submit(await stage.accept(order(customer_tenant_id=customer_id)))


async def refused(stage: Stage, times: int) -> Record:
    """A request whose reads were answered 429 so many times, with somebody else answered between them."""
    pc = stage.partner_center
    await other_is_answered(stage, UUID(int=50_000))
    pc.during_a_look = lambda: pc.failing_reads.__setitem__(CUSTOMER, throttled(MINUTE, stage.clock.now))
    record = await stage.accept(order())
    for number in range(times):
        stage.clock.advance(20 * MINUTE)
        await stage.submit(record)
        if number < times - 1:
            stage.clock.advance(20 * MINUTE)
            await other_is_answered(stage, UUID(int=50_001 + number))
    return await stage.stored(record)


async def test_at_first_everybody_pauses(stage: Stage) -> None:
    """Nobody knows yet that it is one customer only."""
    record = await refused(stage, 2)
    assert (await other_is_answered(stage, OTHER_CUSTOMER)).status is Status.QUEUED
    assert (record.waiting, stage.alerts) == (None, [])


async def test_the_third_time_in_a_row_is_its_own(stage: Stage) -> None:
    """It waits as `throttled`, somebody is told, and another customer's write goes at once."""
    record = await refused(stage, 3)
    assert record.waiting
    assert (record.waiting.reason, record.status) == (Reason.THROTTLED, Status.QUEUED)
    assert stage.alerts == ["throttled"]
    assert (await other_is_answered(stage, OTHER_CUSTOMER)).status is Status.IN_REVIEW


async def test_it_is_called_ever_more_rarely_and_goes_on_when_it_is_answered(stage: Stage) -> None:
    """Told once; an answer sets the row back."""
    record = await refused(stage, 3)
    before = stage.partner_center.looks.count(CUSTOMER)
    await stage.live(24 * HOUR)
    assert 8 <= stage.partner_center.looks.count(CUSTOMER) - before <= 12
    assert stage.alerts == ["throttled"]
    stage.partner_center.during_a_look = lambda: None
    stage.partner_center.failing_reads.clear()
    await stage.live(24 * HOUR)
    after = await stage.stored(record)
    assert (after.status, after.waiting) == (Status.IN_REVIEW, None)
    assert (await stage.service.holds.current()).lone is None


async def test_a_review_waits_alone_as_well(stage: Stage) -> None:
    """Others are read in the same run; its own words are over with the first read that is answered."""
    own = await other_is_answered(stage, CUSTOMER)
    other = await other_is_answered(stage, OTHER_CUSTOMER)
    pc = stage.partner_center
    pc.during_a_look = lambda: pc.failing_reads.__setitem__(CUSTOMER, throttled(MINUTE, stage.clock.now))
    await stage.live(3 * HOUR)
    waiting = (await stage.stored(own)).waiting
    assert waiting
    assert waiting.reason is Reason.THROTTLED
    assert pc.looks.count(OTHER_CUSTOMER) > pc.looks.count(CUSTOMER)
    assert (await stage.stored(other)).waiting is None
    pc.during_a_look = lambda: None
    pc.failing_reads.clear()
    await stage.live(24 * HOUR)
    assert (await stage.stored(own)).waiting is None


async def test_an_answer_between_them_ends_the_row(stage: Stage) -> None:
    """Two, an answer, and two more are no row of three."""
    record = await refused(stage, 2)
    stage.partner_center.during_a_look = lambda: None
    stage.partner_center.failing_reads.clear()
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert (await stage.service.holds.current()).lone is None


async def test_where_nobody_else_is_answered_it_is_not_alone(stage: Stage) -> None:
    """Whoever happens to be the first after each pause is not the one who is meant: everybody goes on waiting."""
    record = await stage.accept(order())
    for _ in range(5):
        stage.partner_center.reading_fails = throttled(MINUTE, stage.clock.now)
        await stage.submit(record)
        stage.clock.advance(3 * HOUR)
    hold = await stage.service.holds.current()
    assert hold.pause is not None
    assert hold.pause.times == 5
    assert (await stage.stored(record)).waiting is None
