"""Counts calls that were refused before anything was read: anybody may make any number of them, and each line costs money."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qualification.use_cases import telemetry
from qualification.use_cases.ports import Clock

EVERY = timedelta(minutes=1)
"""At most one line for each source and cause in this time."""


@dataclass(slots=True)
class _Tally:
    last_line: datetime
    since: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """Knows how many calls were refused since the last line in the log, by source and cause."""

    clock: Clock
    _tallies: dict[tuple[str, str], _Tally] = field(default_factory=dict)

    def count(self, source: str, cause: str, detail: str) -> None:
        """Count a call.

        Args:
            source: a CRM that is known here, or one word for all others: a caller may call any.
            cause: the problem type.
            detail: what the caller was told; it holds no secret.
        """
        now = self.clock()
        tally = self._tallies.setdefault((source, cause), _Tally(now - EVERY))
        tally.since += 1
        tally.detail = detail
        self._write(source, cause, tally, now)

    def flush(self) -> None:
        """Write what was counted and not written, where its minute is over."""
        now = self.clock()
        for (source, cause), tally in self._tallies.items():
            self._write(source, cause, tally, now)

    @staticmethod
    def _write(source: str, cause: str, tally: _Tally, now: datetime) -> None:
        if tally.since and abs(now - tally.last_line) >= EVERY:
            telemetry.sender_refused(source=source, cause=cause, count=tally.since, detail=tally.detail)
            tally.last_line, tally.since = now, 0
