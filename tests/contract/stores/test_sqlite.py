"""What holds for the SQLite file in particular."""

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.transition import Stored
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Insert
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.samples import active, add_first, new_file, record, records_of

ROOT = Path(__file__).parents[3]


def start_writer(path: Path, count: int) -> subprocess.Popen[str]:
    """A process that adds requests for the same customers as any other writer."""
    command = [sys.executable, "-m", "tests.contract.stores.writer", str(path), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own program


def acknowledged(lines: list[str]) -> list[tuple[UUID, UUID]]:
    """Customer and request of each complete line a writer printed."""
    return [(UUID(line.split()[0]), UUID(line.split()[1])) for line in lines if line.endswith("\n")]


async def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    """A writer that is killed in the midst of its work leaves every acknowledged request, whole."""
    path = (await new_file(tmp_path / "records.db")).path
    with start_writer(path, 10**9) as writer:
        assert writer.stdout
        lines = [writer.stdout.readline() for _ in range(300)]
        writer.kill()
        lines += writer.stdout.readlines()
    store = KeyedRecordStore(SqliteRows(path))
    for customer_id, request_id in acknowledged(lines):
        stored = await store.find(customer_id, request_id)
        assert stored
        assert await active(store, stored.record) == request_id
    await store.close()


async def test_processes_share_a_file(tmp_path: Path) -> None:
    """Writers that open a file at once and race for the same guards: each customer gets one request."""
    path = (await new_file(tmp_path / "records.db")).path
    writers = [start_writer(path, 150) for _ in range(3)]
    outputs = [writer.communicate()[0] for writer in writers]
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    winners = acknowledged("".join(outputs).splitlines(keepends=True))
    store = KeyedRecordStore(SqliteRows(path))
    assert len(winners) == len({customer_id for customer_id, _ in winners}) == 150
    for customer_id, request_id in winners:
        assert [stored.record.request_id for stored in await records_of(store, customer_id)] == [request_id]
    await store.close()


async def test_commits_are_synced_to_the_disk(tmp_path: Path) -> None:
    """Each commit goes to the write-ahead log and waits for the disk, so that it survives a power failure."""
    rows = await new_file(tmp_path / "records.db")
    with closing(rows._connect()) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL


async def test_making_a_file_makes_its_folder(tmp_path: Path) -> None:
    """A path that does not exist yet is no error then."""
    rows = await new_file(tmp_path / "a" / "b" / "records.db")
    await rows.transact("00", [Insert("a", "text")])
    assert (tmp_path / "a" / "b" / "records.db").is_file()
    await rows.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///records.db", "records.db"),
        ("sqlite:///data/records.db", "data/records.db"),
        ("sqlite:////var/lib/records.db", "/var/lib/records.db"),
        ("sqlite:///C:/data/records.db", "C:/data/records.db"),
        ("sqlite:///C:\\data\\records.db", "C:\\data\\records.db"),
    ],
)
def test_a_url_names_a_file(url: str, path: str) -> None:
    """Three slashes and the path: relative, absolute, or of Windows."""
    assert SqliteRows.from_url(url).path == Path(path)


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite://records.db", "records.db", "", "sqlite:///:memory:"])
def test_a_url_without_a_file_is_refused(url: str) -> None:
    """Only a file survives the process."""
    with pytest.raises(ValueError, match="must be sqlite:///"):
        SqliteRows.from_url(url)


async def test_a_locked_file_is_waited_for_only_so_long(tmp_path: Path) -> None:
    """While another process holds the write lock a write fails with a plain sentence; afterwards it works."""
    path = (await new_file(tmp_path / "records.db")).path
    rows = SqliteRows(path, busy_timeout=0.05)
    await rows.transact("00", [Insert("a", "text")])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="another process holds it locked"):
            await rows.transact("00", [Insert("b", "text")])
        assert await rows.get("00", "a")
        other.execute("ROLLBACK")
    await rows.transact("00", [Insert("b", "text")])
    await rows.close()


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    """Whatever else lies at that path stays as it is."""
    path = tmp_path / "records.db"
    path.write_text("a letter to a customer\n" * 100)
    rows = SqliteRows(path)
    with pytest.raises(StoreUnavailable, match="not an SQLite database"):
        await rows.get("00", "a")
    await rows.close()
    assert path.read_text().startswith("a letter")


async def test_a_folder_in_the_way_says_so(tmp_path: Path) -> None:
    """A path that cannot be opened is named in the error."""
    rows = SqliteRows(tmp_path)
    with pytest.raises(StoreUnavailable, match=f"{tmp_path.name} does not work: it cannot be opened"):
        await rows.get("00", "a")
    await rows.close()


async def test_a_store_that_was_down_works_once_its_folder_is_there(tmp_path: Path) -> None:
    """A failed opening is not remembered: the next use tries again."""
    (tmp_path / "folder").touch()
    rows = SqliteRows(tmp_path / "folder" / "records.db")
    with pytest.raises(StoreUnavailable):
        await rows.get("00", "a")
    (tmp_path / "folder").unlink()
    await new_file(tmp_path / "folder" / "records.db")
    assert await rows.get("00", "a") is None
    await rows.close()


class SmallDisk(SqliteRows):
    """A file that may not grow beyond a few pages, as on a disk that is full."""

    def _connect(self) -> sqlite3.Connection:
        connection = super()._connect()
        connection.execute("PRAGMA max_page_count = 40")
        return connection


async def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    """The step that did not fit leaves nothing, what was acknowledged before is there, and reading goes on."""
    store = KeyedRecordStore(SmallDisk((await new_file(tmp_path / "records.db")).path))
    new = [record() for _ in range(200)]
    results = [(await asyncio.gather(add_first(store, each), return_exceptions=True))[0] for each in new]
    assert any(isinstance(result, StoreUnavailable) and "the disk is full" in str(result) for result in results)
    for each, result in zip(new, results, strict=True):
        found = await store.find(each.customer_tenant_id, each.request_id)
        assert found == (result if isinstance(result, Stored) else None)
    assert isinstance(results[0], Stored)
    await store.close()
