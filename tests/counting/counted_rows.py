"""Rows that count what is asked of them."""

from collections.abc import AsyncIterator, Sequence
from itertools import batched

from qualification.stores.rows import PAGE, Change, Delete, Row, Rows

WORK = "work|"


class CountedRows:
    """Passes everything on to `rows`.

    Attributes:
        gets: rows asked for by key.
        scans: ranges asked for.
        read: rows that came out of ranges.
        transactions: the number of changes in each, in order.
        most_taken_on: the most work items at a time that had been read and were not moved or deleted yet.

    Args:
        rows: the real ones.
        page: rows in a page of a range, at most.
    """

    def __init__(self, rows: Rows, page: int = PAGE) -> None:
        self._rows, self._page = rows, page
        self._taken_on = 0
        self.most_taken_on = 0
        self.forget()

    def forget(self) -> None:
        """Count from nought."""
        self.gets = self.scans = self.read = 0
        self.transactions: list[int] = []

    async def make(self) -> bool:
        """See Rows."""
        return await self._rows.make()

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        self.gets += 1
        return await self._rows.get(shard, key)

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        self.scans += 1
        async for page in self._rows.scan(shard, start, stop):
            for some in batched(page, self._page, strict=False):
                self.read += len(some)
                self._take_on(sum(row.key.startswith(WORK) for row in some))
                yield list(some)

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        found = await self._rows.ranges(shard, bounds)
        self.scans += len(bounds)
        self.read += len(found)
        return found

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        self.transactions.append(len(changes))
        etags = await self._rows.transact(shard, changes)
        self._take_on(-sum(isinstance(change, Delete) and change.key.startswith(WORK) for change in changes))
        return etags

    async def close(self) -> None:
        """See Rows."""
        await self._rows.close()

    def _take_on(self, number: int) -> None:
        self._taken_on += number
        self.most_taken_on = max(self.most_taken_on, self._taken_on)
