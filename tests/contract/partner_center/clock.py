"""A clock that a test moves."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Tells the time that the test says."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        """The time, in aware UTC."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)
