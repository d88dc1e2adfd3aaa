"""A function app's identity endpoint, and a credential that asks it."""

from collections.abc import AsyncIterator

import pytest

from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from tests.contract.identity.endpoint import ProxiedEndpoint, announced

MANAGED = Identity(endpoint="https://account.table.core.windows.net", managed=True)


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ProxiedEndpoint]:
    """The endpoint, which is well."""
    async with announced(monkeypatch) as endpoint:
        yield endpoint


@pytest.fixture
async def credentials() -> AsyncIterator[Credentials]:
    """Who the app is to Azure."""
    credentials = Credentials()
    yield credentials
    await credentials.close()
