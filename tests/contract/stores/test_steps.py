"""A step of a record: all of its rows, or none."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.errors import StepConflict
from qualification.domain.record import Status, WorkAction, WorkItem
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.transition import Stored, Transition
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import CODE, NOW, approved, joining, record, told, work

FAR = NOW + timedelta(days=400)


async def due_items(store: KeyedRecordStore) -> list[WorkItem]:
    """All work there is."""
    return [item async for page in store.due(FAR) for item in page]


async def add(store: KeyedRecordStore) -> Stored:
    """A queued request, stored."""
    return await store.add(Transition(record()))


async def test_a_record_is_read_back_as_it_was_stored(store: KeyedRecordStore) -> None:
    """What `add` returns is what `find` finds, ETag and all."""
    stored = await add(store)
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == stored


async def test_an_unknown_request_is_none(store: KeyedRecordStore) -> None:
    """Nothing known about a customer is no error."""
    assert await store.find(uuid4(), uuid4()) is None
    assert await store.records(uuid4()) == []
    assert await store.active(uuid4(), Qualification.EDUCATION) is None
    assert await store.joined(uuid4(), uuid4()) is None


async def test_a_validation_code_survives_the_store(store: KeyedRecordStore) -> None:
    """The store keeps the code in clear, or the request could not be sent."""
    kept = (await store.add(Transition(record(qualification=Qualification.GOVERNMENT_COMMUNITY_CLOUD)))).record
    found = await store.find(kept.customer_tenant_id, kept.request_id)
    assert found
    assert isinstance(found.record.request, GovernmentRequest)
    assert found.record.request.validation_code == SecretStr(CODE)


async def test_records_of_many_customers_are_read_together(store: KeyedRecordStore) -> None:
    """In whichever shards they are."""
    stored = [await add(store) for _ in range(20)]
    wanted = stored[::2]
    found = await store.records(*(each.record.customer_tenant_id for each in wanted))
    assert {each.record.request_id: each for each in found} == {each.record.request_id: each for each in wanted}


async def test_a_customers_records_are_its_own(store: KeyedRecordStore) -> None:
    """All of a customer's records, finished ones too, and nobody else's."""
    customer_id = uuid4()
    mine = [await store.add(Transition(record(customer_id, qualification))) for qualification in Qualification]
    finished = await store.save(mine[0], Transition(approved(mine[0].record)))
    await add(store)
    found = await store.records(customer_id)
    assert {each.record.request_id: each for each in found} == {
        each.record.request_id: each for each in [finished, *mine[1:]]
    }


async def test_adding_twice_is_a_conflict(store: KeyedRecordStore) -> None:
    """A request id is stored once, whatever else the second record says."""
    stored = await add(store)
    again = stored.record.changed(status=Status.DENIED, work=None, source="other")
    with pytest.raises(StepConflict):
        await store.add(Transition(again))
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == stored


async def test_a_second_active_request_leaves_nothing(store: KeyedRecordStore) -> None:
    """While one request is active another for the same qualification stores no record, work item or event."""
    first = await add(store)
    other = record(first.record.customer_tenant_id)
    with pytest.raises(StepConflict):
        await store.add(told(other))
    assert await store.find(other.customer_tenant_id, other.request_id) is None
    assert [item.request_id for item in await due_items(store)] == [first.record.request_id]
    assert await store.active(other.customer_tenant_id, other.qualification) == first.record.request_id


async def test_other_qualifications_may_be_active_beside_it(store: KeyedRecordStore) -> None:
    """The guard is for a customer and a qualification."""
    customer_id = uuid4()
    added = {each: await store.add(Transition(record(customer_id, each))) for each in Qualification}
    for qualification, stored in added.items():
        assert await store.active(customer_id, qualification) == stored.record.request_id


async def test_one_of_many_new_requests_gets_the_guard(store: KeyedRecordStore) -> None:
    """Of all requests that come at once for a customer and qualification exactly one is stored."""
    customer_id = uuid4()
    tries = [store.add(Transition(record(customer_id))) for _ in range(12)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    winners = [result for result in results if isinstance(result, Stored)]
    assert len(winners) == 1
    assert sum(isinstance(result, StepConflict) for result in results) == 11
    assert await store.records(customer_id) == winners
    assert len(await due_items(store)) == 1


async def test_the_guard_goes_with_the_last_active_status(store: KeyedRecordStore) -> None:
    """A finished request makes room for the next one."""
    stored = await add(store)
    reviewed = await store.save(stored, Transition(stored.record.changed(status=Status.IN_REVIEW)))
    customer_id, qualification = stored.record.customer_tenant_id, stored.record.qualification
    assert await store.active(customer_id, qualification) == stored.record.request_id
    await store.save(reviewed, Transition(approved(reviewed.record)))
    assert await store.active(customer_id, qualification) is None
    await store.add(Transition(record(customer_id)))


async def test_a_step_on_a_finished_record_leaves_anothers_guard_alone(store: KeyedRecordStore) -> None:
    """A look at a finished request must not let a third request in beside the second."""
    stored = await add(store)
    finished = await store.save(stored, Transition(approved(stored.record)))
    second = await store.add(Transition(record(stored.record.customer_tenant_id)))
    await store.save(finished, Transition(finished.record.changed(status=Status.REVOKED)))
    active = await store.active(second.record.customer_tenant_id, second.record.qualification)
    assert active == second.record.request_id


async def test_a_stale_record_is_not_saved(store: KeyedRecordStore) -> None:
    """Who decided on an older version stores no record, work item or event."""
    stored = await add(store)
    newer = await store.save(stored, Transition(stored.record.changed(attempts=1)))
    with pytest.raises(StepConflict):
        await store.save(stored, told(approved(stored.record)))
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == newer
    assert [item.action for item in await due_items(store)] == [WorkAction.QUEUE]
    assert await store.active(stored.record.customer_tenant_id, stored.record.qualification)


async def test_one_of_many_steps_wins(store: KeyedRecordStore) -> None:
    """Of all steps from the same version exactly one is stored, with its work item."""
    stored = await add(store)
    steps = [stored.record.changed(attempts=n, work=work(after=timedelta(minutes=n))) for n in range(1, 13)]
    results = await asyncio.gather(*(store.save(stored, Transition(step)) for step in steps), return_exceptions=True)
    winners = [result for result in results if isinstance(result, Stored)]
    assert len(winners) == 1
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == winners[0]
    assert len(await due_items(store)) == 1


async def test_the_work_item_follows_the_record(store: KeyedRecordStore) -> None:
    """An unfinished record has one work item, at the time and for the action that it names; a finished one has none."""
    stored = await add(store)
    for step in (work(WorkAction.REVIEW), work(WorkAction.REVIEW, timedelta(hours=1)), work(WorkAction.QUEUE)):
        stored = await store.save(stored, Transition(stored.record.changed(work=step)))
        assert [(item.action, item.request_id) for item in await due_items(store)] == [
            (step.action, stored.record.request_id)
        ]
        assert [page async for page in store.due(step.due - timedelta(microseconds=1))] == []
    await store.save(stored, Transition(approved(stored.record)))
    assert await due_items(store) == []


async def test_an_event_another_request_answers_for_is_found(store: KeyedRecordStore) -> None:
    """The sender's event is noted in the same step, so its next delivery gets the same answer."""
    stored = await add(store)
    join = joining(stored.record)
    saved = await store.save(stored, Transition(stored.record), join)
    assert await store.joined(stored.record.customer_tenant_id, join.request_id) == join
    assert await store.find(stored.record.customer_tenant_id, join.request_id) is None
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == saved


async def test_an_event_another_request_answers_for_is_no_request(store: KeyedRecordStore) -> None:
    """It cannot become one, also once that request has ended, and is not among the customer's."""
    stored = await add(store)
    join = joining(stored.record)
    saved = await store.save(stored, Transition(approved(stored.record)), join)
    with pytest.raises(StepConflict):
        await store.add(Transition(stored.record.changed(request_id=join.request_id)))
    assert await store.records(stored.record.customer_tenant_id) == [saved]


async def test_joining_twice_leaves_nothing(store: KeyedRecordStore) -> None:
    """A join that is stored already undoes the whole step: record, work item and events."""
    stored = await add(store)
    join = joining(stored.record)
    saved = await store.save(stored, Transition(stored.record), join)
    with pytest.raises(StepConflict):
        await store.save(saved, told(approved(saved.record)), join)
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == saved
    assert [item.action for item in await due_items(store)] == [WorkAction.QUEUE]


async def test_an_event_about_another_customer_is_refused(store: KeyedRecordStore) -> None:
    """It could not be stored in the same transaction."""
    event = told(record()).events[0]
    with pytest.raises(ValueError, match="own customer"):
        await store.add(Transition(record(), (event,)))
