"""Partner Center's limit on calls, as the simulation assumes it: so many in each minute of the clock, then 429."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.scale.demand import BEGINS

WINDOW = timedelta(minutes=1)


@dataclass(slots=True)
class Throttle:
    """Counts calls.

    Attributes:
        limit: calls in a minute; None for no limit.
        refused: calls that were answered 429.
    """

    limit: int | None
    refused: float = 0.0
    _window: int = -1
    _taken: float = 0.0

    def take(self, now: datetime, calls: float) -> datetime | None:
        """Let calls through, or say until when to wait.

        What one simulated call stands for may exceed what is left of a minute; the next minutes then have less.
        """
        if self.limit is None:
            return None
        window = (now - BEGINS) // WINDOW
        if window > self._window:
            self._taken = max(0.0, self._taken - self.limit * (window - self._window))
            self._window = window
        if self._taken >= self.limit:
            self.refused += 1
            return BEGINS + (window + 1) * WINDOW
        self._taken += calls
        return None
