"""An event loop on virtual time: nobody waits, idle time is skipped, and nothing but the program decides the order."""

import asyncio
import selectors
from collections.abc import Coroutine
from itertools import count
from typing import Any, Self


class NothingToCome(AssertionError):
    """Every task waits, and nothing is scheduled that could wake one."""


class _Idle(selectors.SelectSelector):
    """Passes the time instead of waiting for it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingToCome("every task waits for something that never comes")
        self.now += max(timeout, 0.0)
        return []


class _Task(asyncio.Task[Any]):
    """One that sets hold in the order in which it began: by its place in memory they would in another one each time."""

    numbers = count()
    number: int

    def __new__(cls, *_: object, **__: object) -> Self:
        task = super().__new__(cls)
        task.number = next(cls.numbers)
        return task

    def __hash__(self) -> int:
        return self.number


class VirtualLoop(asyncio.SelectorEventLoop):
    """Tasks run in the order in which they became ready; timers in the order of their moments."""

    def __init__(self) -> None:
        self._idle = _Idle()
        super().__init__(self._idle)
        # Sums of floats over weeks: a timer is due when less than this is left.
        self._clock_resolution = 1e-6
        _Task.numbers = count()
        self.set_task_factory(lambda loop, work, **options: _Task(work, loop=loop, **options))

    def time(self) -> float:
        """Seconds since the beginning."""
        return self._idle.now


def run[T](main: Coroutine[Any, Any, T]) -> T:
    """Run to its end in virtual time; what is still under way then is dropped."""
    loop = VirtualLoop()
    loop.set_exception_handler(lambda *_: None)
    try:
        return loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=1))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
