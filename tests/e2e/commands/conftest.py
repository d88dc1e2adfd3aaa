"""A sound local set-up for commands, beside which each test changes one thing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY
from tests.e2e.commands.scripted_az import ScriptedAz
from tests.e2e.world import World


@pytest.fixture(scope="module")
def broker() -> Iterator[BrokerThread]:
    """A Service Bus of its own, whose dead-letter queue is empty."""
    with BrokerThread(Topology.load(TOPOLOGY)) as broker:
        yield broker


@pytest.fixture(scope="module")
def partner_center(world: World) -> PartnerCenterThread:
    """A Partner Center that these tests may reset."""
    return world.partner_center_of_its_own()


@pytest.fixture
def az(tmp_path: Path) -> ScriptedAz:
    """Nothing is known to it yet."""
    folder = tmp_path / "az"
    folder.mkdir()
    return ScriptedAz(folder)


@pytest.fixture
def settings(broker: BrokerThread, partner_center: PartnerCenterThread, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The app settings of a sound local set-up."""
    values = service_settings(
        service_bus=broker.connection_string,
        partner_center_url=partner_center.url,
        credentials=partner_center.credentials,
        folder=tmp_path,
        secret=webhook_secret(),
    )
    yield values
    partner_center.reset()
