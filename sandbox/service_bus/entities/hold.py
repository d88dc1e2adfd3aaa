"""Keeps what is sent to an entity waiting, so that a sender can be ended between two of its steps."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class Moment(StrEnum):
    """Whether a transfer is kept before its messages are taken, or after: then only the sender is kept waiting."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(slots=True)
class Hold:
    """The transfers that wait; those whose sender is gone when it ends have never come, or are never settled."""

    moment: Moment
    _waiting: list[Callable[[], None]] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many transfers wait."""
        return len(self._waiting)

    def keep(self, go_on: Callable[[], None]) -> None:
        """Keep a transfer; `go_on` does what is left to do about it."""
        self._waiting.append(go_on)

    def release(self) -> None:
        """Let all of them go on, in order."""
        waiting, self._waiting = self._waiting, []
        for go_on in waiting:
            go_on()
