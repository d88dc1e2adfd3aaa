"""How many messages an entity has."""

from dataclasses import dataclass
from typing import Self

from sandbox.service_bus.entities.message_store import MessageStore
from sandbox.service_bus.entities.queued_message import State


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages by state; `active` ones wait for a receiver."""

    active: int = 0
    locked: int = 0
    scheduled: int = 0
    deferred: int = 0
    dead_lettered: int = 0

    @classmethod
    def of(cls, store: MessageStore, dead_letters: MessageStore | None = None) -> Self:
        """Count an entity's messages and its dead letters."""
        counts = store.counts
        return cls(
            counts[State.ACTIVE],
            counts[State.LOCKED],
            counts[State.SCHEDULED],
            counts[State.DEFERRED],
            len(dead_letters) if dead_letters is not None else 0,
        )
