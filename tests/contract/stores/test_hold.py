"""What holds everybody: one row, changed under its ETag together with the event about it."""

import asyncio
from uuid import uuid4

import pytest

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.hold import Hold, Pause, Stop
from qualification.stores.keys import HOLD, shard_of
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Insert, Rows
from qualification.use_cases.ports import StoredHold
from tests.contract.stores.samples import NOW, record, told

STOPPED = Hold(stop=Stop(since=NOW, by="operator", note="an audit"), doubts=(uuid4(),))


async def waiting(store: KeyedRecordStore) -> list[Event]:
    """All events in the outbox."""
    return [item.event async for page in store.due(NOW) for item in page if item.event]


async def test_nothing_holds_anybody_at_first(store: KeyedRecordStore) -> None:
    """Nor does reading make a row."""
    partner = uuid4()
    assert await store.hold(partner) == await store.hold(partner) == StoredHold(Hold(), None)


async def test_it_is_read_back_as_it_was_stored(store: KeyedRecordStore) -> None:
    """The first time, and again."""
    partner = uuid4()
    await store.put_hold(partner, await store.hold(partner), STOPPED)
    first = await store.hold(partner)
    assert first.hold == STOPPED
    await store.put_hold(partner, first, STOPPED.changed(pause=Pause(since=NOW, until=NOW)))
    assert (await store.hold(partner)).hold.pause == Pause(since=NOW, until=NOW)


@pytest.mark.parametrize("there", [False, True], ids=["no row yet", "a row"])
async def test_of_many_changes_on_one_read_one_is_stored_with_its_event(store: KeyedRecordStore, there: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Twenty instances meet a cause at once: one row, one event."""
    partner = uuid4()
    if there:
        await store.put_hold(partner, await store.hold(partner), Hold())
    before = await store.hold(partner)
    events = [told(record(partner)).events[0] for _ in range(12)]
    tries = [store.put_hold(partner, before, STOPPED, event) for event in events]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, StepConflict) for result in results) == 11
    assert [event.id for event in await waiting(store)] == [
        event.id for event, result in zip(events, results, strict=True) if result is None
    ]


async def test_a_hold_that_nobody_can_read_holds(store: KeyedRecordStore, rows: Rows) -> None:
    """A newer version wrote it: it is never taken for none."""
    partner = uuid4()
    await rows.transact(shard_of(partner), [Insert(HOLD, '{"version":2,"pause":null}')])
    with pytest.raises(StoreUnavailable, match="deploy the newer version"):
        await store.hold(partner)
