"""Rows in an SQLite file: the embedded default. Several processes of one machine may share the file."""

import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from functools import partial
from pathlib import Path
from typing import Self
from uuid import uuid4

from qualification.domain.errors import StepConflict, StoreMissing
from qualification.stores.rows import MAX_CHANGES, PAGE, Change, Delete, Insert, Replace, Row
from qualification.stores.sqlite_file import SqliteFile

PREFIX = "sqlite:///"
PAUSE = 0.01
"""Seconds between two tries to open a file that others open too."""

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # An answer of 202 must survive a power failure: WAL is otherwise synced at checkpoints only (sqlite.org/pragma.html).
    "PRAGMA synchronous = FULL",
    # The same on macOS, whose fsync leaves data in the drive's cache; without effect elsewhere.
    "PRAGMA fullfsync = ON",
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS rows (
    shard TEXT NOT NULL, key TEXT NOT NULL, etag TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (shard, key)
)
"""
"""Not WITHOUT ROWID: there a record of 1 KiB overflows into a page of its own (sqlite.org/withoutrowid.html, section 4)."""

GET = "SELECT key, value, etag FROM rows WHERE shard = ? AND key = ?"
RANGE = "SELECT key, value, etag FROM rows WHERE shard = ? AND key >= ? AND key < ?"
PAGE_OF = f"{RANGE} ORDER BY key LIMIT {PAGE}"
DELETE = "DELETE FROM rows WHERE shard = ? AND key = ?"
INSERT = "INSERT INTO rows (shard, key, etag, value) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
REPLACE = "UPDATE rows SET etag = ?, value = ? WHERE shard = ? AND key = ? AND etag = ?"


MADE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'rows'"
MISSING = (
    "There is no record store. In a new installation, make one with `python -m qualification create-store`; in an old one "
    "its file is gone: put it back, or restore a copy."
)


class SqliteRows:
    """Rows in the SQLite file at `path`, which only `make` makes, with its folder.

    The file must be on a local disk: write-ahead logs do not work over a network (sqlite.org/wal.html).

    Attributes:
        path: where the file is.
    """

    def __init__(self, path: Path | str, *, busy_timeout: float = 5.0) -> None:
        """Nothing is opened yet.

        Args:
            path: the file; relative to the working directory if it is not absolute.
            busy_timeout: seconds to wait while another process writes.
        """
        self.path = Path(path)
        self._busy_timeout = busy_timeout
        self._file = SqliteFile(self.path, self._connect)

    @classmethod
    def from_url(cls, url: str) -> Self:
        """Rows in the file of a URL such as sqlite:///data/records.db, sqlite:////var/records.db, sqlite:///C:/records.db.

        Raises:
            ValueError: the URL names no file.
        """
        path = url.removeprefix(PREFIX)
        if path == url or not path or path.startswith(":"):
            raise ValueError("must be sqlite:/// and the path of a file, such as sqlite:///data/records.db")
        return cls(path)

    async def make(self) -> bool:
        """See Rows."""
        missing = not self.path.exists()
        file = SqliteFile(self.path, self._create)
        await file.read(lambda _: None)
        await file.close()
        return missing

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        return await self._file.read(partial(_get, shard=shard, key=key))

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        while True:
            page = await self._file.read(partial(_page, shard=shard, start=start, stop=stop))
            if page:
                yield page
            if len(page) < PAGE:
                return
            start = page[-1].key + "\0"

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        return await self._file.read(partial(_ranges, shard=shard, bounds=bounds))

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        if len(changes) > MAX_CHANGES:
            raise ValueError(f"{len(changes)} changes in one transaction")
        return await self._file.write(partial(_transact, shard=shard, changes=changes))

    async def close(self) -> None:
        """See Rows."""
        await self._file.close()

    def _create(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        return self._prepared("rwc", SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        if not self.path.exists():
            raise StoreMissing(MISSING)
        # Asked once more at the end: the log is there from the first read on, and is watched from the opening on.
        return self._prepared("rw", MADE)

    def _prepared(self, mode: str, *statements: str) -> sqlite3.Connection:
        """A connection that is set up; SQLite makes a file where the mode is `rwc`, and none where it is `rw`."""
        uri = f"{self.path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=self._busy_timeout, isolation_level=None)
        try:
            if mode == "rw":
                self._prove_made(connection)
            for statement in (*PRAGMAS, *statements):
                self._run(connection, statement)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prove_made(self, connection: sqlite3.Connection) -> None:
        # Before any setting, for the file may be somebody else's.
        if self._run(connection, MADE) is None:
            raise StoreMissing(MISSING)

    def _run(self, connection: sqlite3.Connection, statement: str) -> object:
        """Run a statement that fails at once, without SQLite's own waiting, while others open the same new file."""
        deadline = time.monotonic() + self._busy_timeout
        while True:
            try:
                return connection.execute(statement).fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= deadline:
                    raise
                time.sleep(PAUSE)


def _get(connection: sqlite3.Connection, shard: str, key: str) -> Row | None:
    found = connection.execute(GET, (shard, key)).fetchone()
    return Row(*found) if found else None


def _page(connection: sqlite3.Connection, shard: str, start: str, stop: str) -> list[Row]:
    return [Row(*found) for found in connection.execute(PAGE_OF, (shard, start, stop))]


def _ranges(connection: sqlite3.Connection, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
    return [Row(*found) for each in bounds for found in connection.execute(RANGE, (shard, *each))]


def _transact(connection: sqlite3.Connection, shard: str, changes: Sequence[Change]) -> dict[str, str]:
    etag = uuid4().hex
    for change in changes:
        match change:
            case Delete(key):
                connection.execute(DELETE, (shard, key))
            case Insert(key, value):
                _make(connection, INSERT, (shard, key, etag, value), f"the row {key} is there already")
            case Replace(key, value, seen):
                _make(connection, REPLACE, (etag, value, shard, key, seen), f"the row {key} is not as it was")
    return {change.key: etag for change in changes if not isinstance(change, Delete)}


def _make(connection: sqlite3.Connection, statement: str, values: tuple[str, ...], conflict: str) -> None:
    if connection.execute(statement, values).rowcount != 1:
        raise StepConflict(conflict)
