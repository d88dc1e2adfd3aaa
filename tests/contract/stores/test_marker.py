"""A store is used only where somebody has made it: missing, emptied or older ones are never taken for new ones."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from qualification.bootstrap import utc_now
from qualification.domain.errors import StoreMissing, StoreUnavailable
from qualification.stores.keys import MARKER, SHARDS
from qualification.stores.marker import SHOWN_FOR, MarkedRows
from qualification.stores.rows import Delete, Insert, Rows
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.conftest import OpenRows
from tests.unit.stand_ins.clock import StandInClock

OF_VERSION_01 = (
    "active|2a14b164-f983-4048-92e1-4f9591b87445|Education",
    "request|2a14b164-f983-4048-92e1-4f9591b87445|0f3a8f4e-58d2-5c0a-9a37-1c8b1f6f2a77",
    "work|2026-03-02T09:31:00.000000Z|review|2a14b164-f983-4048-92e1-4f9591b87445|0f3a8f4e-58d2-5c0a-9a37-1c8b1f6f2a77",
)
"""Keys that version 0.1 wrote."""


async def scan(rows: Rows) -> None:
    """Read a range to its end."""
    async for _ in rows.scan("07", "", "~"):
        pass


CALLS: dict[str, Callable[[Rows], Awaitable[object]]] = {
    "get": lambda rows: rows.get("07", "a"),
    "scan": scan,
    "ranges": lambda rows: rows.ranges("07", [("a", "b")]),
    "transact": lambda rows: rows.transact("07", [Insert("a", "text")]),
}


@pytest.mark.parametrize("call", CALLS)
async def test_without_a_marker_nothing_is_done(rows: Rows, call: str) -> None:
    """A table that a deployment has made anew is there and empty: no call reads or writes it, and each says what to do."""
    with pytest.raises(StoreMissing, match="create-store"):
        await CALLS[call](MarkedRows(rows, utc_now))
    assert await rows.get("07", "a") is None


@pytest.mark.parametrize("call", CALLS)
async def test_a_missing_file_is_not_made(tmp_path: Path, call: str) -> None:
    """By no call, with its folder or without it; also where an empty file lies there."""
    path = tmp_path / "folder" / "records.db"
    with pytest.raises(StoreMissing, match="create-store"):
        await CALLS[call](MarkedRows(SqliteRows(path), utc_now))
    assert not path.parent.exists()
    path.parent.mkdir()
    path.touch()
    with pytest.raises(StoreMissing, match="create-store"):
        await CALLS[call](MarkedRows(SqliteRows(path), utc_now))
    assert path.read_bytes() == b""


@pytest.mark.parametrize("call", CALLS)
async def test_a_store_that_was_made_works(rows: Rows, call: str) -> None:
    """Making it again changes nothing."""
    store = MarkedRows(rows, utc_now)
    assert await store.make()
    await CALLS[call](store)
    assert not await store.make()


async def test_of_several_who_make_it_one_has_made_it(open_rows: OpenRows) -> None:
    """The others find it."""
    made = await asyncio.gather(*(MarkedRows(open_rows(), utc_now).make() for _ in range(5)))
    assert sum(made) == 1


@pytest.mark.parametrize("key", OF_VERSION_01)
async def test_rows_of_version_01_are_refused(rows: Rows, key: str) -> None:
    """By the service and by whoever makes a store; they are left as they are, whatever shard they are in."""
    await rows.transact(SHARDS[-1], [Insert(key, "{}")])
    with pytest.raises(StoreMissing, match="no marker"):
        await MarkedRows(rows, utc_now).get("07", "a")
    with pytest.raises(StoreMissing, match=r"version 0\.1 wrote them"):
        await MarkedRows(rows, utc_now).make()
    assert await rows.get(SHARDS[0], MARKER) is None
    assert await rows.get(SHARDS[-1], key)


async def test_a_store_of_a_newer_version_is_refused(rows: Rows) -> None:
    """It may be laid out in another way."""
    await rows.transact(SHARDS[0], [Insert(MARKER, '{"version":2}')])
    for refused in (MarkedRows(rows, utc_now).get("07", "a"), MarkedRows(rows, utc_now).make()):
        with pytest.raises(StoreMissing, match="newer version"):
            await refused


async def test_a_marker_that_goes_is_missed(rows: Rows) -> None:
    """Seconds later, under a service that has seen it before: what is accepted in between is little."""
    clock = StandInClock()
    store = MarkedRows(rows, clock)
    await store.make()
    await store.get("07", "a")
    await rows.transact(SHARDS[0], [Delete(MARKER)])
    clock.advance(SHOWN_FOR - timedelta(seconds=1))
    await store.get("07", "a")
    clock.advance(timedelta(seconds=1))
    with pytest.raises(StoreMissing):
        await store.get("07", "a")


class Breaking(SqliteRows):
    """Fails once, as a table does while it is deleted."""

    async def get(self, shard: str, key: str) -> None:
        """See Rows."""
        if key == "broken":
            raise StoreUnavailable("the table is being deleted")
        return await super().get(shard, key)  # type: ignore[return-value]  # as it is read


async def test_after_a_failure_the_marker_is_looked_for(tmp_path: Path) -> None:
    """The call may have met a table that is gone; the next one may meet another."""
    rows = Breaking(tmp_path / "records.db")
    store = MarkedRows(rows, StandInClock())
    await store.make()
    await store.get("07", "a")
    await rows.transact(SHARDS[0], [Delete(MARKER)])
    with pytest.raises(StoreUnavailable, match="being deleted"):
        await store.get("07", "broken")
    with pytest.raises(StoreMissing):
        await store.get("07", "a")
    await store.close()
