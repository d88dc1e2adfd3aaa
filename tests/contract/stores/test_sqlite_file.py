"""One thread; what waits shares a transaction: what is answered is committed, what fails leaves nothing."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path
from threading import Event, get_ident

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.stores.sqlite_file import SqliteFile


class Numbers:
    """A table of numbers, the connections that were opened, and a way to hold the thread up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.opened = 0
        self.transactions = 0
        self.file = SqliteFile(path, self._connect)
        self._held = Event()
        self.gate = Event()

    def _connect(self) -> sqlite3.Connection:
        self.opened += 1
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY)")
        connection.set_trace_callback(self._trace)
        return connection

    def _trace(self, statement: str) -> None:
        self.transactions += statement == "COMMIT"

    async def hold(self) -> asyncio.Task[bool]:
        """Keeps the thread busy until the gate opens."""

        def wait(_: sqlite3.Connection) -> bool:
            self._held.set()
            return self.gate.wait(30)

        holding = asyncio.create_task(self.file.read(wait))
        assert await asyncio.to_thread(self._held.wait, 30)
        return holding

    def stored(self) -> list[int]:
        """What another process would find."""
        with closing(sqlite3.connect(self.path)) as other:
            return [number for (number,) in other.execute("SELECT number FROM numbers ORDER BY number")]


def insert(*numbers: int) -> Callable[[sqlite3.Connection], int]:
    """Stores the numbers one after the other, and returns how many they were."""

    def operation(connection: sqlite3.Connection) -> int:
        for number in numbers:
            connection.execute("INSERT INTO numbers VALUES (?)", (number,))
        return len(numbers)

    return operation


@pytest.fixture
async def numbers(tmp_path: Path) -> AsyncIterator[Numbers]:
    """An empty table of numbers."""
    numbers = Numbers(tmp_path / "numbers.db")
    yield numbers
    await numbers.file.close()


async def test_what_was_answered_is_committed(numbers: Numbers) -> None:
    """Whoever opens the file at that moment finds it."""
    for number in range(3):
        assert await numbers.file.write(insert(number)) == 1
        assert numbers.stored() == list(range(number + 1))


async def test_all_operations_share_one_thread_and_connection(numbers: Numbers) -> None:
    """However many are asked for at once."""
    threads = await asyncio.gather(*(numbers.file.read(lambda _: get_ident()) for _ in range(50)))
    assert len(set(threads)) == 1
    assert threads[0] != get_ident()
    assert numbers.opened == 1


def insert_and_fail(connection: sqlite3.Connection) -> None:
    """Stores 7, and then raises an error that is no matter of SQLite."""
    insert(7)(connection)
    raise KeyError("mine")


async def written_together(numbers: Numbers, *operations: Callable[[sqlite3.Connection], object]) -> list[object]:
    """The outcomes of writes that all wait when the thread comes to them."""
    held = await numbers.hold()
    writes = [asyncio.create_task(numbers.file.write(operation)) for operation in operations]
    await asyncio.sleep(0)
    numbers.gate.set()
    assert await held
    return await asyncio.gather(*writes, return_exceptions=True)


async def test_writes_that_wait_share_a_transaction(numbers: Numbers) -> None:
    """And so one sync to the disk, however many they are."""
    assert await written_together(numbers, *(insert(number) for number in range(20))) == [1] * 20
    assert numbers.transactions == 1
    assert numbers.stored() == list(range(20))


async def test_a_write_that_fails_is_undone_alone(numbers: Numbers) -> None:
    """Those beside it are stored, and of it nothing is."""
    first, second, third = await written_together(numbers, insert(1), insert_and_fail, insert(4))
    assert (first, third) == (1, 1)
    assert isinstance(second, KeyError)
    assert numbers.stored() == [1, 4]


async def test_an_error_of_sqlite_fails_all_that_share_the_transaction(numbers: Numbers) -> None:
    """None of them is acknowledged and nothing of them is stored."""
    outcomes = await written_together(numbers, insert(1), insert(2, 1), insert(4))
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert numbers.stored() == []
    assert await numbers.file.write(insert(1)) == 1


async def test_what_a_write_raises_reaches_its_caller(numbers: Numbers) -> None:
    """An error of another kind is the caller's own, its changes are undone, and the connection stays."""
    with pytest.raises(KeyError, match="mine"):
        await numbers.file.write(insert_and_fail)
    await numbers.file.write(insert(8))
    assert numbers.stored() == [8]
    assert numbers.opened == 1


async def test_a_write_that_sqlite_rolled_back_fails(numbers: Numbers) -> None:
    """Where SQLite itself gives the transaction up the write is not acknowledged, and later ones work."""

    def lose(connection: sqlite3.Connection) -> None:
        insert(5)(connection)
        connection.execute("INSERT OR ROLLBACK INTO numbers VALUES (1), (1)")

    with pytest.raises(StoreUnavailable):
        await numbers.file.write(lose)
    assert numbers.stored() == []
    await numbers.file.write(insert(9))
    assert numbers.stored() == [9]


async def test_a_caller_that_gives_up_harms_nobody(numbers: Numbers) -> None:
    """A write that was cancelled before its turn is not made; the others are."""
    held = await numbers.hold()
    given_up, kept = (asyncio.create_task(numbers.file.write(insert(number))) for number in (1, 2))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    numbers.gate.set()
    assert await held
    assert await kept == 1
    assert numbers.stored() == [2]


async def test_close_finishes_what_was_asked_for(numbers: Numbers) -> None:
    """Writes that wait when the store closes are made first; the next use opens the file again."""
    writes = [asyncio.create_task(numbers.file.write(insert(number))) for number in range(20)]
    await asyncio.sleep(0)
    await numbers.file.close()
    assert [write.result() for write in writes] == [1] * 20
    await numbers.file.write(insert(20))
    assert numbers.opened == 2
