"""A clock that a test moves."""

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
