"""Duplicate detection."""

import time
from typing import Any

from sandbox.service_bus.entities.deadlines import Alarm, Deadlines
from sandbox.service_bus.entities.recorder import Recorder


class DuplicateHistory:
    """Remembers message ids for a while.

    Args:
        entity: whose messages.
        window: for how many seconds an id is remembered, from its first message on.
        alarm: rings when an id may be forgotten.
        recorder: is told of each id.
    """

    def __init__(self, entity: str, window: float, alarm: Alarm, recorder: Recorder) -> None:
        self._entity = entity
        self._window = window
        self._recorder = recorder
        self._numbers: dict[Any, int] = {}
        self._deadlines: Deadlines[Any] = Deadlines(alarm, self._forget)

    def first_of(self, message_id: Any) -> int | None:
        """Return the sequence number of the message that came with an id before, None if there was none."""
        return self._numbers.get(message_id)

    def remember(self, message_id: Any, sequence_number: int, until: float | None = None) -> None:
        """Take later messages with an id for duplicates."""
        until = time.time() + self._window if until is None else until
        self._numbers[message_id] = sequence_number
        self._deadlines.set(message_id, until)
        self._recorder.seen(self._entity, message_id, until, sequence_number)

    def _forget(self, message_id: Any) -> None:
        del self._numbers[message_id]
