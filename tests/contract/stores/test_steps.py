"""A step: all of its rows under the ETag of each row that it was decided on, or none."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from pydantic import SecretStr

from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.errors import StepConflict
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.transition import Step, Stored, Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import WorkAction, WorkItem
from qualification.stores.keys import shard_of, waiting_key
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from tests.contract.stores.samples import (
    CODE,
    NOW,
    active,
    add,
    approved,
    joining,
    record,
    records_of,
    save,
    state_of,
    told,
    work,
)

FAR = NOW + timedelta(days=400)
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


async def due_items(store: KeyedRecordStore) -> list[WorkItem]:
    """All work there is."""
    return [item async for page in store.due(FAR) for item in page]


async def queued(store: KeyedRecordStore) -> Stored:
    """A queued request, stored."""
    return await add(store, Transition(record()))


def counting(of: Record, number: int) -> Customer:
    """What is kept of a customer, with so many verifications."""
    spent = tuple(Verification(certainty=Certainty.CERTAIN, request_id=of.request_id, write=n) for n in range(number))
    return Customer(customer_tenant_id=of.customer_tenant_id, verifications=spent)


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


async def test_a_stale_record_is_not_saved(store: KeyedRecordStore) -> None:
    """Who decided on an older version stores no record, work item or event."""
    stored = await queued(store)
    newer = await save(store, stored, Transition(stored.record.changed(attempts=1)))
    with pytest.raises(StepConflict):
        await save(store, stored, told(approved(stored.record)))
    assert await records_of(store, stored.record.customer_tenant_id) == [newer]
    assert [item.action for item in await due_items(store)] == [WorkAction.QUEUE]
    assert await active(store, stored.record)


async def test_what_is_kept_of_the_customer_goes_with_the_step(store: KeyedRecordStore) -> None:
    """It is read back as it was stored, and outlives the request."""
    stored = await queued(store)
    state = await state_of(store, stored.record.customer_tenant_id)
    kept = counting(stored.record, 2)
    await store.commit(state, [Step(stored, Transition(approved(stored.record)))], kept)
    after = await state_of(store, stored.record.customer_tenant_id)
    assert after.customer == kept
    assert after.etag


@pytest.mark.parametrize("there", [False, True], ids=["no row yet", "a row"])
async def test_a_step_is_decided_on_what_is_kept_of_the_customer(store: KeyedRecordStore, there: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Another request has counted a verification meanwhile: nothing of the step is stored."""
    stored = await queued(store)
    customer_id = stored.record.customer_tenant_id
    other = await add(store, Transition(record(customer_id, Qualification.STATE_OWNED_ENTITY)))
    if there:
        await store.commit(await state_of(store, customer_id), [], counting(stored.record, 1))
    state = await state_of(store, customer_id)
    await store.commit(state, [Step(other, Transition(other.record.changed(attempts=1)))], counting(stored.record, 2))
    with pytest.raises(StepConflict):
        await store.commit(state, [Step(stored, told(stored.record))], counting(stored.record, 1))
    after = await state_of(store, customer_id)
    assert len(after.customer.verifications) == 2
    assert after.find(stored.record.request_id) == stored
    assert [item.action for item in await due_items(store)] == [WorkAction.QUEUE] * 2


async def test_a_step_is_decided_on_the_guard_beside_it(store: KeyedRecordStore) -> None:
    """Education is claimed on a read of the state in which no government request stood; one has come meanwhile."""
    customer_id = uuid4()
    government = await add(store, Transition(record(customer_id, GOVERNMENT)))
    education = await add(store, Transition(record(customer_id)))
    state = await state_of(store, customer_id)
    await save(store, government, Transition(government.record.changed(status=Status.SUBMITTING)))
    claim = education.record.changed(status=Status.SUBMITTING)
    with pytest.raises(StepConflict):
        await store.commit(state, [Step(education, Transition(claim))], None, GOVERNMENT)
    assert (await state_of(store, customer_id)).find(education.record.request_id) == education
    again = await state_of(store, customer_id)
    await store.commit(again, [Step(education, Transition(claim))], None, GOVERNMENT)
    assert await active(store, government.record) == government.record.request_id


