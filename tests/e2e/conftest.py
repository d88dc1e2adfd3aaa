"""The world that the tests of a session share; each test has a customer of its own."""

from collections.abc import Iterator

import pytest

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
