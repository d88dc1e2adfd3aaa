"""Opens the rows that the app settings ask for; each kind of store is imported when it is opened."""

from typing import TYPE_CHECKING

from pydantic import SecretStr

from qualification.settings.connections import Identity

if TYPE_CHECKING:
    from qualification.stores.rows import Rows


def open_rows(storage: SecretStr | Identity) -> "Rows":
    """Where the records are kept: a table in Azure, or a SQLite file on this machine."""
    if isinstance(storage, Identity):
        from qualification.settings.credential import AzureCredential
        from qualification.stores.tables import TableRows

        return TableRows.from_endpoint(storage.endpoint, AzureCredential(storage))
    location = storage.get_secret_value()
    if location.startswith("sqlite:"):
        from qualification.stores.sqlite import SqliteRows

        return SqliteRows.from_url(location)
    from qualification.stores.tables import TableRows

    return TableRows.from_connection_string(location)
