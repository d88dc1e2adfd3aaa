"""Opens the record store that the app settings ask for."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from pydantic import SecretStr

from qualification.settings.connections import Identity, RecordStorage
from qualification.settings.credential import Credentials
from qualification.settings.environment import load
from qualification.stores.marker import MarkedRows
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows
from qualification.use_cases.ports import Clock


def open_rows(storage: SecretStr | Identity, credentials: Credentials) -> Rows:
    """Where the records are kept: a table in Azure, or a SQLite file on this machine."""
    if isinstance(storage, Identity):
        return TableRows.from_endpoint(storage.endpoint, credentials.of(storage))
    location = storage.get_secret_value()
    if location.startswith("sqlite:"):
        return SqliteRows.from_url(location)
    return TableRows.from_connection_string(location)


@asynccontextmanager
async def open_store(environment: Mapping[str, str], clock: Clock) -> AsyncIterator[MarkedRows]:
    """The record store alone, for whoever makes it; other settings may still be missing.

    Args:
        environment: app settings by name.
        clock: tells the time, in aware UTC.

    Raises:
        ConfigurationError: the settings of the store are missing or malformed.
    """
    credentials = Credentials()
    store = MarkedRows(open_rows(load(RecordStorage, environment).target, credentials), clock)
    try:
        yield store
    finally:
        await store.close()
        await credentials.close()
