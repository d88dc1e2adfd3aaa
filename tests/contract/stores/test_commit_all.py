"""Quiet steps of many customers in few transactions."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import CustomerState, Step, Stored, Transition
from qualification.domain.work import WorkAction
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import (
    NOW,
    active,
    add,
    approved,
    customers_of_one_shard,
    record,
    save,
    state_of,
    work,
)

LATER = work(WorkAction.REVIEW, timedelta(hours=1))
type Quiet = tuple[CustomerState, Sequence[Step]]


async def quiet(store: KeyedRecordStore, stored: Stored, after: Record | None = None) -> Quiet:
    """A step of this version: the record's work, an hour later, if nothing else."""
    state = await state_of(store, stored.record.customer_tenant_id)
    return state, [Step(stored, Transition(after or stored.record.changed(work=LATER)))]


async def of_one_shard(store: KeyedRecordStore, count: int) -> list[Stored]:
    """So many requests whose rows share a shard."""
    return [await add(store, Transition(record(each))) for each in customers_of_one_shard(count)]


async def test_nothing_to_save_is_nothing_saved(store: KeyedRecordStore) -> None:
    """An empty list costs nothing."""
    assert await store.commit_all([]) == 0


async def test_hundreds_of_steps_of_one_shard_are_saved(store: KeyedRecordStore) -> None:
    """More changes than one transaction takes go into several."""
    stored = await of_one_shard(store, 75)
    assert await store.commit_all([await quiet(store, each) for each in stored]) == 75
    assert [page async for page in store.due(LATER.due - timedelta(microseconds=1))] == []
    items = [item async for page in store.due(LATER.due) for item in page]
    assert {item.request_id for item in items} == {each.record.request_id for each in stored}
    assert len(items) == 75


async def test_steps_of_many_shards_are_saved(store: KeyedRecordStore) -> None:
    """Customers may be anywhere, and each step does all that a step does."""
    stored = [await add(store, Transition(record())) for _ in range(40)]
    assert await store.commit_all([await quiet(store, each, approved(each.record)) for each in stored]) == 40
    assert [item async for page in store.due(NOW) for item in page] == []
    assert [await active(store, each.record) for each in stored] == [None] * 40


async def test_all_steps_of_a_customer_are_saved(store: KeyedRecordStore) -> None:
    """One read may have been about several requests."""
    customer_id = customers_of_one_shard(1)[0]
    stored = [await add(store, Transition(record(customer_id, each))) for each in Qualification]
    steps = [Step(each, Transition(each.record.changed(work=LATER))) for each in stored]
    assert await store.commit_all([(await state_of(store, customer_id), steps)]) == len(steps)


async def test_a_step_that_lost_a_race_is_left_out_alone(store: KeyedRecordStore) -> None:
    """The other steps of its transaction are saved; its own work is still due."""
    stored = await of_one_shard(store, 10)
    for lost in (stored[0], stored[7]):
        await save(store, lost, Transition(lost.record.changed(attempts=1)))
    assert await store.commit_all([await quiet(store, each) for each in stored]) == 8
    items = [item async for page in store.due(NOW) for item in page]
    assert {item.request_id for item in items} == {stored[0].record.request_id, stored[7].record.request_id}


async def test_the_same_record_twice_is_saved_once(store: KeyedRecordStore) -> None:
    """The second step was decided on a version that the first has replaced."""
    (stored,) = await of_one_shard(store, 1)
    twice = [await quiet(store, stored), await quiet(store, stored, approved(stored.record))]
    assert await store.commit_all(twice) == 1
    found = await store.find(stored.record.customer_tenant_id, stored.record.request_id)
    assert found
    assert found.record.work == LATER


async def test_large_records_are_saved_in_several_transactions(store: KeyedRecordStore) -> None:
    """Table Storage takes only so much at once; records that need more together are not refused."""
    stored = await of_one_shard(store, 8)
    long = "学" * 100_000
    steps = [await quiet(store, each, each.record.changed(vetting_reason=long)) for each in stored]
    assert await store.commit_all(steps) == 8
    found = await store.find(stored[0].record.customer_tenant_id, stored[0].record.request_id)
    assert found
    assert found.record.vetting_reason == long


async def test_the_guard_of_a_newer_request_stands(store: KeyedRecordStore) -> None:
    """A step that was decided before the newer one came changes no guard."""
    (first,) = await of_one_shard(store, 1)
    ended = await save(store, first, Transition(approved(first.record)))
    step = await quiet(store, ended, ended.record.changed(status=Status.REVOKED))
    second = await add(store, Transition(record(first.record.customer_tenant_id)))
    assert await store.commit_all([step]) == 0
    newest: UUID | None = await active(store, second.record)
    assert newest == second.record.request_id
