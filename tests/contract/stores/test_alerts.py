"""An alert that no request carries is put in the outbox once."""

import asyncio
from uuid import UUID, uuid4

from qualification.domain.event import Event
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, record, told

CAUSE = "refresh-token-expiring:2026-03-04"


def about(subject: UUID | None = None) -> Event:
    """An event about a subject."""
    return told(record(subject)).events[0]


async def waiting(store: KeyedRecordStore) -> list[Event]:
    """All events in the outbox."""
    return [item.event async for page in store.due(NOW) for item in page if item.event]


async def test_the_first_of_a_cause_and_subject_is_stored(store: KeyedRecordStore) -> None:
    """The others are not, also once it is published."""
    partner = uuid4()
    first = about(partner)
    assert await store.alert_once(CAUSE, first)
    assert not await store.alert_once(CAUSE, about(partner))
    assert await waiting(store) == [first]
    await store.published(partner, [first])
    assert not await store.alert_once(CAUSE, about(partner))
    assert await waiting(store) == []


async def test_one_of_many_at_once_is_stored(store: KeyedRecordStore) -> None:
    """Instances notice the same at the same time."""
    partner = uuid4()
    new = await asyncio.gather(*(store.alert_once(CAUSE, about(partner)) for _ in range(12)))
    assert sum(new) == len(await waiting(store)) == 1


async def test_another_cause_or_subject_is_another_alert(store: KeyedRecordStore) -> None:
    """Whatever characters are in it."""
    partner = uuid4()
    assert await store.alert_once(CAUSE, about(partner))
    assert await store.alert_once("a/b\\c#d?e\ud800\n", about(partner))
    assert await store.alert_once(CAUSE, about())
    assert len(await waiting(store)) == 3
