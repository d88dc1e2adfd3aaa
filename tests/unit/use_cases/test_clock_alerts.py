"""An instance whose clock is far from Partner Center's: somebody is told, and what is measured is right all the same."""

from datetime import timedelta
from uuid import UUID

import pytest

from qualification.bootstrap import Service
from qualification.domain.status import Status
from tests.unit.builders import CUSTOMER, PARTNER, order
from tests.unit.stage import Stage
from tests.unit.use_cases.instances import instance

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALLOWED = 6 * MINUTE


async def ask(service: Service, number: int) -> Status:
    """A customer asks there, and is submitted there; how it stands then."""
    customer_id = UUID(int=10_000 + number)
    record = await service.intake.accept(order(customer_tenant_id=customer_id, event_id=f"e{number}"))
    await service.submission.submit(customer_id, record.request_id)
    return (await service.intake.find(customer_id, record.request_id)).status


@pytest.mark.parametrize(("ahead", "words"), [(3 * HOUR, "180 minutes ahead of"), (-HOUR, "60 minutes behind")])
async def test_a_clock_that_is_hours_off_is_told(stage: Stage, ahead: timedelta, words: str) -> None:
    """About the partner, by how much, and in which direction."""
    assert await ask(instance(stage, ahead), 1) is Status.IN_REVIEW
    (event,) = [each for each in stage.bus.topic if each.data.get("reason") == "clock-wrong"]
    assert (event.subject, event.time) == (PARTNER, stage.clock.now)
    assert words in str(event.data["detail"])


@pytest.mark.parametrize("ahead", [ALLOWED, -ALLOWED])
async def test_a_clock_that_the_service_allows_for_is_not_told(stage: Stage, ahead: timedelta) -> None:
    """CLOCK_AHEAD, and a minute for an answer under way."""
    await ask(instance(stage, ahead), 1)
    assert stage.alerts == []


async def test_it_is_told_once_a_day_whichever_instance_it_is(stage: Stage) -> None:
    """Each answer would be a reason."""
    first, second = instance(stage, HOUR), instance(stage, 2 * HOUR)
    for number in range(4):
        await ask(first, 10 + number)
        await ask(second, 20 + number)
    assert stage.alerts == ["clock-wrong"]
    stage.clock.advance(DAY)
    await ask(first, 30)
    assert stage.alerts == ["clock-wrong"] * 2


async def test_where_the_store_is_down_the_next_answer_tells(stage: Stage) -> None:
    """What Partner Center has answered counts all the same."""
    service = instance(stage, HOUR)
    stage.rows.down = True
    await service.holds.clock_alerts.check(HOUR)
    stage.rows.down = False
    stage.clock.advance(11 * timedelta(seconds=1))
    await service.holds.answered(CUSTOMER, stage.clock.now)
    assert stage.alerts == ["clock-wrong"]


async def test_an_instance_that_has_told_it_asks_nobody_for_the_rest_of_the_day(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """Each call is answered with the time, and none waits for the store because of it."""
    service = instance(stage, HOUR)
    await service.holds.clock_alerts.check(HOUR)
    stage.rows.down = True
    await service.holds.clock_alerts.check(HOUR)
    assert stage.alerts == ["clock-wrong"]
    assert "Nobody was alerted yet" not in caplog.text
