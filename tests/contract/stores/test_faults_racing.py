"""Many writers at once, each with connections of its own, as so many hosts would have."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from qualification.domain.errors import StepConflict
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Step, Transition
from qualification.domain.work import WorkAction
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.conftest import OpenRows
from tests.contract.stores.samples import (
    NOW,
    active,
    add,
    approved,
    customers_of_one_shard,
    record,
    records_of,
    save,
    state_of,
    told,
    work,
)

WRITERS, STEPS = 4, 10


async def take_steps(store: KeyedRecordStore, customer_id: UUID, request_id: UUID) -> list[str]:
    """Take a number of steps, each on the newest version; the ETags that this writer has won."""
    won: list[str] = []
    while len(won) < STEPS:
        stored = await store.find(customer_id, request_id)
        assert stored
        step = told(stored.record.changed(attempts=stored.record.attempts + 1))
        try:
            await save(store, stored, step)
        except StepConflict:
            continue
        won.append(stored.etag)
    return won


async def test_each_version_has_one_winner(open_rows: OpenRows) -> None:
    """No step is lost or taken twice: as many versions as steps, as many events, numbered without a gap."""
    stores = [KeyedRecordStore(open_rows()) for _ in range(WRITERS)]
    new = record()
    customer_id, request_id = new.customer_tenant_id, new.request_id
    await add(stores[0], Transition(new))
    won = await asyncio.gather(*(take_steps(store, customer_id, request_id) for store in stores))
    etags = [etag for each in won for etag in each]
    assert len(etags) == len(set(etags)) == WRITERS * STEPS
    stored = await stores[0].find(customer_id, request_id)
    assert stored
    assert stored.record.attempts == stored.record.sequence == WRITERS * STEPS
    items = [item async for page in stores[0].due(NOW) for item in page]
    told_of = sorted(item.event.sequence for item in items if item.event)
    assert told_of == list(range(1, WRITERS * STEPS + 1))
    assert [item.action for item in items if not item.event] == [WorkAction.QUEUE]


async def live(store: KeyedRecordStore, customer_id: UUID, held: set[UUID]) -> int:
    """Get requests of one customer in and out again, as often as the guard allows; how often it did."""
    begun = 0
    for _ in range(STEPS):
        try:
            before = await state_of(store, customer_id)
            if before.active(Qualification.EDUCATION):
                continue
            (stored,) = await store.commit(before, [Step(None, Transition(record(customer_id)))])
        except StepConflict:
            continue
        begun += 1
        held.add(stored.record.request_id)
        assert len(held) == 1, "two requests are active at the same time"
        assert await active(store, stored.record) == stored.record.request_id
        held.remove(stored.record.request_id)
        await save(store, stored, Transition(approved(stored.record)))
    return begun


async def test_the_guard_lets_one_in_at_a_time(open_rows: OpenRows) -> None:
    """Requests that come and go all the time never overlap, and the last one leaves no guard."""
    stores = [KeyedRecordStore(open_rows()) for _ in range(WRITERS)]
    customer_id = uuid4()
    held: set[UUID] = set()
    begun = await asyncio.gather(*(live(store, customer_id, held) for store in stores))
    assert sum(begun) == len(await records_of(stores[0], customer_id)) > 0
    assert (await state_of(stores[0], customer_id)).active(Qualification.EDUCATION) is None
    assert [page async for page in stores[0].due(NOW)] == []


@pytest.mark.parametrize("writers", [2, 4])
async def test_batches_that_race_save_each_record_whole(open_rows: OpenRows, writers: int) -> None:
    """Of batches over the same records each record goes to one of them, with all of its rows; the counts add up."""
    stores = [KeyedRecordStore(open_rows()) for _ in range(writers)]
    stored = [await add(stores[0], Transition(record(customer_id))) for customer_id in customers_of_one_shard(45)]

    states = await stores[0].customers(*(each.record.customer_tenant_id for each in stored))

    def steps(writer: int) -> list[tuple[CustomerState, list[Step]]]:
        review = work(WorkAction.REVIEW, timedelta(hours=writer + 1))
        changes = {"status": Status.IN_REVIEW, "attempts": writer, "work": review}
        # 45 records of five rows each: more than one transaction takes.
        return [
            (states[each.record.customer_tenant_id], [Step(each, told(each.record.changed(**changes)))])
            for each in stored
        ]

    saved = await asyncio.gather(*(store.commit_all(steps(writer)) for writer, store in enumerate(stores)))
    assert sum(saved) == len(stored)
    items = [item async for page in stores[0].due(NOW + timedelta(days=1)) for item in page]
    reviews = {item.request_id: item.key for item in items if item.action is WorkAction.REVIEW}
    events = [item.request_id for item in items if item.event]
    assert len(items) == 2 * len(stored)
    assert sorted(events) == sorted(reviews) == sorted(each.record.request_id for each in stored)
    for each in stored:
        found = await stores[0].find(each.record.customer_tenant_id, each.record.request_id)
        assert found
        due = NOW + timedelta(hours=found.record.attempts + 1)
        assert found.record.work
        assert found.record.work.due == due
        assert f"|{due:%Y-%m-%dT%H:%M}" in reviews[each.record.request_id]
