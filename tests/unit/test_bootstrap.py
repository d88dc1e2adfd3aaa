"""Parts that are built when they are needed: all of them can be, once, and only those that were are let go of."""

from functools import cached_property
from pathlib import Path

import pytest

from qualification.bootstrap import Service, bootstrap
from tests.runtime.app_settings import lonely_settings

PARTS = [name for name, value in vars(Service).items() if isinstance(value, cached_property)]
IDENTITY = {
    "ServiceBusConnection": "",
    "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.windows.net",
    "RecordStorage": "",
    "RecordStorage__tableServiceUri": "https://contoso.table.core.windows.net",
    "PARTNER_CENTER_CLIENT_SECRET": "",
    "PARTNER_CENTER_FEDERATED_IDENTITY": "true",
    "PARTNER_CENTER_REFRESH_TOKEN": "https://contoso.vault.azure.net/secrets/refresh-token",
}
ACCOUNT = {"RecordStorage": "AccountName=contoso;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net"}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("changes", [{}, ACCOUNT, IDENTITY], ids=["files", "account", "identity"])
async def test_every_part_can_be_built_first(tmp_path: Path, part: str, changes: dict[str, str]) -> None:
    """Whichever function is called first, and however the service is connected; the second asks for the same part."""
    service = bootstrap(lonely_settings(tmp_path) | changes)
    assert getattr(service, part) is getattr(service, part)
    await service.close()


async def test_closing_builds_nothing(tmp_path: Path) -> None:
    """A service that nobody used has nothing to let go of."""
    service = bootstrap(lonely_settings(tmp_path))
    before = set(vars(service))
    await service.close()
    assert set(vars(service)) == before
    assert not before & set(PARTS)


async def test_what_was_opened_is_closed(tmp_path: Path) -> None:
    """The store's file here: its write-ahead log goes with the last connection."""
    service = bootstrap(lonely_settings(tmp_path))
    await service.store.ping()
    assert (tmp_path / "records.db-wal").exists()
    await service.close()
    assert not (tmp_path / "records.db-wal").exists()
