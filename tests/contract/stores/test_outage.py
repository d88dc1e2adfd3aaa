"""A store that is down says so, soon and in one kind of error."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from qualification.domain.customer import Customer
from qualification.domain.errors import StoreUnavailable
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.transition import CustomerState, Step, Stored, Transition
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows
from qualification.stores.tables import TableRows
from qualification.use_cases.ports import RecordStore, StoredHold
from tests.contract.stores.samples import NOW, add_first, joining, record, records_of, told

STORED = Stored(record(), "etag")
TOLD = told(STORED.record)


def nothing_of(of: Record) -> CustomerState:
    """A customer of whom nothing is stored."""
    return CustomerState(Customer(customer_tenant_id=of.customer_tenant_id))


def quiet(of: Record) -> tuple[CustomerState, list[Step]]:
    """A step without events."""
    return nothing_of(of), [Step(Stored(of, "etag"), Transition(of))]


async def read_due(store: RecordStore) -> None:
    """Look for due work."""
    async for _ in store.due(NOW):
        pass


CALLS: dict[str, Callable[[RecordStore], Awaitable[object]]] = {
    "find": lambda store: store.find(uuid4(), uuid4()),
    "customers": lambda store: store.customers(uuid4()),
    "joined": lambda store: store.joined(uuid4(), uuid4()),
    "join": lambda store: store.join(uuid4(), joining(STORED.record)),
    "commit": lambda store: store.commit(nothing_of(STORED.record), [Step(STORED, TOLD)]),
    "commit_all": lambda store: store.commit_all([quiet(record()) for _ in range(9)]),
    "due": read_due,
    "is_unpublished": lambda store: store.is_unpublished(TOLD.record),
    "published": lambda store: store.published(STORED.record.customer_tenant_id, TOLD.events),
    "alert_once": lambda store: store.alert_once("cause", TOLD.events[0]),
    "hold": lambda store: store.hold(uuid4()),
    "put_hold": lambda store: store.put_hold(uuid4(), StoredHold(Hold(), None), Hold()),
    "ping": lambda store: store.ping(),
}


@pytest.fixture(params=["sqlite", "tables"])
def store_that_is_down(request: pytest.FixtureRequest, tmp_path: Path, dead_account: str) -> KeyedRecordStore:
    """A store whose folder is a file, or where nobody listens."""
    if request.param == "tables":
        return KeyedRecordStore(TableRows.from_connection_string(dead_account))
    (tmp_path / "file").touch()
    return KeyedRecordStore(SqliteRows(tmp_path / "file" / "records.db"))


@pytest.mark.parametrize("call", CALLS)
async def test_every_method_says_that_the_store_is_down(store_that_is_down: KeyedRecordStore, call: str) -> None:
    """Within seconds, and as StoreUnavailable: a webhook must still answer 503 in time."""
    async with asyncio.timeout(20):
        with pytest.raises(StoreUnavailable):
            await CALLS[call](store_that_is_down)
    await store_that_is_down.close()


async def test_a_store_that_is_up_answers_a_ping(store: KeyedRecordStore) -> None:
    """A ping of a store that works returns, also before anything was stored."""
    await store.ping()


async def test_proving_that_it_may_write_leaves_nothing(store: KeyedRecordStore) -> None:
    """A sign-in that may only read fails here; one that may write has changed nothing, however often it proves it."""
    kept = await add_first(store, record())
    for _ in range(2):
        await store.prove_writing()
    assert await records_of(store, kept.record.customer_tenant_id) == [kept]


async def test_a_store_that_is_down_proves_nothing(store_that_is_down: KeyedRecordStore) -> None:
    """As every other call."""
    with pytest.raises(StoreUnavailable):
        await store_that_is_down.prove_writing()
    await store_that_is_down.close()
