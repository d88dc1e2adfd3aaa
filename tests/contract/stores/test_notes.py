"""Notes of events that another request answers for: bounded for each customer, whoever writes them at the same time."""

import asyncio
from uuid import UUID, uuid4

from qualification.domain.transition import Joined
from qualification.stores.keys import NOTES, joined_key, shard_of
from qualification.stores.notes import NOTES_IN_ROW
from qualification.stores.records import KeyedRecordStore
from qualification.stores.rows import Rows

CUSTOMER = UUID(int=7)


def note() -> Joined:
    """A note about an event."""
    return Joined(uuid4(), uuid4(), "f" * 64)


async def rows_of(rows: Rows) -> int:
    """How many rows hold the customer's notes."""
    start, stop = f"event|{CUSTOMER}|", f"event|{CUSTOMER}}}"
    return sum([len(page) async for page in rows.scan(shard_of(CUSTOMER), start, stop)])


async def test_the_notes_of_a_customer_are_bounded(store: KeyedRecordStore, rows: Rows) -> None:
    """An account that somebody saves a thousand times leaves a few rows, and its newest events are known."""
    notes = [note() for _ in range(1000)]
    for each in notes:
        await store.join(CUSTOMER, each)
    assert await rows_of(rows) <= NOTES
    known = [await store.joined(CUSTOMER, each.request_id) for each in notes]
    assert known[-NOTES_IN_ROW:] == notes[-NOTES_IN_ROW:]
    assert sum(each is not None for each in known) <= NOTES * NOTES_IN_ROW


async def test_the_oldest_note_of_a_row_goes_first(store: KeyedRecordStore) -> None:
    """As many as fit are known, in whatever order they are asked for."""
    one_row = [Joined(UUID(int=number * NOTES), uuid4(), "f" * 64) for number in range(NOTES_IN_ROW + 1)]
    assert len({joined_key(CUSTOMER, each.request_id) for each in one_row}) == 1
    for each in one_row:
        await store.join(CUSTOMER, each)
    assert [await store.joined(CUSTOMER, each.request_id) for each in one_row] == [None, *one_row[1:]]


async def test_notes_written_at_the_same_time_are_all_kept(store: KeyedRecordStore) -> None:
    """Many saves of one account at once."""
    one_row = [Joined(UUID(int=number * NOTES), uuid4(), "f" * 64) for number in range(NOTES_IN_ROW)]
    await asyncio.gather(*(store.join(CUSTOMER, each) for each in one_row))
    assert [await store.joined(CUSTOMER, each.request_id) for each in one_row] == one_row
