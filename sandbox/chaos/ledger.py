"""The store as it is: every row of the SQLite file, read beside the service."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Self
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.transition import Owner
from qualification.stores.layout import is_record, read_owner, read_record
from qualification.stores.rows import Row


@dataclass(frozen=True, slots=True)
class Ledger:
    """All rows, by what they are.

    Attributes:
        records: by request id.
        work: keys of work items of records.
        outbox: keys of events that are not published.
        guards: which request each guard of an active request names, by its key.
        causes: who has noted what a person must mend.
    """

    records: dict[UUID, Record]
    work: frozenset[str]
    outbox: frozenset[str]
    guards: dict[str, UUID]
    causes: Mapping[str, Owner]

    @classmethod
    def read(cls, database: Path) -> Self:
        """Read the file; nothing is written to it."""
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=10)) as connection:
            found = connection.execute("SELECT key, value, etag FROM rows").fetchall()
        rows = [Row(*row) for row in found]
        records = [read_record(row).record for row in rows if row.key.startswith("request|") and is_record(row)]
        work = {row.key for row in rows if row.key.startswith("work|")}
        outbox = {key for key in work if "|publish|" in key}
        return cls(
            {record.request_id: record for record in records},
            frozenset(work - outbox),
            frozenset(outbox),
            {row.key: UUID(row.value) for row in rows if row.key.startswith("active|")},
            {loads(row.value)["cause"]: read_owner(row) for row in rows if row.key.startswith("cause|")},
        )
