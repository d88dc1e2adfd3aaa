"""Many steps in few transactions."""

from datetime import timedelta
from uuid import uuid4

from qualification.domain.record import WorkAction
from qualification.domain.transition import Stored, Transition
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, approved, customers_of_one_shard, record, told, work

LATER = work(WorkAction.REVIEW, timedelta(hours=1))


def later(stored: Stored) -> tuple[Stored, Transition]:
    """The record's work, an hour later."""
    return stored, Transition(stored.record.changed(work=LATER))


async def test_nothing_to_save_is_nothing_saved(store: KeyedRecordStore) -> None:
    """An empty list costs nothing."""
    assert await store.save_all([]) == 0


async def test_hundreds_of_steps_of_one_shard_are_saved(store: KeyedRecordStore) -> None:
    """More changes than one transaction takes go into several."""
    stored = [await store.add(Transition(record(customer_id))) for customer_id in customers_of_one_shard(75)]
    assert await store.save_all([later(each) for each in stored]) == 75
    assert [page async for page in store.due(LATER.due - timedelta(microseconds=1))] == []
    items = [item async for page in store.due(LATER.due) for item in page]
    assert {item.request_id for item in items} == {each.record.request_id for each in stored}
    assert len(items) == 75


async def test_steps_of_many_shards_are_saved(store: KeyedRecordStore) -> None:
    """Customers may be anywhere, and each step does all that a step does."""
    stored = [await store.add(Transition(record())) for _ in range(40)]
    assert await store.save_all([(each, told(approved(each.record))) for each in stored]) == 40
    items = [item async for page in store.due(NOW) for item in page]
    assert [item.action for item in items] == [WorkAction.PUBLISH] * 40
    for each in stored:
        assert await store.active(each.record.customer_tenant_id, each.record.qualification) is None


async def test_a_step_that_lost_a_race_is_left_out_alone(store: KeyedRecordStore) -> None:
    """The other steps of its transaction are saved; its own work is still due."""
    stored = [await store.add(Transition(record(customer_id))) for customer_id in customers_of_one_shard(10)]
    for lost in (stored[0], stored[7]):
        await store.save(lost, Transition(lost.record.changed(attempts=1)))
    assert await store.save_all([later(each) for each in stored]) == 8
    items = [item async for page in store.due(NOW) for item in page]
    assert {item.request_id for item in items} == {stored[0].record.request_id, stored[7].record.request_id}


async def test_the_same_record_twice_is_saved_once(store: KeyedRecordStore) -> None:
    """The second step was decided on a version that the first has replaced."""
    stored = await store.add(Transition(record()))
    assert await store.save_all([later(stored), (stored, Transition(approved(stored.record)))]) == 1
    found = await store.find(stored.record.customer_tenant_id, stored.record.request_id)
    assert found
    assert found.record.work == LATER


async def test_one_request_may_end_and_another_begin(store: KeyedRecordStore) -> None:
    """Steps are saved in order, so a guard can pass from one record to another."""
    customer_id = uuid4()
    first = await store.add(Transition(record(customer_id)))
    waiting = await store.add(Transition(approved(record(customer_id))))
    begins = waiting.record.changed(status=first.record.status, work=work())
    assert await store.save_all([(first, Transition(approved(first.record))), (waiting, Transition(begins))]) == 2
    assert await store.active(customer_id, first.record.qualification) == waiting.record.request_id


async def test_large_records_are_saved_in_several_transactions(store: KeyedRecordStore) -> None:
    """Table Storage takes only so much at once; records that need more together are not refused."""
    stored = [await store.add(Transition(record(customer_id))) for customer_id in customers_of_one_shard(8)]
    long = "学" * 100_000
    steps = [(each, Transition(each.record.changed(vetting_reason=long))) for each in stored]
    assert await store.save_all(steps) == 8
    found = await store.find(stored[0].record.customer_tenant_id, stored[0].record.request_id)
    assert found
    assert found.record.vetting_reason == long
