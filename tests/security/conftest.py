"""One service for all of these tests; each test has a customer of its own."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.security.app import App


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The service, started once."""
    with App(tmp_path_factory.mktemp("security")) as app:
        yield app


@pytest.fixture
def customer_id() -> str:
    """A customer that nothing is known of yet."""
    return str(uuid4())
