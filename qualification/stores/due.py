"""Finds due rows in all shards: a few shards at a time, a page of each in memory."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from hashlib import sha256

from qualification.stores.keys import SHARDS, due_range
from qualification.stores.rows import Row, Rows

CONCURRENCY = 4
"""Shards read at the same time: enough to hide a network's delay, and the bound on pages in memory."""


def shard_order(now: datetime) -> list[str]:
    """All shards, beginning with another one at each time, so that runs that are cut short starve none."""
    # Hashed, because the period of the timer may share a factor with the number of shards.
    first = sha256(now.isoformat().encode()).digest()[0] % len(SHARDS)
    return [*SHARDS[first:], *SHARDS[:first]]


async def due_rows(rows: Rows, now: datetime) -> AsyncGenerator[tuple[str, list[Row]]]:
    """Pages of due rows and the shard of each; those of a shard come in key order, shards come as they answer."""
    waiting = deque(shard_order(now))
    reading: dict[asyncio.Task[list[Row] | None], tuple[str, AsyncIterator[list[Row]]]] = {}

    def read(shard: str, pages: AsyncIterator[list[Row]]) -> None:
        reading[asyncio.create_task(_next(pages))] = shard, pages

    try:
        while waiting or reading:
            while waiting and len(reading) < CONCURRENCY:
                shard = waiting.popleft()
                read(shard, rows.scan(shard, *due_range(now)))
            done, _ = await asyncio.wait(reading, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                shard, pages = reading.pop(task)
                page = task.result()
                if page is not None:
                    read(shard, pages)
                    yield shard, page
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)


async def _next(pages: AsyncIterator[list[Row]]) -> list[Row] | None:
    return await anext(pages, None)
