"""The world that the tests of a session share; each test has a customer of its own."""

from collections.abc import Iterator

import pytest

from sandbox.partner_center import PartnerCenterThread
from tests.e2e.customer import Customer
from tests.e2e.service import Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The test that looks for secrets looks at what all others have left behind."""
    items.sort(key=lambda item: item.path.name == "test_secrecy.py")


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Broker, Partner Center and subscriber, started once."""
    with World(tmp_path_factory.mktemp("world")) as world:
        yield world


@pytest.fixture(scope="session")
def service(world: World) -> Service:
    """The service with ordinary settings."""
    return world.service()


@pytest.fixture(scope="session")
def events(world: World) -> Subscriber:
    """All events of the session."""
    return world.subscriber


@pytest.fixture
def customer(world: World) -> Customer:
    """A new customer of the shared Partner Center."""
    return Customer(world.partner_center)


@pytest.fixture(scope="session")
def partner_center(world: World) -> PartnerCenterThread:
    """A Partner Center of its own, for what concerns every customer of a partner."""
    return world.partner_center_of_its_own()


@pytest.fixture(scope="session")
def partner(world: World, partner_center: PartnerCenterThread) -> Service:
    """The service of that partner; a test that breaks something for it mends it in the end."""
    return world.service(partner_center)
