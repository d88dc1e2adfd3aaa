"""Events wait in the outbox until they are on the topic."""

from datetime import timedelta
from uuid import UUID, uuid4

from qualification.domain.transition import Transition
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, add, approved, record, save, told


async def waiting(store: KeyedRecordStore) -> list[tuple[UUID, int]]:
    """Request and number of each event in the outbox."""
    items = [item async for page in store.due(NOW + timedelta(days=1)) for item in page]
    return [(item.event.stream, item.event.sequence) for item in items if item.event]


async def test_a_steps_events_wait_in_the_outbox(store: KeyedRecordStore) -> None:
    """An event is stored with its step and unpublished until it is said to be published."""
    stored = await add(store, told(record(), timedelta(minutes=1)))
    assert await waiting(store) == [(stored.record.request_id, 1)]
    assert await store.is_unpublished(stored.record)


async def test_a_record_without_events_has_none_unpublished(store: KeyedRecordStore) -> None:
    """Nothing told, nothing waiting."""
    stored = await add(store, Transition(record()))
    assert not await store.is_unpublished(stored.record)


async def test_published_events_leave_the_outbox(store: KeyedRecordStore) -> None:
    """Those named are gone, the others stay, and the record's own work item stays."""
    first = told(record())
    second = told(first.record)
    stored = await save(store, await add(store, first), second)
    await store.published(stored.record.customer_tenant_id, first.events)
    assert await waiting(store) == [(stored.record.request_id, 2)]
    assert await store.is_unpublished(stored.record)
    await store.published(stored.record.customer_tenant_id, second.events)
    assert not await store.is_unpublished(stored.record)
    assert [item.action async for page in store.due(NOW) for item in page] == ["queue"]


async def test_events_read_from_the_outbox_can_be_taken_out(store: KeyedRecordStore) -> None:
    """The timer publishes what it has read from the store, not what the step had in memory."""
    stored = await add(store, told(record(), timedelta(seconds=1, microseconds=100)))
    events = [item.event async for page in store.due(NOW + timedelta(hours=1)) for item in page if item.event]
    await store.published(stored.record.customer_tenant_id, events)
    assert await waiting(store) == []


async def test_events_already_gone_are_passed_over(store: KeyedRecordStore) -> None:
    """The step and the timer may publish the same event; who comes second still takes out the rest."""
    first = told(record())
    second = told(first.record)
    stored = await save(store, await add(store, first), second)
    await store.published(stored.record.customer_tenant_id, first.events)
    await store.published(stored.record.customer_tenant_id, [*first.events, *second.events, *second.events])
    assert await waiting(store) == []
    await store.published(stored.record.customer_tenant_id, [*first.events, *second.events])


async def test_hundreds_of_events_are_taken_out_together(store: KeyedRecordStore) -> None:
    """More than one transaction takes go in several."""
    customer_id = uuid4()
    transitions = [told(approved(record(customer_id))) for _ in range(130)]
    for transition in transitions:
        assert await store.alert_once(str(transition.record.request_id), transition.events[0])
    assert len(await waiting(store)) == 130
    await store.published(customer_id, [event for transition in transitions for event in transition.events])
    assert await waiting(store) == []
