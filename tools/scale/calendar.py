"""Work items by the tick at which they are found due, and then by shard, as the store would give them."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime
from itertools import batched

from qualification.stores.due import CONCURRENCY, shard_order
from qualification.stores.keys import SHARDS
from tools.scale.case import Case
from tools.scale.demand import BEGINS
from tools.scale.deployment import TICK
from tools.scale.footprint import LOOKS_A_PAGE


class Calendar:
    """Knows each case's one work item.

    Attributes:
        waiting: cases found due and not yet worked on.
    """

    def __init__(self, weight: float) -> None:
        """Nothing is due.

        Args:
            weight: how many requests a case stands for; a page of the store holds fewer cases then.
        """
        self.waiting = 0
        self._page = max(1, round(LOOKS_A_PAGE / weight))
        self._ticks: dict[int, list[Case]] = {}
        self._shards: list[deque[Case]] = [deque() for _ in SHARDS]

    def put(self, case: Case) -> None:
        """Note when a case is due next, if ever."""
        work = case.record.work
        if work is not None:
            tick = -((BEGINS - work.due) // TICK)
            self._ticks.setdefault(tick, []).append(case)

    def put_back(self, cases: list[Case]) -> None:
        """Cases that a run has not reached; they stay the first of their shards."""
        for case in reversed(cases):
            self._shards[case.shard].appendleft(case)
        self.waiting += len(cases)

    def turn(self, tick: int) -> None:
        """It is this tick: what it finds due is waiting."""
        found = self._ticks.pop(tick, [])
        for case in found:
            self._shards[case.shard].append(case)
        self.waiting += len(found)

    def take(self, now: datetime) -> list[Case]:
        """All that waits, in the order in which a run meets it: a few shards at a time, page by page."""
        order = [self._shards[SHARDS.index(shard)] for shard in shard_order(now)]
        met = [case for some in batched(order, CONCURRENCY, strict=False) for case in self._pages(some)]
        for shard in self._shards:
            shard.clear()
        self.waiting = 0
        return met

    def _pages(self, shards: tuple[deque[Case], ...]) -> Iterator[Case]:
        pages = [batched(shard, self._page, strict=False) for shard in shards]
        while pages:
            still = []
            for page in pages:
                cases = next(page, None)
                if cases is not None:
                    yield from cases
                    still.append(page)
            pages = still
