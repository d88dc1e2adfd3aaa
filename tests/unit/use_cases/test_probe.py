"""The one write an hour that goes under a cause: of all instances, one lets it go."""

import pytest

from qualification.domain.call_errors import Held
from qualification.domain.hold import Cause
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import AT_FIRST, CAUSE, HOUR, SECOND, hold, stored_hold, told
from tests.unit.use_cases.instances import instance

NEXT = AT_FIRST + 2 * HOUR
HELD = (Held, "1002", "Forbidden.", "Give the role.", NOW + HOUR)


def probed_at_next(cause: Cause = CAUSE) -> Cause:
    """The cause, after a probe at the first moment."""
    return cause.model_copy(update={"next_probe": NEXT})


async def test_the_probe_moves_the_next_one_by_an_hour(stage: Stage) -> None:
    """Partner Center is asked once an hour by all, and the cause itself is as it was."""
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    assert await stage.service.holds.check_write(CUSTOMER) is True
    assert (await stored_hold(stage)).cause == probed_at_next()
    with pytest.raises(Held) as refused:
        await stage.service.holds.check_write(OTHER_CUSTOMER)
    assert refused.value.retry_at == NOW + 2 * HOUR


async def test_what_another_instance_has_probed_is_not_probed_again(stage: Stage) -> None:
    """An instance that has read the row a moment before does not know it yet."""
    other = instance(stage)
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    await stage.service.holds.current()
    await other.holds.check_write(OTHER_CUSTOMER)
    with pytest.raises(Held) as refused:
        await stage.service.holds.check_write(CUSTOMER)
    assert told(refused.value) == HELD


async def test_a_cause_that_is_gone_meanwhile_is_not_probed(stage: Stage) -> None:
    """The write goes a moment later, as an ordinary one."""
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    await stage.service.holds.current()
    await hold(stage)
    with pytest.raises(Held) as refused:
        await stage.service.holds.check_write(CUSTOMER)
    assert told(refused.value) == HELD
    stage.clock.advance(5 * SECOND)
    assert await stage.service.holds.check_write(CUSTOMER) is False


async def test_of_two_instances_that_probe_at_once_one_does(stage: Stage) -> None:
    """The other one finds a moment that is not its own."""
    other = instance(stage, SECOND)
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    stage.rows.rivals.append(lambda: other.holds.check_write(OTHER_CUSTOMER))
    with pytest.raises(Held):
        await stage.service.holds.check_write(CUSTOMER)
    assert (await stored_hold(stage)).cause == CAUSE.model_copy(update={"next_probe": NEXT + SECOND})


async def test_a_cause_that_goes_while_the_probe_is_taken_is_not_probed(stage: Stage) -> None:
    """Its row was changed first."""
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    stage.rows.rivals.append(lambda: hold(stage))
    with pytest.raises(Held):
        await stage.service.holds.check_write(CUSTOMER)
    assert (await stored_hold(stage)).cause is None


async def test_a_probe_whose_taking_was_stored_unheard_goes(stage: Stage) -> None:
    """The store repeats a change whose answer got lost, and meets its own: nobody else may probe in that hour."""
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    stage.rows.rivals.append(lambda: hold(stage, cause=probed_at_next()))
    assert await stage.service.holds.check_write(CUSTOMER) is True
