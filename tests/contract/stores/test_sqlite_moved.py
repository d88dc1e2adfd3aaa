"""The SQLite file is deleted or replaced under the service: nothing is acknowledged that a restart would not find."""

import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from shutil import copy, rmtree

import pytest

from qualification.domain.errors import StoreMissing, StoreUnavailable
from qualification.stores.rows import Insert
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.samples import new_file

SHARD = "00"


def delete(path: Path) -> None:
    """As somebody would who clears up."""
    path.unlink()


def delete_with_log(path: Path) -> None:
    """The whole database."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()


def delete_log(path: Path) -> None:
    """What looks like a temporary file, and holds the newest commits."""
    path.with_name(f"{path.name}-wal").unlink()


def delete_folder(path: Path) -> None:
    """With all that is in it."""
    rmtree(path.parent)


def move_folder(path: Path) -> None:
    """A volume that is not mounted any more looks like that."""
    path.parent.rename(path.parent.with_name("elsewhere"))


def put_file_for_folder(path: Path) -> None:
    """The folder's name is taken."""
    rmtree(path.parent)
    path.parent.touch()


def restore_backup(path: Path) -> None:
    """A copy takes the file's place, as tools for backups do it."""
    draft = path.with_name("draft")
    copy(path, draft)
    draft.replace(path)


def put_new_database(path: Path) -> None:
    """Another process makes a new one under the same name."""
    delete_with_log(path)
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (note TEXT)")


MISHAPS: dict[Callable[[Path], None], str] = {
    delete: "deleted or moved away",
    delete_with_log: "deleted or moved away",
    delete_log: "records.db-wal was deleted or moved away",
    delete_folder: "deleted or moved away",
    move_folder: "deleted or moved away",
    put_file_for_folder: "deleted or moved away",
    restore_backup: "replaced by another file",
    put_new_database: "replaced by another file",
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file in a folder of its own."""
    return tmp_path / "data" / "records.db"


@pytest.fixture
async def rows(path: Path) -> AsyncIterator[SqliteRows]:
    """Rows that are open, with one row in them."""
    rows = await new_file(path)
    await rows.transact(SHARD, [Insert("a", "text")])
    yield rows
    await rows.close()


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_the_next_commit_fails(rows: SqliteRows, path: Path, mishap: Callable[[Path], None]) -> None:
    """It says what happened and what to do, and so does every further use, reading included: health asks by reading."""
    mishap(path)
    for number in range(2):
        with pytest.raises(StoreUnavailable, match=MISHAPS[mishap]) as unavailable:
            await rows.transact(SHARD, [Insert(f"b{number}", "text")])
        assert str(path) in str(unavailable.value)
        assert "put back, or the service is restarted" in str(unavailable.value)
    with pytest.raises(StoreUnavailable, match=MISHAPS[mishap]):
        await rows.get(SHARD, "a")


async def test_no_new_file_takes_the_place_of_a_lost_one(path: Path) -> None:
    """Also where SQLite fails on top of it, and is opened again: an empty store would hide that all records are gone."""
    await new_file(path)
    rows = SqliteRows(path, busy_timeout=0.05)
    await rows.transact(SHARD, [Insert("a", "text")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        rmtree(path.parent)
        with pytest.raises(StoreUnavailable, match="another process holds it locked"):
            await rows.transact(SHARD, [Insert("b", "text")])
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="deleted or moved away"):
            await rows.transact(SHARD, [Insert("b", "text")])
    await rows.close()
    assert not path.parent.exists()


async def test_a_file_that_is_put_back_is_used_again(rows: SqliteRows, path: Path) -> None:
    """With all that was acknowledged."""
    elsewhere = path.parent.with_name("elsewhere")
    path.parent.rename(elsewhere)
    with pytest.raises(StoreUnavailable):
        await rows.transact(SHARD, [Insert("b", "text")])
    elsewhere.rename(path.parent)
    await rows.transact(SHARD, [Insert("c", "text")])
    assert await rows.get(SHARD, "a")


async def test_a_restart_takes_what_is_there(rows: SqliteRows, path: Path) -> None:
    """Where nothing is, nothing works, until a person has made an empty file."""
    delete_with_log(path)
    with pytest.raises(StoreUnavailable):
        await rows.get(SHARD, "a")
    await rows.close()
    with pytest.raises(StoreMissing):
        await rows.get(SHARD, "a")
    await rows.make()
    assert await rows.get(SHARD, "a") is None
    await rows.transact(SHARD, [Insert("b", "text")])


async def test_the_file_in_its_place_is_left_alone(rows: SqliteRows, path: Path) -> None:
    """Closing the lost file takes nothing from another process that already works with the new one, its log included."""
    delete_with_log(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("CREATE TABLE notes (note TEXT)")
        other.execute("INSERT INTO notes VALUES ('new')")
        with pytest.raises(StoreUnavailable):
            await rows.transact(SHARD, [Insert("b", "text")])
        await rows.close()
        with closing(sqlite3.connect(path)) as third:
            assert third.execute("SELECT note FROM notes").fetchall() == [("new",)]


async def test_sharing_the_file_is_no_mishap(rows: SqliteRows, path: Path) -> None:
    """Others may come and go, write so much that the log begins anew, and empty it."""
    for number in range(3):
        other = SqliteRows(path)
        await other.transact(SHARD, [Insert(f"{number}", "text" * 500_000)])
        await other.close()
        with closing(sqlite3.connect(path)) as checkpointer:
            checkpointer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        await rows.transact(SHARD, [Insert(f"after {number}", "text")])
    assert await rows.get(SHARD, "2")
