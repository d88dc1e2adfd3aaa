"""When timers ran and are due, kept in a file, as Azure's host keeps it in its storage account."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

_NEVER = datetime.min.replace(tzinfo=UTC)


class ScheduleStatus:
    """Last and next occurrence of each timer; without a file it lasts as long as the host."""

    def __init__(self, path: Path | None) -> None:
        """Read the file, if there is one.

        Args:
            path: a JSON file, or None.
        """
        self._path = path
        self._timers: dict[str, dict[str, str]] = {}
        if path is not None and path.is_file():
            self._timers = json.loads(path.read_text(encoding="utf-8"))

    def due(self, function: str) -> datetime | None:
        """Tell when a timer was to run next, by what an earlier host wrote; None if nothing is known."""
        text = self._timers.get(function, {}).get("Next")
        return None if text is None else datetime.fromisoformat(text)

    def record(self, function: str, last: datetime | None, following: datetime) -> None:
        """Note a timer's last run and its next one.

        Args:
            function: the timer.
            last: when it ran; None keeps what is known.
            following: when it is due.
        """
        timer = self._timers.setdefault(function, {"Last": _NEVER.isoformat()})
        if last is not None:
            timer["Last"] = last.isoformat()
        timer["Next"] = following.isoformat()
        timer["LastUpdated"] = timer["Last"]
        if self._path is not None:
            # A reader sees the old file or the new one, never half of one.
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(self._timers, indent=2), encoding="utf-8")
            draft.replace(self._path)

    def as_json(self, function: str) -> dict[str, Any] | None:
        """Give the ScheduleStatus member of a timer's value: Last, Next, LastUpdated; None if nothing is known."""
        return self._timers.get(function)