async def test_two_that_exclude_each_other_are_not_claimed_at_once(store: KeyedRecordStore) -> None:
    """Each claim writes its own guard and carries the other's: of two on one read of the state one is stored."""
    customer_id = uuid4()
    both = [await add(store, Transition(record(customer_id, each))) for each in (Qualification.EDUCATION, GOVERNMENT)]
    state = await state_of(store, customer_id)
    claims = [
        store.commit(state, [Step(mine, Transition(mine.record.changed(status=Status.SUBMITTING)))], None, other)
        for mine, other in zip(both, (GOVERNMENT, Qualification.EDUCATION), strict=True)
    ]
    results = await asyncio.gather(*claims, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["StepConflict", "tuple"]


async def test_steps_of_two_requests_are_stored_together_or_not_at_all(store: KeyedRecordStore) -> None:
    """One of them was changed by somebody else."""
    customer_id = uuid4()
    one = await add(store, Transition(record(customer_id)))
    other = await add(store, Transition(record(customer_id, Qualification.STATE_OWNED_ENTITY)))
    state = await state_of(store, customer_id)
    newer = await save(store, other, Transition(other.record.changed(attempts=1)))
    steps = [Step(each, told(approved(each.record))) for each in (one, other)]
    with pytest.raises(StepConflict):
        await store.commit(state, steps)
    assert {each.etag for each in await records_of(store, customer_id)} == {one.etag, newer.etag}
    stored = await store.commit(await state_of(store, customer_id), [steps[0], Step(newer, told(newer.record))])
    assert [each.record.request_id for each in stored] == [one.record.request_id, other.record.request_id]


async def test_one_of_many_steps_wins(store: KeyedRecordStore) -> None:
    """Of all steps from the same version exactly one is stored, with its work item."""
    stored = await queued(store)
    steps = [stored.record.changed(attempts=n, work=work(after=timedelta(minutes=n))) for n in range(1, 13)]
    results = await asyncio.gather(*(save(store, stored, Transition(step)) for step in steps), return_exceptions=True)
    winners = [result for result in results if isinstance(result, Stored)]
    assert len(winners) == 1
    assert await records_of(store, stored.record.customer_tenant_id) == winners
    assert len(await due_items(store)) == 1


async def test_the_work_item_follows_the_record(store: KeyedRecordStore) -> None:
    """A record has one work item, at the time and for the action that it names, and none where nothing is to come."""
    stored = await queued(store)
    for step in (work(WorkAction.REVIEW), work(WorkAction.REVIEW, timedelta(hours=1)), work(WorkAction.QUEUE)):
        stored = await save(store, stored, Transition(stored.record.changed(work=step)))
        assert [(item.action, item.request_id) for item in await due_items(store)] == [
            (step.action, stored.record.request_id)
        ]
        assert [page async for page in store.due(step.due - timedelta(microseconds=1))] == []
    await save(store, stored, Transition(approved(stored.record)))
    assert await due_items(store) == []


async def test_what_waits_has_a_row_of_its_own(store: KeyedRecordStore, rows: Rows) -> None:
    """By when it began; it goes when the request waits no more, and lies outside the customer's own rows."""
    stored = await queued(store)
    shard = shard_of(stored.record.customer_tenant_id)

    async def waiting() -> dict[str, str]:
        return {row.key: row.value async for page in rows.scan(shard, "waiting|", "waiting}") for row in page}

    for reason, since in ((Reason.LAST_ATTEMPT, NOW), (Reason.THROTTLED, NOW), (Reason.THROTTLED, FAR)):
        waits = Waiting(reason=reason, detail="d", remedy="r", since=since)
        stored = await save(store, stored, Transition(stored.record.changed(waiting=waits)))
        assert await waiting() == {waiting_key(stored.record, waits): reason}
    assert await records_of(store, stored.record.customer_tenant_id) == [stored]
    await save(store, stored, Transition(stored.record.changed(waiting=None)))
    assert await waiting() == {}


async def test_an_event_another_request_answers_for_is_found(store: KeyedRecordStore) -> None:
    """Its next delivery gets the same answer, also once that request has changed."""
    stored = await queued(store)
    customer_id, join = stored.record.customer_tenant_id, joining(stored.record)
    await store.join(customer_id, join)
    await save(store, stored, Transition(approved(stored.record)))
    assert await store.joined(customer_id, join.request_id) == join
    assert await store.joined(uuid4(), join.request_id) is None
    assert await store.find(customer_id, join.request_id) is None


async def test_the_first_note_of_an_event_stays(store: KeyedRecordStore) -> None:
    """Two deliveries of it at the same time are no error, and both get the answer of the first."""
    stored = await queued(store)
    join = joining(stored.record)
    await store.join(stored.record.customer_tenant_id, join)
    other = joining(stored.record)
    await store.join(stored.record.customer_tenant_id, type(join)(join.request_id, uuid4(), other.fingerprint))
    assert await store.joined(stored.record.customer_tenant_id, join.request_id) == join


async def test_notes_of_events_are_no_part_of_the_customer(store: KeyedRecordStore, rows: Rows) -> None:
    """A thousand repeats make no read of the customer longer, and change no record."""
    stored = await queued(store)
    customer_id = stored.record.customer_tenant_id
    before = await state_of(store, customer_id)
    for _ in range(20):
        await store.join(customer_id, joining(stored.record))
    assert await state_of(store, customer_id) == before
    bounds = (f"customer|{customer_id}|", f"customer|{customer_id}}}")
    assert len(await rows.ranges(shard_of(customer_id), [bounds])) == 2


async def test_an_event_about_another_customer_is_refused(store: KeyedRecordStore) -> None:
    """It could not be stored in the same transaction."""
    event = told(record()).events[0]
    with pytest.raises(ValueError, match="own customer"):
        await add(store, Transition(record(), (event,)))
