"""Finding what waits."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason, Waiting, WaitingRequest
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, add, customers_of_one_shard, record


async def waits(store: KeyedRecordStore, hours: int, customer_id: UUID | None = None) -> WaitingRequest:
    """A request that has waited so long."""
    waiting = Waiting(reason=Reason.THROTTLED, detail="-", remedy="-", since=NOW - timedelta(hours=hours))
    stored = (await add(store, Transition(record(customer_id, waiting=waiting)))).record
    return WaitingRequest(stored.customer_tenant_id, stored.request_id, waiting.reason, waiting.since)


async def test_what_waits_longest_comes_first(store: KeyedRecordStore) -> None:
    """Whichever shards they are in; what waits for nothing is not there."""
    await add(store, Transition(record()))
    found = {hours: await waits(store, hours) for hours in (3, 9, 1, 7)}
    assert await store.waiting() == [found[9], found[7], found[3], found[1]]


async def test_of_a_shard_no_more_are_read_than_are_wanted(store: KeyedRecordStore) -> None:
    """Those that wait longest, however many there are."""
    customers = customers_of_one_shard(5)
    found = [await waits(store, hours, each) for hours, each in enumerate(customers, start=1)]
    assert await store.waiting(2) == [found[4], found[3]]
    assert await store.waiting(5) == await store.waiting() == found[::-1]
