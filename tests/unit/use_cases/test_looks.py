"""What the answer to a read of a customer tells, beside what it shows."""

import pytest

from qualification.domain.call_errors import Refused
from qualification.domain.hold import Hold
from qualification.domain.lone_throttle import LoneThrottle
from tests.unit.builders import CUSTOMER, NOW
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import HOUR, hold, stored_hold
from tests.unit.use_cases.instances import instance


async def test_a_customer_that_is_answered_waits_alone_no_more(stage: Stage) -> None:
    """It is known whose read it was."""
    await hold(stage, lone=LoneThrottle(customer_id=CUSTOMER, times=3, others=True, until=NOW))
    await instance(stage).submission.looks.read(CUSTOMER)
    assert await stored_hold(stage) == Hold()


@pytest.mark.parametrize("error", [None, Refused("2000", "No.", http_status=400, at=NOW)])
async def test_an_answer_to_a_read_tells_the_time(stage: Stage, error: Refused | None) -> None:
    """Whatever it says: a wrong clock is told, and a pause is kept by Partner Center's clock."""
    looks = instance(stage, HOUR).submission.looks
    if error:
        stage.partner_center.reading_fails = error
        with pytest.raises(Refused):
            await looks.read(CUSTOMER)
    else:
        await looks.read(CUSTOMER)
    assert stage.alerts == ["clock-wrong"]
    assert stage.bus.topic[0].time == NOW
