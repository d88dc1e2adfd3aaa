"""A step: all of its rows under the ETag of each row that it was decided on, or none."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from qualification.domain.errors import StepConflict
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.transition import Step, Stored, Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import WorkAction
from qualification.stores.keys import shard_of, waiting_key
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows
from tests.contract.stores.samples import (
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
from tests.contract.stores.step_helpers import FAR, GOVERNMENT, counting, due_items, queued


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
