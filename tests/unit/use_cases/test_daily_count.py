"""The numbers that a source's requests of a day get: each its own, in few transactions, and one alert for all above."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta

import pytest

from qualification.domain.event import Event
from qualification.stores.records import KeyedRecordStore
from qualification.use_cases.daily_limit import DailyLimits
from tests.unit.builders import NOW, PARTNER
from tests.unit.stage import Stage
from tests.unit.use_cases.log_fields import events

DETAIL = "standard has asked for more than 1 new requests in a day (UTC); this is one of those above."
REMEDY = "Check that the CRM is not running wild, then confirm or cancel the request."


class AskedStore(KeyedRecordStore):
    """Knows how often it was asked whether an alert is news."""

    asked = 0

    async def alert_once(self, cause: str, event: Event) -> bool:
        """See RecordStore."""
        self.asked += 1
        return await super().alert_once(cause, event)


@pytest.fixture
def limits(stage: Stage) -> DailyLimits:
    """The use case over stand-ins."""
    return stage.service.intake.limits


async def begun(taking: Coroutine[None, None, bool]) -> asyncio.Task[bool]:
    """A request that is being counted, as far as that goes at once."""
    task = asyncio.create_task(taking)
    await asyncio.sleep(0)
    return task


async def test_those_that_come_during_a_count_are_counted_together(stage: Stage, limits: DailyLimits) -> None:
    """A CRM that sends a hundred at once does not race against itself; exactly as many go as may."""
    counted = asyncio.Event()
    stage.rows.rivals.append(counted.wait)
    takings = [await begun(limits.take("standard", 30)) for _ in range(100)]
    counted.set()
    assert await asyncio.gather(*takings) == [True] * 30 + [False] * 70
    counts, alert = 2, 2
    assert stage.rows.transactions == counts + alert


async def test_each_source_has_its_own_numbers_and_alert(stage: Stage, limits: DailyLimits) -> None:
    """A CRM that runs wild takes nothing from another."""
    for source in ("standard", "hubspot"):
        assert [await limits.take(source, 2) for _ in range(4)] == [True, True, False, False]
    assert [event.data["source"] for event in stage.bus.topic] == ["standard", "hubspot"]


async def test_no_source_waits_for_the_count_of_another(stage: Stage, limits: DailyLimits) -> None:
    """The row of one may be slow, because many instances want it."""
    counted = asyncio.Event()
    stage.rows.rivals.append(counted.wait)
    slow = await begun(limits.take("standard", 1))
    quick = await begun(limits.take("hubspot", 1))
    assert (slow.done(), quick.done()) == (False, True)
    counted.set()
    assert await slow


async def test_those_that_wait_over_midnight_count_for_their_own_day(stage: Stage, limits: DailyLimits) -> None:
    """Whoever comes after midnight begins the new day, though one of the old day still waits for its number."""
    stage.clock.now = NOW.replace(hour=23, minute=59)
    counted = asyncio.Event()
    stage.rows.rivals.append(counted.wait)
    takings = [await begun(limits.take("standard", 1)) for _ in range(2)]
    stage.clock.advance(timedelta(minutes=2))
    takings.append(await begun(limits.take("standard", 1)))
    counted.set()
    assert await asyncio.gather(*takings) == [True, False, True]


async def test_the_alert_is_the_same_for_subscribers_and_operators(
    stage: Stage, limits: DailyLimits, caplog: pytest.LogCaptureFixture
) -> None:
    """Which CRM, how many it may ask for, and what to do; other lines go on to say so while requests wait."""
    for _ in range(3):
        await limits.take("standard", 1)
    [event] = stage.bus.topic
    words = {"reason": "daily-limit", "source": "standard", "detail": DETAIL, "remedy": REMEDY}
    assert event.data == {**words, "sequence": 1}
    assert events(caplog, "attention") == [
        {"event": "attention", "customerTenantId": str(PARTNER), "lasting": True, **words}
    ]


async def test_an_instance_asks_once_a_day_whether_the_alert_is_news(stage: Stage, limits: DailyLimits) -> None:
    """Thousands may be above, and each question is a read of the store."""
    store = AskedStore(stage.rows)
    asking = DailyLimits(store=store, outbox=limits.outbox, moments=limits.moments, partner_tenant_id=PARTNER)
    for day in (1, 2):
        for _ in range(10):
            await asking.take("standard", 1)
        assert store.asked == day
        stage.clock.advance(timedelta(days=1))
