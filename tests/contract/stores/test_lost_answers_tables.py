"""Answers of Azure Table Storage that get lost after the effect: whoever loses a race to itself sees that it won."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import uuid4

import pytest

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.hold import Hold, Stop
from qualification.domain.transition import Step, Transition
from qualification.stores.records import KeyedRecordStore
from qualification.stores.tables import TableRows
from sandbox.azurite import connection_string
from sandbox.fault_proxy import Faults, HttpProxy, Mishap, Rule
from tests.contract.stores.samples import (
    NOW,
    add,
    customers_of_one_shard,
    joining,
    record,
    records_of,
    save,
    state_of,
    told,
)

pytestmark = [
    pytest.mark.tables,
    # How an answer of a batch gets lost: the SDK repeats what is answered 503, and nothing else.
    pytest.mark.parametrize("mishap", [Mishap.UNAVAILABLE_AFTER, Mishap.LOSE_ANSWER, Mishap.HALF]),
]


@dataclass
class Way:
    """A store behind a proxy, and another one that needs none."""

    faults: Faults
    store: KeyedRecordStore
    other: KeyedRecordStore

    def lose(self, mishap: Mishap, times: int = 1) -> None:
        """So many answers about batches get lost from now on."""
        self.faults.add(Rule(mishap, method="POST", matching=r"\$batch", times=times))


@pytest.fixture
async def way(azurite: int) -> AsyncIterator[Way]:
    """The way to Azurite, on which nothing happens yet."""
    faults, table = Faults(), f"test{uuid4().hex}"
    async with HttpProxy(f"http://127.0.0.1:{azurite}", faults) as proxy:
        rows = [TableRows.from_connection_string(connection_string(port), table) for port in (proxy.port, azurite)]
        await rows[1].make()
        yield Way(faults, *map(KeyedRecordStore, rows))
        for each in rows:
            await each.close()


async def test_a_step_is_stored_with_its_etag(way: Way, mishap: Mishap) -> None:
    """The next step goes on from it; the event that was stored with it is there once."""
    stored = await add(way.store, Transition(record()))
    way.lose(mishap)
    saved = await save(way.store, stored, told(stored.record))
    assert way.faults.struck[mishap] == 1
    assert await records_of(way.other, stored.record.customer_tenant_id) == [saved]
    again = await save(way.store, saved, told(saved.record))
    assert again.record.sequence == 2
    items = [item async for page in way.other.due(NOW) for item in page]
    assert sorted(item.event.sequence for item in items if item.event) == [1, 2]


async def test_a_new_record_is_stored(way: Way, mishap: Mishap) -> None:
    """An insertion that finds its own row."""
    new = record()
    way.lose(mishap)
    assert (await add(way.store, Transition(new))).record == new


async def test_many_steps_count_each(way: Way, mishap: Mishap) -> None:
    """They go in one transaction, and none of them counts as lost to another worker."""
    stored = [await add(way.store, Transition(record(each))) for each in customers_of_one_shard(5)]
    steps = [
        (
            await state_of(way.store, each.record.customer_tenant_id),
            [Step(each, Transition(each.record.changed(work=None)))],
        )
        for each in stored
    ]
    way.lose(mishap)
    assert await way.store.commit_all(steps) == 5


async def test_a_hold_is_changed_and_told(way: Way, mishap: Mishap) -> None:
    """Its event is in the outbox, and whoever raised it knows."""
    partner = uuid4()
    hold = Hold().changed(stop=Stop(since=NOW, by="anna", note=None))
    event = told(record(partner)).events[0]
    way.lose(mishap)
    await way.store.put_hold(partner, await way.store.hold(partner), hold, event)
    found = await way.other.hold(partner)
    assert found.hold == hold
    way.lose(mishap)
    await way.store.put_hold(partner, found, Hold())
    assert (await way.other.hold(partner)).hold == Hold()
    assert [item.event async for page in way.other.due(NOW) for item in page] == [event]


async def test_an_alarm_is_raised_once_and_its_raiser_knows(way: Way, mishap: Mishap) -> None:
    """Nobody else tells it."""
    event = told(record(uuid4())).events[0]
    way.lose(mishap)
    assert await way.store.alert_once("cause", event)
    assert not await way.store.alert_once("cause", event)


async def test_a_note_and_a_deletion_are_kept(way: Way, mishap: Mishap) -> None:
    """Both may be repeated."""
    stored = await add(way.store, told(record()))
    customer_id, noted = stored.record.customer_tenant_id, joining(stored.record)
    way.lose(mishap)
    await way.store.join(customer_id, noted)
    assert await way.other.joined(customer_id, noted.request_id) == noted
    events = told(record(customer_id)).events
    if mishap is Mishap.UNAVAILABLE_AFTER:
        way.lose(mishap)
    await way.store.published(customer_id, events)


async def test_a_race_that_another_has_won_is_lost(way: Way, mishap: Mishap) -> None:
    """Also where it stored the very same: two claims with the same content are still two."""
    stored = await add(way.store, Transition(record()))
    state = await state_of(way.store, stored.record.customer_tenant_id)
    same = Transition(stored.record.changed(attempts=1))
    await save(way.other, stored, same)
    way.lose(mishap)
    with pytest.raises((StepConflict, StoreUnavailable)):
        await way.store.commit(state, [Step(stored, same)])


async def test_a_step_that_never_arrived_is_no_success(way: Way, mishap: Mishap) -> None:
    """The store is down, whatever it was about."""
    stored = await add(way.store, Transition(record()))
    state = await state_of(way.store, stored.record.customer_tenant_id)
    before = {Mishap.LOSE_ANSWER: Mishap.RESET, Mishap.HALF: Mishap.HTML}.get(mishap, Mishap.UNAVAILABLE)
    way.lose(before, times=9)
    with pytest.raises(StoreUnavailable):
        await way.store.commit(state, [Step(stored, Transition(stored.record.changed(attempts=1)))])
    assert await records_of(way.other, stored.record.customer_tenant_id) == [stored]
