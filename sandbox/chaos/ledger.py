"""The store as it is: every row of the SQLite file, read beside the service."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Self
from uuid import UUID

from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.transition import Newest
from qualification.stores.keys import HOLD
from qualification.stores.layout import read_hold, read_record
from qualification.stores.rows import Row


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows, by what they are.

    Attributes:
        records: by request id.
        work: keys of work items of records.
        outbox: keys of events that are not published.
        guards: which request each guard names as the newest, by its key.
        waiting: keys of the rows that say for what requests wait.
        hold: what holds everybody.
    """

    records: dict[UUID, Record]
    work: frozenset[str]
    outbox: frozenset[str]
    guards: dict[str, Newest]
    waiting: frozenset[str]
    hold: Hold

    @classmethod
    def read(cls, database: Path) -> Self:
        """Read the file; nothing is written to it."""
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
            found = connection.execute("SELECT key, value, etag FROM rows").fetchall()
        return cls.of(Row(*row) for row in found)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Self:
        """What rows say."""
        records: dict[UUID, Record] = {}
        guards: dict[str, Newest] = {}
        work: set[str] = set()
        waiting: set[str] = set()
        hold = Hold()
        for row in rows:
            match row.key.split("|"):
                case ["customer", _, "request", _]:
                    record = read_record(row).record
                    records[record.request_id] = record
                case ["customer", _, "guard", _]:
                    content = loads(row.value)
                    guards[row.key] = Newest(UUID(content["requestId"]), content["active"], row.etag)
                case ["work", *_]:
                    work.add(row.key)
                case ["waiting", *_]:
                    waiting.add(row.key)
                case [name] if name == HOLD:
                    hold = read_hold(row).hold
        outbox = {key for key in work if "|publish|" in key}
        return cls(records, frozenset(work - outbox), frozenset(outbox), guards, frozenset(waiting), hold)
