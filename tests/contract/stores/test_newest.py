"""The newest dated event of a source, and what it has asked for today: rows of their own, changed under their ETags."""

import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest

from qualification.domain.errors import StepConflict
from qualification.domain.transition import NewestEvent, Step, Transition
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, record

TODAY = date(2026, 3, 4)
YESTERDAY = date(2026, 3, 3)


async def test_it_is_stored_with_the_step_and_read_with_the_customer(store: KeyedRecordStore) -> None:
    """Each source has its own."""
    new = record()
    state = (await store.customers(new.customer_tenant_id))[new.customer_tenant_id]
    event = NewestEvent(NOW, new.request_id)
    await store.commit(state, [Step(None, Transition(new))], None, None, ("acme", event))
    state = (await store.customers(new.customer_tenant_id))[new.customer_tenant_id]
    assert state.newest == {"acme": event}
    await store.commit(state, [], None, None, ("other", NewestEvent(NOW, None)))
    await store.commit(state, [], None, None, ("acme", NewestEvent(NOW + timedelta(seconds=1), new.request_id)))
    state = (await store.customers(new.customer_tenant_id))[new.customer_tenant_id]
    assert {source: (each.at, each.request_id) for source, each in state.newest.items()} == {
        "acme": (NOW + timedelta(seconds=1), new.request_id),
        "other": (NOW, None),
    }


@pytest.mark.parametrize("there", [False, True], ids=["no row yet", "a row"])
async def test_of_two_events_that_were_decided_on_the_same_one_is_stored(store: KeyedRecordStore, there: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """With its request, or without."""
    customer_id = uuid4()
    if there:
        state = (await store.customers(customer_id))[customer_id]
        await store.commit(state, [], None, None, ("acme", NewestEvent(NOW, None)))
    state = (await store.customers(customer_id))[customer_id]
    await store.commit(state, [], None, None, ("acme", NewestEvent(NOW + timedelta(seconds=2), None)))
    late = record(customer_id)
    with pytest.raises(StepConflict):
        await store.commit(
            state, [Step(None, Transition(late))], None, None, ("acme", NewestEvent(NOW, late.request_id))
        )
    assert await store.find(customer_id, late.request_id) is None


async def test_a_count_goes_on_from_where_it_was(store: KeyedRecordStore) -> None:
    """Of each source, and of one day."""
    source, other = str(uuid4()), str(uuid4())
    assert [await store.count(source, YESTERDAY, 2), await store.count(source, YESTERDAY, 3)] == [2, 5]
    assert await store.count(other, YESTERDAY, 1) == 1
    assert [await store.count(source, TODAY, 1), await store.count(source, TODAY, 1)] == [1, 2]


async def test_a_clock_that_is_behind_at_midnight_begins_no_day_again(store: KeyedRecordStore) -> None:
    """It counts towards the day that others have begun."""
    source = str(uuid4())
    await store.count(source, TODAY, 4)
    assert await store.count(source, YESTERDAY, 1) == 5


async def test_counting_at_once_gives_each_its_own_number(store: KeyedRecordStore) -> None:
    """As several instances do."""
    source = str(uuid4())
    numbers = await asyncio.gather(*(store.count(source, TODAY, 1) for _ in range(8)))
    assert sorted(numbers) == list(range(1, 9))
