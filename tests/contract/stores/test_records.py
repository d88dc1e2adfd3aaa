"""Records and guards: read back as stored, added once, one active request of a qualification."""

import asyncio
from uuid import uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.customer import Customer
from qualification.domain.errors import StepConflict
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.transition import Step, Transition
from qualification.domain.work import WorkAction
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import (
    CODE,
    active,
    add,
    approved,
    record,
    records_of,
    save,
    state_of,
    told,
)
from tests.contract.stores.step_helpers import GOVERNMENT, due_items, queued


async def test_a_record_is_read_back_as_it_was_stored(store: KeyedRecordStore) -> None:
    """What `commit` returns is what `find` and `customers` find, ETag and all."""
    stored = await queued(store)
    assert await store.find(stored.record.customer_tenant_id, stored.record.request_id) == stored
    assert await records_of(store, stored.record.customer_tenant_id) == [stored]


async def test_an_unknown_customer_is_empty(store: KeyedRecordStore) -> None:
    """Nothing known about a customer is no error."""
    customer_id = uuid4()
    state = await state_of(store, customer_id)
    assert (state.records, state.guards, state.etag, state.unreadable) == ((), {}, None, 0)
    assert state.customer == Customer(customer_tenant_id=customer_id)
    assert await store.find(customer_id, uuid4()) is None
    assert await store.joined(customer_id, uuid4()) is None


async def test_a_validation_code_survives_the_store(store: KeyedRecordStore) -> None:
    """The store keeps the code in clear, or the request could not be sent."""
    kept = (await add(store, Transition(record(qualification=GOVERNMENT)))).record
    found = await store.find(kept.customer_tenant_id, kept.request_id)
    assert found
    assert isinstance(found.record.request, GovernmentRequest)
    assert found.record.request.validation_code == SecretStr(CODE)


async def test_many_customers_are_read_together(store: KeyedRecordStore) -> None:
    """In whichever shards they are, each with what is its own."""
    stored = [await queued(store) for _ in range(20)]
    wanted = stored[::2]
    states = await store.customers(*(each.record.customer_tenant_id for each in wanted))
    found = {customer_id: state.records for customer_id, state in states.items()}
    assert found == {each.record.customer_tenant_id: (each,) for each in wanted}


async def test_a_customers_records_are_its_own(store: KeyedRecordStore) -> None:
    """All of a customer's records, finished ones too, and nobody else's."""
    customer_id = uuid4()
    mine = [await add(store, Transition(record(customer_id, qualification))) for qualification in Qualification]
    finished = await save(store, mine[0], Transition(approved(mine[0].record)))
    await queued(store)
    found = await records_of(store, customer_id)
    assert {each.record.request_id: each for each in found} == {
        each.record.request_id: each for each in [finished, *mine[1:]]
    }


async def test_adding_twice_is_a_conflict(store: KeyedRecordStore) -> None:
    """A request id is stored once, whatever else the second record says."""
    stored = await queued(store)
    again = stored.record.changed(status=Status.DENIED, work=None, source="other")
    with pytest.raises(StepConflict):
        await add(store, Transition(again))
    assert await records_of(store, stored.record.customer_tenant_id) == [stored]


async def test_who_has_not_seen_the_guard_stores_nothing(store: KeyedRecordStore) -> None:
    """A second request that was decided on an empty customer leaves no record, work item or event."""
    first = record()
    nothing = await state_of(store, first.customer_tenant_id)
    await add(store, Transition(first))
    other = record(first.customer_tenant_id)
    with pytest.raises(StepConflict):
        await store.commit(nothing, [Step(None, told(other))])
    assert await store.find(other.customer_tenant_id, other.request_id) is None
    assert [item.request_id for item in await due_items(store)] == [first.request_id]
    assert await active(store, other) == first.request_id


async def test_other_qualifications_may_be_active_beside_it(store: KeyedRecordStore) -> None:
    """The guard is for a customer and a qualification."""
    customer_id = uuid4()
    added = [await add(store, Transition(record(customer_id, each))) for each in Qualification]
    assert [await active(store, each.record) for each in added] == [each.record.request_id for each in added]


async def test_one_of_many_new_requests_gets_the_guard(store: KeyedRecordStore) -> None:
    """Of all requests that come at once for a customer and qualification exactly one is stored."""
    customer_id = uuid4()
    state = await state_of(store, customer_id)
    tries = [store.commit(state, [Step(None, Transition(record(customer_id)))]) for _ in range(12)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    winners = [result[0] for result in results if isinstance(result, tuple)]
    assert len(winners) == 1
    assert sum(isinstance(result, StepConflict) for result in results) == 11
    assert await records_of(store, customer_id) == winners
    assert len(await due_items(store)) == 1


async def test_the_guard_names_the_newest_and_whether_it_is_unfinished(store: KeyedRecordStore) -> None:
    """A finished request makes room for the next one, and speaks until there is one."""
    stored = await queued(store)
    reviewed = await save(store, stored, Transition(stored.record.changed(status=Status.IN_REVIEW)))
    assert await active(store, stored.record) == stored.record.request_id
    await save(store, reviewed, Transition(approved(reviewed.record)))
    assert await active(store, stored.record) is None
    assert (await state_of(store, stored.record.customer_tenant_id)).is_newest(stored.record)
    second = await add(store, Transition(record(stored.record.customer_tenant_id)))
    state = await state_of(store, stored.record.customer_tenant_id)
    assert state.is_newest(second.record)
    assert not state.is_newest(stored.record)


async def test_a_step_on_a_finished_record_leaves_anothers_guard_alone(store: KeyedRecordStore) -> None:
    """A read about a finished request must not let a third request in beside the second."""
    stored = await queued(store)
    finished = await save(store, stored, Transition(approved(stored.record)))
    second = await add(store, Transition(record(stored.record.customer_tenant_id)))
    await save(store, finished, Transition(finished.record.changed(status=Status.REVOKED)))
    assert await active(store, second.record) == second.record.request_id


async def test_who_speaks_no_longer_publishes_nothing(store: KeyedRecordStore) -> None:
    """A newer request came between the read of the state and the step with its event."""
    stored = await queued(store)
    finished = await save(store, stored, Transition(approved(stored.record)))
    before = await state_of(store, stored.record.customer_tenant_id)
    await add(store, Transition(record(stored.record.customer_tenant_id)))
    with pytest.raises(StepConflict):
        await store.commit(before, [Step(finished, told(finished.record))])
    assert [item.action for item in await due_items(store)] == [WorkAction.QUEUE]
