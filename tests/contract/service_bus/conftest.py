"""The service's own adapter over the real SDK, to a broker behind a proxy that counts connections."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from pydantic import SecretStr

from qualification.service_bus.bus import ServiceBus
from sandbox.fault_proxy import Faults, TcpProxy
from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY

QUEUE, TOPIC = "qualification-requests", "qualification-events"


@pytest.fixture
def broker() -> Iterator[BrokerThread]:
    """A broker that nobody has used yet."""
    with BrokerThread(Topology.load(TOPOLOGY)) as running:
        yield running


@pytest.fixture
def faults() -> Faults:
    """What happens on the way to the broker: nothing yet."""
    return Faults()


@pytest.fixture
async def proxy(broker: BrokerThread, faults: Faults) -> AsyncIterator[TcpProxy]:
    """The way to the broker."""
    async with TcpProxy("127.0.0.1", broker.port, faults) as running:
        yield running


@pytest.fixture
async def bus(broker: BrokerThread, proxy: TcpProxy) -> AsyncIterator[ServiceBus]:
    """A fresh adapter: no link is open."""
    through_proxy = broker.connection_string.replace(f":{broker.port}", f":{proxy.port}")
    opened = ServiceBus(SecretStr(through_proxy), QUEUE, TOPIC)
    yield opened
    await opened.close()


@pytest.fixture
def garbage() -> Iterator[None]:
    """Lets what a test leaves behind be found in that test and not in a later one."""
    yield
    gc.collect()
