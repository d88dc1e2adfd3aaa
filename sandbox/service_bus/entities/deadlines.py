"""Things that fall due: locks, messages, schedules, sessions, the memory of duplicates."""

import asyncio
import heapq
import logging
import math
import time
from collections.abc import Callable, Hashable
from typing import Protocol

_SLACK = 64  # stale entries a heap may hold before it is worth cleaning
_logger = logging.getLogger(__name__)


class Watched(Protocol):
    """Something with deadlines."""

    def run(self, now: float) -> float:
        """Do what is due at a time, and return when the next thing is."""


class Alarm:
    """One timer for all deadlines of a broker, always set to the next one. Times are seconds since the epoch."""

    def __init__(self) -> None:
        self._watched: list[Watched] = []
        self._due = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def watch(self, watched: Watched) -> None:
        """Ask it for what is due, from now on."""
        self._watched.append(watched)

    def set(self, due: float) -> None:
        """Ring no later than a time; nothing rings before `start`."""
        if due < self._due:
            self._due = due
            self._wind()

    def start(self) -> None:
        """Begin to ring, on the running loop."""
        self._ring()

    def stop(self) -> None:
        """Ring no more."""
        self._due = -math.inf
        if self._timer:
            self._timer.cancel()

    def _wind(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = self._later()

    def _later(self) -> asyncio.TimerHandle:
        # A day is as good as never, and an infinite delay is none that a loop takes.
        delay = min(max(self._due - time.time(), 0.0), 86_400.0)
        return asyncio.get_running_loop().call_later(delay, self._ring)

    def _ring(self) -> None:
        self._due = math.inf
        now = time.time()
        due = min((watched.run(now) for watched in self._watched), default=math.inf)
        self._due = min(self._due, due)
        if self._timer:
            self._timer.cancel()
        self._timer = self._later()


class Deadlines[Key: Hashable]:
    """Keys and when each falls due; setting one anew moves it. Every operation takes logarithmic time at most.

    Args:
        alarm: rings when one is due.
        due: is called with each key that has fallen due, after it was forgotten.
    """

    def __init__(self, alarm: Alarm, due: Callable[[Key], None]) -> None:
        self._alarm = alarm
        self._call = due
        self._current: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._count = 0
        alarm.watch(self)

    def set(self, key: Key, due: float) -> None:
        """Let a key fall due at a time."""
        self._current[key] = due
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, key))
        if len(self._heap) > 2 * len(self._current) + _SLACK:
            self._heap = [entry for entry in self._heap if self._current.get(entry[2]) == entry[0]]
            heapq.heapify(self._heap)
        self._alarm.set(due)

    def discard(self, key: Key) -> None:
        """Forget a key, if it is known."""
        self._current.pop(key, None)

    def run(self, now: float) -> float:
        """Do what is due at a time, and return when the next thing is."""
        while self._heap and self._heap[0][0] <= now:
            due, _, key = heapq.heappop(self._heap)
            if self._current.get(key) == due:
                del self._current[key]
                try:
                    self._call(key)
                except Exception:
                    # Nobody waits for an answer here, and the other deadlines must not suffer.
                    _logger.exception("%r fell due and could not be dealt with", key)
        return self._heap[0][0] if self._heap else math.inf
