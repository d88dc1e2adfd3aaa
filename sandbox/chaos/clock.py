"""A clock that is set forward from outside, by a number of seconds in a file that all hosts read."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class JumpingClock:
    """The time of day, plus what the file at `path` says; a file that is missing says nothing."""

    path: Path

    def __call__(self) -> datetime:
        """Now, in aware UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    @property
    def ahead(self) -> float:
        """Seconds by which the clock has been set forward."""
        try:
            return float(self.path.read_text())
        except FileNotFoundError:
            return 0.0

    def jump(self, seconds: float) -> None:
        """Set the clock forward, for every process that reads the file."""
        new = self.path.with_suffix(".new")
        new.write_text(str(self.ahead + seconds))
        # A reader sees the old number or the new one, never half of it.
        new.replace(self.path)
