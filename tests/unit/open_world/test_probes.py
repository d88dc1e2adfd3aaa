"""Which customer's write probes a cause that holds everybody."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.call_errors import AccessLost
from tests.unit.builders import order
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
LOST = AccessLost("1002", "Forbidden.", partner_wide=True, http_status=403, remedy="Give the role.")


async def test_a_cause_is_probed_with_the_oldest_request_of_another_customer_each_time(stage: Stage) -> None:
    """The customer whose own write raised it comes again when every other one has met it too."""
    raiser, older, younger = (UUID(int=number) for number in (3, 2, 1))
    stage.partner_center.otherwise = Write(error=LOST, after=None)
    for customer_id in (raiser, older, younger):
        await stage.accept(order(customer_tenant_id=customer_id))
        await stage.live(timedelta(minutes=10))
    assert probed(stage) == [raiser]
    await stage.live(3 * HOUR + timedelta(minutes=30))
    assert probed(stage) == [raiser, older, younger, raiser]
    await stage.live(HOUR + timedelta(minutes=10))
    assert len({*probed(stage)[-2:]}) == 2


def probed(stage: Stage) -> list[UUID]:
    """Whose writes went, in order."""
    return [customer_id for _, customer_id, _, _ in stage.partner_center.sent]
