"""Opens the record store that the app settings ask for."""

from pydantic import SecretStr

from qualification.settings.connections import Identity
from qualification.settings.credential import AzureCredential
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows


def open_rows(storage: SecretStr | Identity) -> Rows:
    """Where the records are kept: a table in Azure, or a SQLite file on this machine."""
    if isinstance(storage, SecretStr) and storage.get_secret_value().startswith("sqlite:"):
        return SqliteRows.from_url(storage.get_secret_value())

    from qualification.stores.tables import TableRows  # its SDK, for whom the records are in Azure

    if isinstance(storage, Identity):
        return TableRows.from_endpoint(storage.endpoint, AzureCredential(storage))
    return TableRows.from_connection_string(storage.get_secret_value())
