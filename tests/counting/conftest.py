"""The service over a real SQLite file that counts, a broker and a Partner Center."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from qualification.stores.rows import PAGE
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY
from tests.counting.counted_service import CountedService

type OpenService = Callable[..., CountedService]


@pytest.fixture
def broker() -> Iterator[BrokerThread]:
    """A broker that nobody has used yet."""
    with BrokerThread(Topology.load(TOPOLOGY)) as running:
        yield running


@pytest.fixture
async def open_service(
    tmp_path: Path, broker: BrokerThread, partner_center: PartnerCenterThread
) -> AsyncIterator[OpenService]:
    """Opens the service that works on them, with an empty store."""
    async with AsyncExitStack() as stack:

        def open_one(page: int = PAGE) -> CountedService:
            service = CountedService(tmp_path, broker, partner_center, page)
            stack.push_async_callback(service.close)
            return service

        yield open_one


@pytest.fixture
def service(open_service: OpenService) -> CountedService:
    """The service, with pages of the usual size."""
    return open_service()
