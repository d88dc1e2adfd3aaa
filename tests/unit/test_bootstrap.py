"""The service as bootstrap composes it, and what it opens."""

from pathlib import Path

import pytest

from qualification.bootstrap import bootstrap
from tests.runtime.app_settings import lonely_settings
from tests.unit.builders import REQUEST, order
from tests.unit.stand_ins.bus import StandInBus
from tests.unit.stand_ins.clock import StandInClock

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


@pytest.mark.parametrize("changes", [{}, ACCOUNT, IDENTITY], ids=["files", "account", "identity"])
async def test_composing_and_closing_open_nothing(tmp_path: Path, changes: dict[str, str]) -> None:
    """However the service is connected: files, an account, or an identity that nobody has yet."""
    service = bootstrap(lonely_settings(tmp_path) | changes)
    await service.close()
    assert not (tmp_path / "records.db-wal").exists()


async def test_a_stand_in_takes_the_place_of_the_world(tmp_path: Path) -> None:
    """Time, ids and the bus are the test's; what it does not give is what the settings name."""
    bus, clock = StandInBus(), StandInClock()
    service = bootstrap(lonely_settings(tmp_path), bus=bus, clock=clock, new_id=lambda: REQUEST)
    record = await service.intake.accept(order(event_id=None))
    assert (record.request_id, record.created_at) == (REQUEST, clock.now)
    assert [message.request_id for message in bus.queue] == [REQUEST]
    await service.close()


async def test_what_was_opened_is_closed(tmp_path: Path) -> None:
    """The store's file here: its write-ahead log goes with the last connection."""
    service = bootstrap(lonely_settings(tmp_path))
    await service.store.ping()
    assert (tmp_path / "records.db-wal").exists()
    await service.close()
    assert not (tmp_path / "records.db-wal").exists()
