"""A later version of the service, as far as its rows go: they hold more, and some of them an older version must leave alone."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

from qualification.stores.keys import MARKER
from qualification.stores.rows import Change, Delete, Row, Rows
from qualification.stores.versions import VERSION

OURS, LATER = (f'{{"version":{number}' for number in (VERSION, VERSION + 1))
RAISED: tuple[tuple[str, ...], ...] = (
    ("request",),
    ("request", "guard", "customer"),
    ("request", "guard", "customer", "newest", "event", "publish", "hold", "count", "cause"),
    (MARKER,),
)
"""Kinds of rows whose version the later one has raised; which of these is drawn."""


def draw_raised(random: Random) -> frozenset[str]:
    """What the later version of a world has raised."""
    return frozenset(random.choice((*RAISED[:2], *RAISED)))


def kind_of(key: str) -> str:
    """Which kind of row this is."""
    parts = key.split("|")
    return parts[2] if parts[0] in {"customer", "work"} else parts[0]


def is_later(row: Row) -> bool:
    """Whether only the later version may act on it."""
    return row.value.startswith(LATER)


class LaterRows:
    """The rows, as a later version reads and writes them.

    Args:
        rows: as they are stored.
        raised: kinds of rows that it writes with its own version; none where its rows only hold more.
    """

    def __init__(self, rows: Rows, raised: frozenset[str]) -> None:
        self._rows, self._raised = rows, raised

    async def make(self) -> bool:
        """See Rows."""
        return await self._rows.make()

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        row = await self._rows.get(shard, key)
        return row and self._read(row)

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        async for page in self._rows.scan(shard, start, stop):
            yield [self._read(row) for row in page]

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        return [self._read(row) for row in await self._rows.ranges(shard, bounds)]

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        return await self._rows.transact(shard, [self._written(each) for each in changes])

    async def close(self) -> None:
        """See Rows."""

    def _written(self, change: Change) -> Change:
        if isinstance(change, Delete):
            return change
        text, kind = change.value, kind_of(change.key)
        if kind == "request":
            text = f'{text[:-1]},"addedLater":true}}'
        if kind in self._raised:
            text = text.replace(OURS, LATER, 1)
        return replace(change, value=text)

    def _read(self, row: Row) -> Row:
        return replace(row, value=row.value.replace(LATER, OURS, 1)) if self._raised and is_later(row) else row


def customer_of(row: Row) -> UUID | None:
    """Whose row it is; None for those that are nobody's."""
    parts = row.key.split("|")
    return UUID(parts[1]) if parts[0] == "customer" else None
