"""Whatever answers in the name of Azure Table Storage: the store is down, and well afterwards."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.stores.rows import Insert, Rows
from qualification.stores.tables import TableRows
from sandbox.azurite import connection_string
from sandbox.fault_proxy import Faults, HttpProxy, Mishap, Rule

pytestmark = pytest.mark.tables


async def scanned(rows: Rows) -> object:
    """All pages."""
    return [page async for page in rows.scan("00", "", "~")]


CALLS: dict[str, Callable[[Rows], Awaitable[object]]] = {
    "get": lambda rows: rows.get("00", "a"),
    "scan": scanned,
    "ranges": lambda rows: rows.ranges("00", [("", "~")]),
    "transact": lambda rows: rows.transact("00", [Insert(uuid4().hex, "text")]),
}


@pytest.fixture
def faults() -> Faults:
    """What happens on the way to Azurite: nothing yet."""
    return Faults()


@pytest.fixture
async def rows(azurite: int, faults: Faults) -> AsyncIterator[Rows]:
    """One row, at the end of that way."""
    async with HttpProxy(f"http://127.0.0.1:{azurite}", faults) as proxy:
        opened = TableRows.from_connection_string(connection_string(proxy.port), f"test{uuid4().hex}")
        await opened.make()
        await opened.transact("00", [Insert("a", "text")])
        yield opened
        await opened.close()


@pytest.mark.parametrize("mishap", [Mishap.HTML, Mishap.HALF, Mishap.RESET, Mishap.UNAVAILABLE])
@pytest.mark.parametrize("call", CALLS)
async def test_it_is_down_and_well_afterwards(rows: Rows, faults: Faults, call: str, mishap: Mishap) -> None:
    """A page of a gateway makes the SDK stumble; a webhook is answered 503 all the same and not 500."""
    faults.add(Rule(mishap, times=None))
    with pytest.raises(StoreUnavailable):
        await CALLS[call](rows)
    faults.clear()
    assert await CALLS[call](rows)


async def test_many_tasks_at_once_on_fresh_rows_share_a_client(azurite: int, faults: Faults) -> None:
    """The client is opened by whichever comes first; none of them fails, and closing leaves nothing open."""
    table = f"test{uuid4().hex}"
    maker = TableRows.from_connection_string(connection_string(azurite), table)
    await maker.make()
    await maker.close()
    async with HttpProxy(f"http://127.0.0.1:{azurite}", faults) as proxy:
        fresh = TableRows.from_connection_string(connection_string(proxy.port), table)
        inserts = [fresh.transact("00", [Insert(f"{number:02}", "text")]) for number in range(40)]
        await asyncio.gather(*inserts, *(fresh.get("00", "00") for _ in range(40)))
        (rows,) = [page async for page in fresh.scan("00", "", "~")]
        assert len(rows) == 40
        await fresh.close()
