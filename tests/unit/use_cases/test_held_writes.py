"""Which write goes while something holds everybody, and what one that does not go is told."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.call_errors import Held, PartnerCenterError, Unsent
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import AT_FIRST, CAUSE, HOUR, MINUTE, PAUSE, SECOND, STOP, Told, hold, told

STOPPED: Told = (Unsent, "stopped", "Writing was stopped by anna.", "Resume when it may go on.", None)
PAUSED: Told = (
    Unsent,
    "throttled",
    "Partner Center asked for a pause.",
    "Nothing to do: it goes again.",
    AT_FIRST + MINUTE,
)
HELD: Told = (Held, "1002", "Forbidden.", "Give the role.", NOW + HOUR)


async def test_a_stop_says_whose_it_is_before_anything_is_asked_for(stage: Stage) -> None:
    """The operator finds who must resume."""
    await hold(stage, stop=STOP)
    with pytest.raises(Unsent) as refused:
        await stage.service.holds.check_try(CUSTOMER)
    assert told(refused.value) == STOPPED


@pytest.mark.parametrize(
    ("met_by", "wait"),
    [
        ((), timedelta()),
        ((OTHER_CUSTOMER,), timedelta()),
        ((CUSTOMER, OTHER_CUSTOMER), 10 * MINUTE),
        ((OTHER_CUSTOMER, CUSTOMER), 20 * MINUTE),
    ],
)
async def test_whoever_has_met_a_cause_lets_others_probe_first(
    stage: Stage, met_by: tuple[UUID, ...], wait: timedelta
) -> None:
    """And is told the moment by its own clock; from that moment on it may try."""
    await hold(stage, cause=CAUSE.model_copy(update={"met_by": met_by}))
    stage.clock.advance(HOUR + wait - SECOND)
    with pytest.raises(Held) as refused:
        await stage.service.holds.check_try(CUSTOMER)
    assert told(refused.value) == (*HELD[:-1], NOW + HOUR + wait)
    stage.clock.advance(SECOND)
    await stage.service.holds.check_try(CUSTOMER)


async def test_a_write_waits_for_its_turn_to_probe(stage: Stage) -> None:
    """A customer that met the cause last does not take the probe away from the others."""
    await hold(stage, cause=CAUSE.model_copy(update={"met_by": (CUSTOMER,)}))
    stage.clock.advance(HOUR)
    with pytest.raises(Held):
        await stage.service.holds.check_write(CUSTOMER)
    assert await stage.service.holds.check_write(OTHER_CUSTOMER)


async def test_a_write_that_nothing_holds_is_no_probe(stage: Stage) -> None:
    """Its answer says nothing of a cause."""
    assert not await stage.service.holds.check_write(CUSTOMER)


@pytest.mark.parametrize(
    ("held", "expected"),
    [({"stop": STOP}, STOPPED), ({"pause": PAUSE}, PAUSED), ({"cause": CAUSE}, HELD)],
    ids=["stop", "pause", "cause"],
)
async def test_a_claimed_write_that_is_held_says_by_what(stage: Stage, held: dict[str, Any], expected: Told) -> None:
    """The request's history tells its reader why it went back to the queue, and when it goes."""
    await hold(stage, **held)
    with pytest.raises(Unsent) as refused:
        await stage.service.holds.check_claimed(probe=False)
    assert told(refused.value) == expected


async def test_a_claimed_write_does_not_go_while_nobody_knows_what_holds(stage: Stage) -> None:
    """A stop may have been set meanwhile."""
    stage.rows.down = True
    with pytest.raises(Unsent) as refused:
        await stage.service.holds.check_claimed(probe=False)
    assert told(refused.value) == (
        Unsent,
        "not-begun",
        "Nobody knows whether writes are held: the store is down",
        "Nothing to do: it goes again.",
        None,
    )


async def test_a_claimed_probe_goes_under_its_cause(stage: Stage) -> None:
    """Nothing else can find out whether the cause is gone."""
    await hold(stage, cause=CAUSE)
    await stage.service.holds.check_claimed(probe=True)


async def test_a_claimed_write_goes_when_the_pause_is_over(stage: Stage) -> None:
    """The row keeps the pause until the next answer."""
    await hold(stage, pause=PAUSE)
    stage.clock.advance(MINUTE)
    await stage.service.holds.check_claimed(probe=False)


@pytest.mark.parametrize(("held", "expected"), [({"stop": STOP}, STOPPED), ({"pause": PAUSE}, PAUSED)])
async def test_a_stop_and_a_pause_hold_the_probe_too(stage: Stage, held: dict[str, Any], expected: Told) -> None:
    """A person, or Partner Center itself, has said that nothing may go."""
    await hold(stage, cause=CAUSE, **held)
    with pytest.raises(PartnerCenterError) as refused:
        await stage.service.holds.check_claimed(probe=True)
    assert told(refused.value) == expected
