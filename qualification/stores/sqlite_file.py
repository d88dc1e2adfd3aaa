"""An open SQLite file: one thread uses it, and writes that wait for it share a transaction."""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from qualification.domain.errors import StoreUnavailable
from qualification.stores.sqlite_write import Write, commit

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

SUFFIXES = ("", "-wal")
"""The database, and its log, which holds the newest commits (sqlite.org/wal.html)."""

type _Identity = tuple[int, int]
"""Device and inode."""


class SqliteFile:
    """Runs operations on the connection that `connect` opens, one after the other, in a thread of its own.

    The connection is opened by the first use, by the first after `close`, and anew after SQLite has failed.

    SQLite goes on writing to a file that was deleted or replaced, and such commits are gone with the process
    (sqlite.org/howtocorrupt.html, "Unlinking or renaming a database file while in use"). So each use ends by making
    sure that the files are still those that were opened. While they are not, every use fails: a new file, made in
    silence, would hide that all records are gone.
    """

    def __init__(self, path: Path, connect: Callable[[], sqlite3.Connection]) -> None:
        self._path = path
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self._opened: dict[Path, _Identity | None] = {}
        self._waiting: deque[Write[Any]] = deque()
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
        write = Write(operation)
        self._waiting.append(write)
        self._thread.submit(self._write_waiting)
        return await asyncio.wrap_future(write.outcome)

    async def close(self) -> None:
        """Finish what has been asked for, then close the connection."""
        await self._run(self._let_go)

    async def _run[T](self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _write_waiting(self) -> None:
        """All that wait by now, in one transaction; the one before may have left none."""
        waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
        writes = [write for write in waiting if write.begins()]
        if not writes:
            return
        try:
            outcomes = self._use(partial(commit, writes))
        except Exception as error:  # noqa: BLE001  it is raised where each of them is waited for
            outcomes = [partial(write.outcome.set_exception, error) for write in writes]
        for make_known in outcomes:
            make_known()

    def _use[T](self, operation: Callable[[sqlite3.Connection], T]) -> T:
        try:
            result = operation(self._connection or self._open())
            self._prove_unmoved()
        except (sqlite3.Error, OSError) as error:
            # Whatever is wrong may lie in the connection; the next use opens another one.
            self._disconnect()
            code = getattr(error, "sqlite_errorcode", None)
            reason = str(error) if code is None else REASONS.get(code & 0xFF, str(error))
            raise StoreUnavailable(f"the database {self._path} does not work: {reason}") from error
        return result

    def _open(self) -> sqlite3.Connection:
        self._prove_unmoved()
        self._connection = self._connect()
        files = [self._path.with_name(self._path.name + suffix) for suffix in SUFFIXES]
        self._opened = {file: _identity(file) for file in files}
        return self._connection

    def _prove_unmoved(self) -> None:
        for file, opened in self._opened.items():
            found = _identity(file)
            if found != opened:
                happened = "replaced by another file" if found else "deleted or moved away"
                raise StoreUnavailable(
                    f"the database {self._path} does not work: {file} was {happened} while the service had it open; "
                    "nothing is stored until it is put back, or the service is restarted with what is there now"
                )

    def _let_go(self) -> None:
        self._disconnect()
        self._opened = {}

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection:
            # The last one to close removes the log, the next one to open makes another; the database stays.
            self._opened = {file: opened for file, opened in self._opened.items() if file == self._path}
            connection.close()


def _identity(file: Path) -> _Identity | None:
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_dev, found.st_ino
