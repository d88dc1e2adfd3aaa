"""Whatever answers in the name of Azure Table Storage: the store is down, and well afterwards."""

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
