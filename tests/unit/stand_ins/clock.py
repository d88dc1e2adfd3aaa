"""Clocks that a test moves."""

import asyncio
from datetime import datetime, timedelta

from tests.unit.builders import NOW


class StandInClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """See Clock."""
        return self.now

    def advance(self, by: timedelta) -> None:
        """Some time passes."""
        self.now += by


def an_hour_passes() -> None:
    """Moves the running loop's clock: whoever waits with a time-out has waited long enough."""
    loop = asyncio.get_running_loop()
    before = loop.time
    loop.time = lambda: before() + 3600  # type: ignore[method-assign]  # the loop of one test, and nobody really waits
