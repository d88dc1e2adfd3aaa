"""A cause that a person must mend has one owner."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from qualification.domain.record import Event
from qualification.domain.transition import Owner
from qualification.stores.records import KeyedRecordStore
from tests.contract.stores.samples import NOW, record, told

CAUSE = "access-lost:invalid_grant"


def owner(request_id: UUID | None = None) -> Owner:
    """A request that has noticed a cause."""
    return Owner(request_id or uuid4(), uuid4(), NOW)


async def events_waiting(store: KeyedRecordStore) -> list[Event]:
    """All events in the outbox."""
    items = [item async for page in store.due(NOW + timedelta(days=1)) for item in page]
    return [item.event for item in items if item.event]


async def test_the_first_to_raise_a_cause_owns_it(store: KeyedRecordStore) -> None:
    """The owner is told so each time it asks, everybody else is not."""
    partner, first, second = uuid4(), owner(), owner()
    assert await store.raise_cause(CAUSE, partner, first)
    assert not await store.raise_cause(CAUSE, partner, second)
    assert await store.raise_cause(CAUSE, partner, first)


async def test_one_of_many_owns_a_cause(store: KeyedRecordStore) -> None:
    """All requests may run into the same cause at once; one of them raises the alarm."""
    partner = uuid4()
    owners = await asyncio.gather(*(store.raise_cause(CAUSE, partner, owner()) for _ in range(12)))
    assert sum(owners) == 1


async def test_an_owner_is_found_as_it_was_noted(store: KeyedRecordStore) -> None:
    """Who, whose, and since when; nobody, before and after."""
    partner, first = uuid4(), owner()
    assert await store.owner_of(CAUSE, partner) is None
    await store.raise_cause(CAUSE, partner, first)
    await store.raise_cause(CAUSE, partner, replace(first, since=NOW + timedelta(hours=1)))
    assert await store.owner_of(CAUSE, partner) == first
    await store.clear_cause(CAUSE, partner)
    assert await store.owner_of(CAUSE, partner) is None


async def test_one_of_many_takes_a_cause_over(store: KeyedRecordStore) -> None:
    """From the owner it knows, not from whoever has taken it over already, nor one that is clear again."""
    partner, first, others = uuid4(), owner(), [owner() for _ in range(12)]
    await store.raise_cause(CAUSE, partner, first)
    taken = await asyncio.gather(*(store.take_cause(CAUSE, partner, first, other) for other in others))
    assert sum(taken) == 1
    assert await store.owner_of(CAUSE, partner) == others[taken.index(True)]
    assert not await store.take_cause(CAUSE, partner, first, first)
    await store.clear_cause(CAUSE, partner)
    assert not await store.take_cause(CAUSE, partner, others[0], first)
    assert await store.owner_of(CAUSE, partner) is None


async def test_a_cleared_cause_is_news_again(store: KeyedRecordStore) -> None:
    """Once mended, the next to run into it owns it; clearing what is clear already is no error."""
    partner, first, second = uuid4(), owner(), owner()
    await store.clear_cause(CAUSE, partner)
    await store.raise_cause(CAUSE, partner, first)
    await store.clear_cause(CAUSE, partner)
    assert await store.raise_cause(CAUSE, partner, second)
    assert not await store.raise_cause(CAUSE, partner, first)


async def test_a_cause_is_about_its_subject(store: KeyedRecordStore) -> None:
    """The same words about another tenant are another cause."""
    first, second = uuid4(), uuid4()
    assert await store.raise_cause(CAUSE, first, owner())
    assert await store.raise_cause(CAUSE, second, owner())
    await store.clear_cause(CAUSE, first)
    assert not await store.raise_cause(CAUSE, second, owner())


@pytest.mark.parametrize(
    "cause", ["", "a/b\\c#d?e", "line\nfeed\x00\x7f", "学校 'x' | %2F", "\ud800", "x" * 5000], ids=ascii
)
async def test_a_cause_may_be_any_text(store: KeyedRecordStore, cause: str) -> None:
    """Causes hold Partner Center's own words, which may hold anything."""
    partner = uuid4()
    assert await store.raise_cause(cause, partner, owner())
    assert not await store.raise_cause(cause, partner, owner())
    assert await store.raise_cause(f"{cause}!", partner, owner())
    await store.clear_cause(cause, partner)
    assert await store.raise_cause(cause, partner, owner())


async def test_a_new_causes_event_is_in_the_outbox_once(store: KeyedRecordStore) -> None:
    """The event comes with the cause, not with every request that runs into it, and can be taken out."""
    (event,) = told(record()).events
    assert await store.raise_cause(CAUSE, event.subject, owner(event.stream), event)
    assert await store.raise_cause(CAUSE, event.subject, owner(event.stream), event)
    (later,) = told(record(event.subject)).events
    assert not await store.raise_cause(CAUSE, event.subject, owner(later.stream), later)
    assert await events_waiting(store) == [event]
    await store.published(event.subject, [event])
    assert await events_waiting(store) == []


async def test_an_event_about_another_tenant_is_refused(store: KeyedRecordStore) -> None:
    """It could not be stored in the same transaction, nor be found again."""
    (event,) = told(record()).events
    with pytest.raises(ValueError, match="subject"):
        await store.raise_cause(CAUSE, uuid4(), owner(event.stream), event)
