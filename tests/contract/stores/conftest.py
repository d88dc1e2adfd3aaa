"""Each rule of the store runs on SQLite and, with `-m tables`, on Azure Table Storage as Azurite emulates it."""

import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from uuid import uuid4

import pytest

from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows

AZURITE = Path(__file__).parents[3] / ".azurite/node_modules/.bin/azurite-table"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's account and key are published and the same everywhere ("Use the Azurite emulator")."""
DEFAULT_PORT = 10002
"""Where Azurite's table service listens unless it is told otherwise (same page)."""

OpenRows = Callable[[], Rows]


def connection_string(port: int, key: str = KEY) -> str:
    """The connection string of an Azurite on this machine."""
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};TableEndpoint={endpoint};"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def azurite() -> Iterator[int]:
    """The port of an Azurite table service that keeps everything in memory."""
    port = free_port()
    with running_azurite(port):
        yield port


@pytest.fixture(scope="session")
def default_azurite() -> Iterator[None]:
    """An Azurite at its usual port; where one runs there already, that one will do."""
    with nullcontext() if _is_open(DEFAULT_PORT) else running_azurite(DEFAULT_PORT):
        yield


@contextmanager
def running_azurite(port: int) -> Iterator[None]:
    """An Azurite table service at this port, until the end of the block."""
    assert AZURITE.exists(), "Azurite is not installed: run make test-tables"
    options = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command = [str(AZURITE), "--tableHost", "127.0.0.1", "--tablePort", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own command
        try:
            _wait_for(port, process)
            yield
        finally:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if _is_open(port):
            return
        time.sleep(0.05)
    pytest.fail("Azurite did not start")


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


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
