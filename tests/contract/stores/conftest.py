"""Each rule of the store runs on SQLite and, with `-m tables`, on Azure Table Storage as Azurite emulates it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

import pytest

from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows
from sandbox.azurite import connection_string, free_port, is_open, running_azurite

DEFAULT_PORT = 10002
"""Where Azurite's table service listens unless it is told otherwise (same page)."""

OpenRows = Callable[[], Rows]


@pytest.fixture(scope="session")
def azurite() -> Iterator[int]:
    """The port of an Azurite table service that keeps everything in memory."""
    port = free_port()
    with running_azurite(port):
        yield port


@pytest.fixture(scope="session")
def default_azurite() -> Iterator[None]:
    """An Azurite at its usual port; where one runs there already, that one will do."""
    with nullcontext() if is_open(DEFAULT_PORT) else running_azurite(DEFAULT_PORT):
        yield


@pytest.fixture
def azurite_account(azurite: int) -> str:
    """The connection string of the running Azurite."""
    return connection_string(azurite)


@pytest.fixture
def dead_account() -> str:
    """The connection string of an account where nobody listens."""
    return connection_string(free_port())


@pytest.fixture(params=["sqlite", pytest.param("tables", marks=pytest.mark.tables)])
async def open_rows(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[OpenRows]:
    """Opens the same, at first empty, rows again and again, as so many processes would."""
    opened: list[Rows] = []
    table = f"test{uuid4().hex}"

    def open_again() -> Rows:
        if request.param == "sqlite":
            opened.append(SqliteRows(tmp_path / "records.db"))
        else:
            opened.append(TableRows.from_connection_string(request.getfixturevalue("azurite_account"), table))
        return opened[-1]

    await open_again().make()
    yield open_again
    for each in opened:
        await each.close()


@pytest.fixture
def rows(open_rows: OpenRows) -> Rows:
    """Empty rows."""
    return open_rows()


@pytest.fixture
def store(rows: Rows) -> KeyedRecordStore:
    """A store over the same rows as `rows`."""
    return KeyedRecordStore(rows)
