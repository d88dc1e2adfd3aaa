"""An open SQLite file: one thread uses it, and each write is one transaction."""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from qualification.domain.errors import StoreUnavailable

REASONS = {
    sqlite3.SQLITE_BUSY: "another process holds it locked",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_CORRUPT: "it is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR: "the disk failed",
    sqlite3.SQLITE_NOTADB: "it is not an SQLite database",
    sqlite3.SQLITE_READONLY: "it is read-only",
}
"""Primary result codes (sqlite.org/rescode.html) in plain words."""


class SqliteFile:
    """Runs operations on the connection that `connect` opens, one after the other, in a thread of its own.

    The connection is opened by the first use, by the first after `close`, and anew after SQLite has failed.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"sqlite {path}")

    async def read[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        """What `operation` finds among committed rows.

        Raises:
            StoreUnavailable: the file cannot be read.
        """
        return await self._run(partial(self._use, operation))

    async def write[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        """What `operation` returns, once its changes are committed; whatever it raises, its changes are undone.

        Raises:
            StoreUnavailable: the file cannot be written.
        """
        return await self._run(partial(self._use, partial(_commit, operation)))

    async def close(self) -> None:
        """Finish what has been asked for, then close the connection."""
        await self._run(self._disconnect)

    async def _run[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _use[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        try:
            self._connection = self._connection or self._connect()
            return operation(self._connection)
        except (sqlite3.Error, OSError) as error:
            # Whatever is wrong may lie in the connection; the next use opens another one.
            self._disconnect()
            code = getattr(error, "sqlite_errorcode", None)
            reason = str(error) if code is None else REASONS.get(code & 0xFF, str(error))
            raise StoreUnavailable(f"the database {self._path} does not work: {reason}") from error

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            connection.close()


def _commit[T](operation: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection) -> T:
    with connection:  # commits, or rolls back
        # IMMEDIATE takes the write lock first: a read lock that waits to become one fails under SQLITE_BUSY_SNAPSHOT.
        connection.execute("BEGIN IMMEDIATE")
        return operation(connection)
