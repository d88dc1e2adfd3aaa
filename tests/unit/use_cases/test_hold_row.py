"""The row that holds everybody: how old what an instance knows may be, who changes it, and what is told of it."""

import pytest

from qualification.domain.call_errors import Throttled
from qualification.domain.errors import StepConflict
from qualification.domain.event import EventType
from qualification.domain.hold import Hold, Pause, Stop
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, PARTNER
from tests.unit.call_errors import UNSENT
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import AT_FIRST, HOUR, MINUTE, SECOND, hold, stored_hold
from tests.unit.use_cases.instances import instance


async def test_a_stop_reaches_every_instance_within_five_seconds(stage: Stage) -> None:
    """And until then no call asks the store again."""
    holds = stage.service.holds
    assert await holds.current() == Hold()
    stopped = await instance(stage).holds.stop("anna", None)
    assert await holds.current() == Hold()
    stage.clock.advance(5 * SECOND - SECOND / 1000)
    assert await holds.current() == Hold()
    stage.clock.advance(SECOND / 1000)
    assert await holds.current() == stopped


async def test_a_clock_that_was_put_back_does_not_keep_a_stop_away(stage: Stage) -> None:
    """What was read at a later moment than now is read again."""
    await stage.service.holds.current()
    stopped = await instance(stage).holds.stop("anna", None)
    stage.clock.advance(-HOUR)
    assert await stage.service.holds.current() == stopped


async def test_a_stop_that_meets_another_change_is_set_all_the_same(stage: Stage) -> None:
    """The operator has pressed it once; what the other instance has noted stays."""
    other = instance(stage)
    stage.rows.rivals.append(lambda: other.holds.failed(UNSENT, CUSTOMER))
    await stage.service.holds.stop("anna", None)
    expected = Hold(stop=Stop(since=AT_FIRST, by="anna"), silent=1, silent_since=AT_FIRST)
    assert await stored_hold(stage) == expected


async def test_a_stop_that_always_meets_another_change_is_refused(stage: Stage) -> None:
    """Whoever has asked for it must know that writes still go."""
    changes = 0

    async def change() -> None:
        nonlocal changes
        changes += 1
        await hold(stage, silent=changes)
        stage.rows.rivals.append(change)

    stage.rows.rivals.append(change)
    with pytest.raises(StepConflict) as refused:
        await stage.service.holds.stop("anna", None)
    assert (str(refused.value), changes) == ("others kept changing what holds everybody", 5)


@pytest.mark.parametrize(
    ("note", "detail"),
    [
        (None, "Writing to Partner Center was stopped by anna."),
        ("An audit.", "Writing to Partner Center was stopped by anna. An audit."),
    ],
)
async def test_a_stop_is_told_with_its_note(stage: Stage, note: str | None, detail: str) -> None:
    """Whoever is alerted reads who did it, why, and what ends it."""
    await stage.service.holds.stop("anna", note)
    (event,) = stage.bus.topic
    assert (event.type, event.subject, event.time) == (EventType.ATTENTION_REQUIRED, PARTNER, AT_FIRST)
    assert event.data == {
        "reason": "stopped",
        "sequence": 1,
        "detail": detail,
        "remedy": "Resume when it may go on.",
    }


async def test_a_pause_that_lasts_an_hour_is_told_once(stage: Stage) -> None:
    """Partner Center asks for it again and again: that nothing is sent would go unnoticed."""
    await hold(stage, pause=Pause(since=NOW - HOUR, until=NOW + MINUTE))
    await stage.service.holds.failed(Throttled(NOW + MINUTE, http_status=429, at=NOW), CUSTOMER)
    (event,) = stage.bus.topic
    assert (event.type, event.subject, event.time) == (EventType.ATTENTION_REQUIRED, PARTNER, NOW)
    assert event.data == {
        "reason": "throttled",
        "sequence": 1,
        "detail": "Partner Center has asked to wait since 2026-03-02 08:30 UTC, again and again.",
        "remedy": "Nothing to do: the service waits. Lower PARTNER_CENTER_MAX_CONCURRENCY if other tools call it too.",
    }
    await stage.service.holds.failed(Throttled(NOW + MINUTE, http_status=429, at=NOW), OTHER_CUSTOMER)
    assert stage.alerts == ["throttled"]
