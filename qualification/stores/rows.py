"""Rows: the little that the record store asks of a database. A row lives in a shard under a key and has an ETag."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

MAX_CHANGES = 100
"""Changes in one transaction (Azure Table Storage: "Performing entity group transactions")."""

PAGE = 500
"""Rows in a page of a scan, at most; Azure Table Storage itself stops at 1,000."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read; its ETag changes with every change of its value."""

    key: str
    value: str
    etag: str


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row; a conflict if the key is taken."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Another value for a row; a conflict unless it still has this ETag."""

    key: str
    value: str
    etag: str


@dataclass(frozen=True, slots=True)
class Delete:
    """No row under this key afterwards, whether or not there was one."""

    key: str


Change = Insert | Replace | Delete


class Rows(Protocol):
    """A database of rows; every method may raise StoreUnavailable, and StoreMissing where there is none."""

    async def make(self) -> bool:
        """Make the database, unless it is there; whether it is new. Nothing else ever makes one."""
        ...

    async def get(self, shard: str, key: str) -> Row | None:
        """The row, or None."""
        ...

    def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """The rows with start <= key < stop in key order (by code point), in pages of at most `PAGE`."""
        ...

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """The rows of many short ranges, read together: those with start <= key < stop for any of the bounds."""
        ...

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """Make all of these changes or none: at most `MAX_CHANGES`, no two of them to one key.

        Returns:
            The new ETag of each key inserted or replaced.

        Raises:
            StepConflict: one of them cannot be made.
        """
        ...

    async def close(self) -> None:
        """Let go of connections and files; the next use opens them again."""
        ...
