"""Group commit: writes that come in together share one commit, and fail alone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Event

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.stores.commits import LARGEST_GROUP, Commits


class Database:
    """A table of numbers, the commits that were made, and a way to hold the thread up until a group has gathered."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.commits_made = 0
        self.held = Event()
        self.gate = Event()
        self.commits = Commits(self._connect, "numbers.db")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, isolation_level=None)
        connection.execute("CREATE TABLE IF NOT EXISTS numbers (number INTEGER PRIMARY KEY)")
        connection.set_trace_callback(self._count)
        return connection

    def _count(self, statement: str) -> None:
        self.commits_made += statement == "COMMIT"

    async def together(self, *operations: Callable[[sqlite3.Connection], object]) -> list[object]:
        """The results of writes that all wait before the first of them is begun."""
        held = await self.hold()
        waiting = [asyncio.create_task(self.commits.write(operation)) for operation in operations]
        await self.gathered(len(operations))
        self.gate.set()
        assert await held
        return await asyncio.gather(*waiting, return_exceptions=True)

    async def hold(self) -> asyncio.Task[bool]:
        """Keeps the thread busy until the gate opens; nothing that comes later is in the group that it works on."""

        def wait(_: sqlite3.Connection) -> bool:
            self.held.set()
            return self.gate.wait(30)

        holding = asyncio.create_task(self.commits.read(wait))
        assert await asyncio.to_thread(self.held.wait, 30)
        return holding

    async def gathered(self, count: int) -> None:
        """Returns once so many writes wait in the queue."""
        async with asyncio.timeout(30):
            while self.commits._jobs.qsize() != count:  # noqa: ASYNC110  this queue tells nobody of its length
                await asyncio.sleep(0)

    async def numbers(self) -> list[int]:
        """What is stored."""
        query = "SELECT number FROM numbers ORDER BY number"
        return await self.commits.read(lambda connection: [number for (number,) in connection.execute(query)])


def insert(*numbers: int) -> Callable[[sqlite3.Connection], int]:
    """Stores the numbers one after the other, and returns how many they were."""

    def operation(connection: sqlite3.Connection) -> int:
        for number in numbers:
            connection.execute("INSERT INTO numbers VALUES (?)", (number,))
        return len(numbers)

    return operation


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty table of numbers."""
    database = Database(tmp_path / "numbers.db")
    yield database
    await database.commits.close()


async def test_writes_that_wait_share_one_commit(database: Database) -> None:
    """Fifty writes cost one commit, so one wait for the disk."""
    assert await database.together(*(insert(n) for n in range(50))) == [1] * 50
    assert database.commits_made == 1
    assert await database.numbers() == list(range(50))


async def test_a_group_is_bounded(database: Database) -> None:
    """The first of very many writes does not wait for all of them."""
    await database.together(*(insert(n) for n in range(LARGEST_GROUP + 1)))
    assert database.commits_made == 2


async def test_a_write_that_fails_is_undone_alone(database: Database) -> None:
    """The others of its group are stored, and of it nothing is."""
    first, second, third = await database.together(insert(1), insert(2, 3, 1), insert(4))
    assert (first, third) == (1, 1)
    assert isinstance(second, StoreUnavailable)
    assert await database.numbers() == [1, 4]


async def test_what_a_write_raises_reaches_its_caller(database: Database) -> None:
    """An error of another kind is the caller's own, and harms nobody else."""

    def fail(connection: sqlite3.Connection) -> None:
        insert(7)(connection)
        raise KeyError("mine")

    error, count = await database.together(fail, insert(8))
    assert isinstance(error, KeyError)
    assert count == 1
    assert await database.numbers() == [8]


async def test_a_group_that_sqlite_rolled_back_fails_together(database: Database) -> None:
    """Where SQLite itself gives the transaction up none of its writes is acknowledged, and later ones work."""

    def lose(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT OR ROLLBACK INTO numbers VALUES (1), (1)")

    results = await database.together(insert(5), lose, insert(6))
    assert all(isinstance(result, StoreUnavailable) for result in results)
    assert await database.numbers() == []
    await database.commits.write(insert(9))
    assert await database.numbers() == [9]


async def test_a_caller_that_gives_up_harms_nobody(database: Database) -> None:
    """A write that was cancelled before its turn is not made; the others are."""
    held = await database.hold()
    given_up = asyncio.create_task(database.commits.write(insert(1)))
    kept = asyncio.create_task(database.commits.write(insert(2)))
    await database.gathered(2)
    given_up.cancel()
    await asyncio.wait([given_up])
    database.gate.set()
    await held
    assert await kept == 1
    assert await database.numbers() == [2]


async def test_close_finishes_what_was_asked_for(database: Database) -> None:
    """Writes that wait when the store closes are made first."""
    writes = [asyncio.create_task(database.commits.write(insert(n))) for n in range(20)]
    await asyncio.sleep(0)
    await database.commits.close()
    assert await asyncio.gather(*writes) == [1] * 20
