"""A pause, for which Partner Center has asked."""

from datetime import datetime, timedelta

import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.call_errors import Throttled
from qualification.domain.status import Status
from tests.unit.builders import NOW, order, throttled
from tests.unit.open_world.many import DAY, HOUR, many, statuses
from tests.unit.stage import SETTINGS, Stage
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.partner_center import Write


async def test_a_pause_lasts_a_second_longer_than_was_asked_for(stage: Stage) -> None:
    """`Date`, from which the wait is counted, leaves out what is over of its second."""
    stage.partner_center.writes.append(Write(error=throttled(timedelta(minutes=1)), after=None))
    await stage.accept(order())
    await stage.deliver()
    pause = (await stage.service.holds.current()).pause
    assert pause is not None
    assert pause.until - NOW == timedelta(seconds=61)


async def test_no_call_goes_inside_a_pause(stage: Stage) -> None:
    """Of any request."""
    stage.partner_center.writes.append(Write(error=throttled(HOUR, stage.clock.now), after=None))
    await stage.accept(order())
    await stage.deliver()
    calls = len(stage.partner_center.looks)
    await many(stage, 3)
    await stage.live(timedelta(minutes=50))
    assert (len(stage.partner_center.looks), len(stage.partner_center.sent)) == (calls, 1)


async def test_a_long_pause_is_alerted_once_and_is_nobodys_own(stage: Stage) -> None:
    """After an hour; no customer is out of reach for it."""
    records = await many(stage, 2)
    for _ in range(8):
        stage.partner_center.reading_fails = throttled(timedelta(minutes=30), stage.clock.now)
        await stage.live(HOUR)
    assert stage.alerts == ["throttled"]
    stage.partner_center.reading_fails = None
    await stage.live(2 * DAY)
    assert await statuses(stage, records) == {Status.IN_REVIEW}


async def test_a_pause_ends_by_partner_centers_clock(stage: Stage) -> None:
    """A host whose clock is minutes ahead does not call too early."""
    behind = Behind(stage.clock, timedelta(minutes=4))
    stage.partner_center.clock = behind  # type: ignore[assignment]  # it only asks what time it is
    asked = Throttled(behind.now + timedelta(minutes=10), http_status=429, at=behind.now)
    stage.partner_center.reading_fails = asked
    await stage.accept(order())
    await stage.deliver()
    stage.partner_center.reading_fails = None
    before = len(stage.partner_center.looks)
    await stage.live(timedelta(minutes=9))
    assert len(stage.partner_center.looks) == before
    await stage.live(timedelta(minutes=3))
    assert len(stage.partner_center.looks) > before


@pytest.mark.parametrize("retry_first", ["PT1S", "PT1M"])
async def test_a_pause_holds_a_new_instance_whose_clock_is_ahead(stage: Stage, retry_first: str) -> None:
    """As one that no answer has told how far: however short its own pauses are."""
    stage.partner_center.writes.append(Write(error=throttled(HOUR, stage.clock.now), after=None))
    await stage.accept(order())
    await stage.deliver()
    ahead = StandInClock()
    new = bootstrap(SETTINGS | {"RETRY_FIRST": retry_first}, rows=stage.rows, bus=stage.bus, clock=ahead)
    for waited in (timedelta(), HOUR + timedelta(minutes=4)):
        ahead.now = stage.clock.now + waited
        with pytest.raises(Throttled):
            await new.holds.check_read()
    ahead.now = stage.clock.now + HOUR + timedelta(minutes=6)
    await new.holds.check_read()


class Behind:
    """A clock that is behind another one."""

    def __init__(self, clock: StandInClock, by: timedelta) -> None:
        self._clock, self._by = clock, by

    @property
    def now(self) -> datetime:
        """Its time."""
        return self._clock.now - self._by
