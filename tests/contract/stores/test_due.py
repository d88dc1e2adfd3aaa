"""Finding what is due."""

import asyncio
from contextlib import aclosing
from datetime import datetime, timedelta
from uuid import uuid4

from qualification.domain.transition import Transition
from qualification.domain.work import WorkAction, WorkItem
from qualification.stores.due import shard_order
from qualification.stores.keys import SHARDS, shard_of
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import MAX_CHANGES, PAGE, Insert, Rows
from tests.contract.stores.samples import NOW, add, customers_of_one_shard, record, save, told, work

MICROSECOND = timedelta(microseconds=1)


async def due_items(store: KeyedRecordStore, now: datetime = NOW) -> list[WorkItem]:
    """All work due at `now`."""
    return [item async for page in store.due(now) for item in page]


async def test_nothing_due_is_no_page(store: KeyedRecordStore) -> None:
    """An empty store has no work."""
    assert [page async for page in store.due(NOW)] == []


async def test_work_is_due_from_its_very_microsecond(store: KeyedRecordStore) -> None:
    """Due means: due at `now` or before."""
    stored = await add(store, Transition(record()))
    assert await due_items(store, NOW - MICROSECOND) == []
    assert [item.request_id for item in await due_items(store, NOW)] == [stored.record.request_id]


async def test_an_item_says_what_to_do_for_whom(store: KeyedRecordStore) -> None:
    """A record's item names action, customer and request; an event's item brings the event along."""
    transition = told(record(work=work(WorkAction.REVIEW)))
    await add(store, transition)
    publish, review = await due_items(store)
    ids = (transition.record.customer_tenant_id, transition.record.request_id)
    assert (review.action, review.customer_tenant_id, review.request_id, review.event) == ("review", *ids, None)
    assert (publish.action, publish.customer_tenant_id, publish.request_id) == ("publish", *ids)
    assert publish.event == transition.events[0]


async def test_a_customers_items_come_as_they_fell_due(store: KeyedRecordStore) -> None:
    """Older work first, and a request's events in the order of their numbers, past nine of the same moment too."""
    stored = await add(store, Transition(record(work=work(after=-timedelta(days=1)))))
    for number in range(12):
        after = timedelta(seconds=0 if number < 11 else -1)
        stored = await save(store, stored, told(stored.record, after))
    numbers = [item.event.sequence if item.event else 0 for item in await due_items(store)]
    assert numbers == [0, 12, *range(1, 12)]


async def test_items_of_a_shard_come_in_order_of_time(store: KeyedRecordStore) -> None:
    """Whichever customers share a shard, what fell due first comes first."""
    customers = customers_of_one_shard(20)
    for number, customer_id in enumerate(customers):
        age = timedelta(minutes=number * 7 % 20)
        await add(store, Transition(record(customer_id, work=work(after=-age), attempts=number)))
    expected = sorted(range(20), key=lambda number: -(number * 7 % 20))
    found = [item.customer_tenant_id for item in await due_items(store)]
    assert found == [customers[number] for number in expected]


async def test_thousands_of_items_come_in_bounded_pages_once(store: KeyedRecordStore, rows: Rows) -> None:
    """A backlog is read page by page from all shards, each item once."""
    customers = customers_of_one_shard(1)
    spread = [uuid4() for _ in range(3 * len(SHARDS))]
    keys = [f"work|2026-01-01T00:00:00.{n:06}Z|queue|{customers[0]}|{uuid4()}" for n in range(2 * PAGE + 100)]
    for start in range(0, len(keys), MAX_CHANGES):
        changes = [Insert(key, "") for key in keys[start : start + MAX_CHANGES]]
        await rows.transact(shard_of(customers[0]), changes)
    for customer_id in spread:
        await add(store, Transition(record(customer_id)))
    pages = [page async for page in store.due(NOW)]
    assert max(map(len, pages)) <= PAGE
    found = [item for page in pages for item in page]
    assert [item.key for item in found if item.customer_tenant_id == customers[0]] == keys
    assert {item.customer_tenant_id for item in found} == {*customers, *spread}
    assert len(found) == len(keys) + len(spread)


async def test_a_run_may_stop_early(store: KeyedRecordStore) -> None:
    """Leaving after the first page leaves nothing running, and the rest is still due."""
    for _ in range(40):
        await add(store, Transition(record()))
    async with aclosing(store.due(NOW)) as pages:
        assert await anext(pages)
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert len(await due_items(store)) == 40


async def test_runs_begin_elsewhere_each_time() -> None:
    """Every shard is first at some time, whatever the period of the timer."""
    for period in (timedelta(minutes=1), timedelta(minutes=4), timedelta(minutes=16), timedelta(hours=1)):
        orders = [shard_order(NOW + number * period) for number in range(400)]
        assert {order[0] for order in orders} == set(SHARDS)
        assert all(sorted(order) == list(SHARDS) for order in orders)
