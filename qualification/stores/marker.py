"""The marker row: it tells a store that somebody has made from one that is missing, emptied, or of another version.

A deployment makes a deleted table anew, and SQLite a deleted file: without a marker nobody would see that all records are gone.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from qualification.domain.errors import StepConflict, StoreMissing, StoreUnavailable
from qualification.stores.keys import MARKER, SHARDS
from qualification.stores.rows import Change, Insert, Row, Rows
from qualification.stores.versions import check_version, versioned
from qualification.use_cases.ports import Clock

SHOWN_FOR = timedelta(seconds=10)
"""So long a marker that was seen is believed, unless a call fails meanwhile."""
ALL_KEYS = ("", "~")

CREATE = "`python -m qualification create-store`"
UNMARKED = (
    "The record store has no marker, so it is not known whose it is. In a new installation, make it with "
    f"{CREATE}; in an old one the records are gone, or version 0.1 wrote them (docs/operate.md says what to do)."
)
NEWER = "The record store was made by a newer version of this service: deploy that version again."
FOREIGN = (
    "The record store holds rows and has no marker: version 0.1 wrote them, or its table was made anew under a service "
    "that went on. Nothing was changed. Let the requests end with the version that wrote them, take the table or file "
    f"away, and run {CREATE} again."
)


class MarkedRows:
    """Rows that are used only while the marker is among them; made, with their marker, by `make` alone.

    Args:
        rows: the real ones.
        clock: tells the time.
    """

    def __init__(self, rows: Rows, clock: Clock) -> None:
        self._rows = rows
        self._clock = clock
        self._seen_at: datetime | None = None
        self._gate = asyncio.Lock()

    async def make(self) -> bool:
        """Make the store, unless it is there; whether it is new.

        Raises:
            StoreMissing: there are rows that this version did not write, or a newer one made the store.
            StoreUnavailable: the place where it should be does not work.
        """
        await self._rows.make()
        if row := await self._rows.get(SHARDS[0], MARKER):
            _check(row)
            return False
        for shard in SHARDS:
            async for _ in self._rows.scan(shard, *ALL_KEYS):
                raise StoreMissing(FOREIGN)
        try:
            await self._rows.transact(SHARDS[0], [Insert(MARKER, versioned("{}"))])
        except StepConflict:
            return False  # somebody else has just made it too
        return True

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        async with self._marked():
            return await self._rows.get(shard, key)

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        async with self._marked():
            async for page in self._rows.scan(shard, start, stop):
                yield page

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        async with self._marked():
            return await self._rows.ranges(shard, bounds)

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        async with self._marked():
            return await self._rows.transact(shard, changes)

    async def close(self) -> None:
        """See Rows."""
        await self._rows.close()

    @asynccontextmanager
    async def _marked(self) -> AsyncGenerator[None]:
        """Make sure of the marker; a call that fails may have met a store that is gone."""
        try:
            async with self._gate:
                await self._look()
            yield
        except StoreUnavailable:
            self._seen_at = None
            raise

    async def _look(self) -> None:
        now = self._clock()
        if self._seen_at is None or not timedelta(0) <= now - self._seen_at < SHOWN_FOR:
            _check(await self._rows.get(SHARDS[0], MARKER))
            self._seen_at = now


def _check(row: Row | None) -> None:
    if row is None:
        raise StoreMissing(UNMARKED)
    try:
        check_version(row.value)
    except ValueError:
        raise StoreMissing(NEWER) from None
