"""Adds requests to an SQLite file from a process of its own, and prints each one that was acknowledged.

    python -m tests.contract.stores.writer PATH COUNT

The customers are the same in every process, so several writers race for the same guards.
"""

import asyncio
import sys
from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from qualification.domain.errors import StepConflict
from qualification.stores.records import KeyedRecordStore
from qualification.stores.sqlite import SqliteRows
from tests.contract.stores.samples import add_first, record

TASKS = 8


async def write(store: KeyedRecordStore, numbers: Iterator[int]) -> None:
    """Add one request for each customer; print customer and request once the store has it."""
    for number in numbers:
        new = record(uuid5(NAMESPACE_URL, str(number)))
        try:
            await add_first(store, new)
        except StepConflict:
            continue
        print(new.customer_tenant_id, new.request_id, flush=True)  # noqa: T201  what the test reads


async def main(path: str, count: int) -> None:
    """Write with a few tasks at once."""
    store = KeyedRecordStore(SqliteRows(path))
    numbers = iter(range(count))
    await asyncio.gather(*(write(store, numbers) for _ in range(TASKS)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
