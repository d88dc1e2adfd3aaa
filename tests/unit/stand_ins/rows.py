"""Rows in memory, with the transactions of the real ones."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.stores.keys import MARKER, SHARDS
from qualification.stores.rows import PAGE, Change, Delete, Insert, Replace, Row
from qualification.stores.versions import versioned


def marked_rows() -> "MemoryRows":
    """A store that was made, and in which nothing is stored yet."""
    rows = MemoryRows()
    rows.shards[SHARDS[0]] = {MARKER: Row(MARKER, versioned("{}"), "0")}
    return rows


class MemoryRows:
    """Keeps rows in dictionaries, one a shard.

    Attributes:
        down: whether every call fails.
        rivals: what other workers do, one before each of the next transactions.
        during_a_read: what happens while a customer is read.
        page: how many rows a scan gives at a time.
        transactions: how many were made.
    """

    def __init__(self) -> None:
        self.shards: dict[str, dict[str, Row]] = {}
        self.down = False
        self.rivals: list[Callable[[], Awaitable[object]]] = []
        self.during_a_read: Callable[[], object] = lambda: None
        self.page = PAGE
        self.transactions = 0
        self._etags = 0

    async def make(self) -> bool:
        """See Rows."""
        self._check()
        return False

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        self._check()
        return self.shards.get(shard, {}).get(key)

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        self._check()
        found = self._between(shard, start, stop)
        for first in range(0, len(found), self.page):
            yield found[first : first + self.page]

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        self._check()
        self.during_a_read()
        return [row for start, stop in bounds for row in self._between(shard, start, stop)]

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        if self.rivals:
            await self.rivals.pop(0)()
        self._check()
        if len({change.key for change in changes}) < len(changes):
            raise AssertionError("one transaction changes a row only once")
        rows = self.shards.setdefault(shard, {})
        for change in changes:
            row = rows.get(change.key)
            if isinstance(change, Insert) and row is not None:
                raise StepConflict(f"{change.key} is there")
            if isinstance(change, Replace) and (row is None or row.etag != change.etag):
                raise StepConflict(f"{change.key} has changed")
        self.transactions += 1
        etags: dict[str, str] = {}
        for change in changes:
            if isinstance(change, Delete):
                rows.pop(change.key, None)
            else:
                self._etags += 1
                etags[change.key] = str(self._etags)
                rows[change.key] = Row(change.key, change.value, etags[change.key])
        return etags

    async def close(self) -> None:
        """See Rows."""

    def _between(self, shard: str, start: str, stop: str) -> list[Row]:
        rows = self.shards.get(shard, {})
        return [rows[key] for key in sorted(rows) if start <= key < stop]

    def _check(self) -> None:
        if self.down:
            raise StoreUnavailable("the store is down")
