"""Where the records of a chaos run are: read beside the service, and made to refuse writes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from azure.data.tables import TableClient

from qualification.stores.table_entity import read_row
from qualification.stores.tables import TABLE
from sandbox.azurite import connection_string
from sandbox.chaos.ledger import Ledger
from sandbox.fault_proxy import Faults, HttpProxy, Mishap, Rule

BATCHES = r"\$batch"


class Store(Protocol):
    """The store from outside."""

    @property
    def setting(self) -> str:
        """What RecordStorage says."""
        ...

    def read(self) -> Ledger:
        """All rows."""
        ...

    @contextmanager
    def locked(self) -> Iterator[None]:
        """It refuses writes until the end of the block."""
        ...


class SqliteStore:
    """A file that another process holds locked.

    Args:
        folder: where it is.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / "records.db"

    @property
    def setting(self) -> str:
        """See Store."""
        return f"sqlite:///{self._path.resolve().as_posix()}"

    def read(self) -> Ledger:
        """See Store."""
        return Ledger.read(self._path)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """See Store; where nobody lets go of the lock in time, it stays unlocked."""
        connection = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
        with closing(connection):
            with suppress(sqlite3.OperationalError):
                connection.execute("BEGIN IMMEDIATE")
            yield


class TableStore:
    """A table in Azurite, whose batches are answered 503 while it is locked.

    Args:
        azurite: the port where it is, for readers.
        way: the proxy through which the service reaches it.
        faults: of that proxy.
    """

    def __init__(self, azurite: int, way: HttpProxy, faults: Faults) -> None:
        self._azurite, self._way, self._faults = azurite, way, faults

    @property
    def setting(self) -> str:
        """See Store."""
        return connection_string(self._way.port)

    def read(self) -> Ledger:
        """See Store."""
        with TableClient.from_connection_string(connection_string(self._azurite), TABLE) as client:
            return Ledger.of(read_row(entity) for entity in client.list_entities())

    @contextmanager
    def locked(self) -> Iterator[None]:
        """See Store."""
        rule = Rule(Mishap.UNAVAILABLE, method="POST", matching=BATCHES, times=None)
        self._faults.add(rule)
        try:
            yield
        finally:
            self._faults.remove(rule)
