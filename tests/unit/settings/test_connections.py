"""What the service connects to, and as whom."""

import pytest
from pydantic import SecretStr

from qualification.settings.connections import Identity
from tests.unit.settings.loaded import faults, load

BY_IDENTITY = {
    "ServiceBusConnection": ("fullyQualifiedNamespace", "contoso.servicebus.windows.net"),
    "RecordStorage": ("tableServiceUri", "https://contoso.table.core.windows.net"),
}


def test_a_managed_identity_may_be_named() -> None:
    """Where there are several."""
    assert load(AZURE_CLIENT_ID="1234").partner_center.identity == Identity(managed=True, client_id="1234")


@pytest.mark.parametrize("name", BY_IDENTITY)
def test_a_connection_may_be_by_identity(name: str) -> None:
    """As Azure names it: the place, and whose identity."""
    end, place = BY_IDENTITY[name]
    endpoint = f"{name}__{end}"
    field = "service_bus" if name == "ServiceBusConnection" else "record_storage"
    settings = load(**{name: "", endpoint: place})
    assert getattr(settings, field) == Identity(endpoint=place, managed=False)
    managed = {f"{name}__credential": "managedidentity", f"{name}__clientId": "1234"}
    settings = load(**{name: "", endpoint: place, **managed})
    assert getattr(settings, field) == Identity(endpoint=place, managed=True, client_id="1234")
    assert faults(**{endpoint: place}).keys() == {name}
    assert faults(**{name: "", endpoint: place, f"{name}__credential": "none"}).keys() == {f"{name}__credential"}


@pytest.mark.parametrize("name", BY_IDENTITY)
@pytest.mark.parametrize(
    "place", ["http://contoso.net", "https://", "contoso net", "https://contoso.net/path", "a@b", "Ž"]
)
def test_where_an_identity_based_connection_leads_is_checked(name: str, place: str) -> None:
    """By name, at start: the first request would only say that nobody answers."""
    endpoint = f"{name}__{BY_IDENTITY[name][0]}"
    assert faults(**{name: "", endpoint: place}).keys() == {endpoint}


def test_records_may_be_kept_in_a_file() -> None:
    """The embedded store."""
    assert load(RecordStorage="sqlite:///data/records.db").record_storage == SecretStr("sqlite:///data/records.db")
