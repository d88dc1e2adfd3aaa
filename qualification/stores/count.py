"""Counts what a source has asked for in a day, in a row of its own."""

from datetime import date
from json import dumps, loads

from qualification.domain.errors import StepConflict
from qualification.stores.keys import SHARDS, count_key
from qualification.stores.rows import Change, Insert, Replace, Row, Rows
from qualification.stores.versions import check_version, versioned

COUNTS = SHARDS[0]
"""Where all counts are."""
TRIES = 20
"""Each other instance that counts at the same time costs one at most."""


async def count(rows: Rows, source: str, day: date, number: int) -> int:
    """See RecordStore."""
    key = count_key(source)
    for _ in range(TRIES):
        change, total = _change(key, await rows.get(COUNTS, key), day, number)
        try:
            await rows.transact(COUNTS, [change])
        except StepConflict:
            continue
        return total
    raise StepConflict(f"the count of {source} kept changing")


def _change(key: str, before: Row | None, day: date, number: int) -> tuple[Change, int]:
    """The row with so many more, and how many there are then."""
    counted, total = _read_count(before) if before else (day, 0)
    # An instance whose clock is behind at midnight does not begin the old day again.
    day, total = (counted, total + number) if counted >= day else (day, number)
    text = versioned(dumps({"day": day.isoformat(), "count": total}))
    return (Replace(key, text, before.etag) if before else Insert(key, text)), total


def _read_count(row: Row) -> tuple[date, int]:
    check_version(row.value)
    match loads(row.value):
        case {"day": str(day), "count": int(count)}:
            return date.fromisoformat(day), count
    raise ValueError("the row counts nothing")
