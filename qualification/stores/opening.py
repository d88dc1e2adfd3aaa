"""Opens the record store that the app settings ask for."""

from pydantic import SecretStr

from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows


def open_rows(storage: SecretStr | Identity, credentials: Credentials) -> Rows:
    """Where the records are kept: a table in Azure, or a SQLite file on this machine."""
    if isinstance(storage, Identity):
        return TableRows.from_endpoint(storage.endpoint, credentials.of(storage))
    location = storage.get_secret_value()
    if location.startswith("sqlite:"):
        return SqliteRows.from_url(location)
    return TableRows.from_connection_string(location)
