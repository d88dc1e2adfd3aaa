"""The service over a real SQLite file that counts, a broker and a Partner Center."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from qualification.stores.rows import PAGE
from sandbox.partner_center import PartnerCenter, PartnerCenterThread
from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY
from tests.counting.counted_service import CountedService
from tests.unit.stand_ins.clock import StandInClock

type OpenService = Callable[..., CountedService]


@pytest.fixture
def broker() -> Iterator[BrokerThread]:
    """A broker that nobody has used yet."""
    with BrokerThread(Topology.load(TOPOLOGY)) as running:
        yield running


@pytest.fixture
def clock() -> StandInClock:
    """The time, which the service and Partner Center agree on."""
    return StandInClock()


@pytest.fixture
def partner_center(clock: StandInClock) -> Iterator[PartnerCenterThread]:
    """A simulator whose time is the test's."""
    with PartnerCenterThread(partner_center=PartnerCenter(clock=lambda: clock.now)) as running:
        yield running


@pytest.fixture
async def open_service(
    tmp_path: Path, broker: BrokerThread, partner_center: PartnerCenterThread, clock: StandInClock
) -> AsyncIterator[OpenService]:
    """Opens the service that works on them, with an empty store."""
    async with AsyncExitStack() as stack:

        def open_one(page: int = PAGE) -> CountedService:
            service = CountedService(tmp_path, broker, partner_center, clock, page)
            stack.push_async_callback(service.close)
            return service

        yield open_one


@pytest.fixture
def service(open_service: OpenService) -> CountedService:
    """The service, with pages of the usual size."""
    return open_service()
