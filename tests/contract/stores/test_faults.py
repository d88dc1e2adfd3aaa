"""A fault between any two rows of a step leaves all of the step, or nothing of it."""

import asyncio
import signal
import sys
from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.status import Status
from qualification.domain.transition import Stored, Transition
from qualification.domain.work import WorkAction
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.samples import add, new_file, record, save, told, work

ROOT = Path(__file__).parents[3]
CONFLICT_RESOLUTIONS = ("ABORT", "FAIL", "ROLLBACK")
"""What SQLite may give up with an error: the statement, no more than its rest, or the transaction (lang_conflict.html)."""


def rows_of(path: Path) -> list[tuple[str, str]]:
    """Every row there is: key and value."""
    with closing(connect(path)) as connection:
        return connection.execute("SELECT key, value FROM rows ORDER BY key").fetchall()


def step(stored: Stored) -> Transition:
    """A step that changes rows of every kind: the record, its guard, its work item, and two events."""
    first = told(stored.record.changed(status=Status.IN_REVIEW, work=work(WorkAction.REVIEW)))
    second = told(first.record)
    return Transition(second.record, (*first.events, *second.events))


async def queued(path: Path) -> Stored:
    """A stored request, the only one."""
    store = KeyedRecordStore(await new_file(path))
    stored = await add(store, Transition(record()))
    await store.close()
    return stored


CHANGES = 6
"""Rows that `step` changes: record, guard, work item gone, work item new, two events."""


COUNTER = "CREATE TABLE IF NOT EXISTS changes (n INTEGER); INSERT INTO changes VALUES (0);"
TRIGGER = """
    CREATE TRIGGER fault_{event} BEFORE {event} ON rows BEGIN
        SELECT CASE WHEN (SELECT n FROM changes) = {after} THEN {fault} END;
        UPDATE changes SET n = n + 1;
    END;
"""


def trigger(fault: str, after: int) -> str:
    """SQL under which something happens before the change that comes after so many others."""
    events = ("INSERT", "UPDATE", "DELETE")
    return COUNTER + "".join(TRIGGER.format(event=event, after=after, fault=fault) for event in events)


@pytest.mark.parametrize("resolution", CONFLICT_RESOLUTIONS)
@pytest.mark.parametrize("position", range(CHANGES))
async def test_an_error_before_any_row_leaves_nothing(tmp_path: Path, position: int, resolution: str) -> None:
    """The database fails at the n-th row: what was there before is there, and the same step works afterwards."""
    path = tmp_path / "records.db"
    stored = await queued(path)
    before = rows_of(path)
    with closing(connect(path)) as other:
        other.executescript(trigger(f"RAISE({resolution}, 'the disk failed')", position))
    store = KeyedRecordStore(SqliteRows(path))
    with pytest.raises(StoreUnavailable):
        await save(store, stored, step(stored))
    assert rows_of(path) == before
    with closing(connect(path)) as other:
        other.executescript("".join(f"DROP TRIGGER fault_{event};" for event in ("INSERT", "UPDATE", "DELETE")))
    saved = await save(store, stored, step(stored))
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == saved
    assert len(rows_of(path)) == len(before) + 2
    await store.close()


KILLED = """
import asyncio, os, signal, sqlite3, sys
from uuid import UUID
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.samples import save
from tests.contract.stores.test_faults import step, trigger

class Mortal(SqliteRows):
    def _connect(self):
        connection = super()._connect()
        connection.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
        connection.executescript(trigger("die()", int(sys.argv[4])).replace("CREATE T", "CREATE TEMP T").replace(
            "ON rows", "ON main.rows"))
        return connection

async def main():
    store = KeyedRecordStore(Mortal(sys.argv[1]))
    stored = await store.find(UUID(sys.argv[2]), UUID(sys.argv[3]))
    await save(store, stored, step(stored))

asyncio.run(main())
"""


@pytest.mark.parametrize("position", range(CHANGES))
async def test_a_kill_before_any_row_leaves_nothing(tmp_path: Path, position: int) -> None:
    """SIGKILL at the n-th row: the next process finds what was there before, and can do the step."""
    path = tmp_path / "records.db"
    stored = await queued(path)
    before = rows_of(path)
    ids = [str(stored.record.customer_tenant_id), str(stored.record.request_id)]
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(path), *ids, str(position), cwd=ROOT
    )
    assert await writer.wait() == -signal.SIGKILL
    assert rows_of(path) == before
    store = KeyedRecordStore(SqliteRows(path))
    await save(store, stored, step(stored))
    assert len(rows_of(path)) == len(before) + 2
    await store.close()
