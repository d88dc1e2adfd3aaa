"""A message in a queue: what the broker adds to what the sender wrote."""

from dataclasses import dataclass
from enum import Enum
from typing import Any
from uuid import UUID

from sandbox.service_bus.amqp.types import Int, Symbol, Timestamp
from sandbox.service_bus.entities.content import Content

_ENQUEUED_TIME = Symbol("x-opt-enqueued-time")
_SEQUENCE_NUMBER = Symbol("x-opt-sequence-number")
_ENQUEUE_SEQUENCE_NUMBER = Symbol("x-opt-enqueue-sequence-number")
_LOCKED_UNTIL = Symbol("x-opt-locked-until")
_MESSAGE_STATE = Symbol("x-opt-message-state")


class State(Enum):
    """Where a message is in its life."""

    ACTIVE = "active"
    LOCKED = "locked"
    SCHEDULED = "scheduled"
    DEFERRED = "deferred"
    GONE = "gone"


# https://learn.microsoft.com/dotnet/api/azure.messaging.servicebus.servicebusmessagestate
_ANNOTATED_STATES = {State.DEFERRED: 1, State.SCHEDULED: 2}


@dataclass(slots=True, eq=False)
class QueuedMessage:
    """A message and its state in one queue.

    Attributes:
        sequence_number: its number in this queue.
        enqueued_at: when it came, in seconds since the epoch.
        enqueue_sequence_number: its first number, before it was scheduled, forwarded or dead-lettered.
        expires_at: when its time to live ends, None for never.
        due: when a scheduled one is to be enqueued.
        deferred: it waits to be fetched by number, also while it is locked.
        delivery_count: deliveries that failed.
    """

    content: Content
    sequence_number: int
    enqueued_at: float
    enqueue_sequence_number: int
    expires_at: float | None = None
    due: float | None = None
    state: State = State.ACTIVE
    deferred: bool = False
    delivery_count: int = 0

    def encode(self, locked_until: float | None = None) -> bytes:
        """Encode it for a delivery, a peek, or a fetch by number; with a lock, until when that holds."""
        annotations: dict[Symbol, Any] = {
            _ENQUEUED_TIME: Timestamp(self.enqueued_at * 1000),
            _SEQUENCE_NUMBER: self.sequence_number,
            _ENQUEUE_SEQUENCE_NUMBER: self.enqueue_sequence_number,
        }
        if locked_until is not None:
            annotations[_LOCKED_UNTIL] = Timestamp(locked_until * 1000)
        state = _ANNOTATED_STATES.get(State.DEFERRED if self.deferred else self.state)
        if state is not None:
            annotations[_MESSAGE_STATE] = Int(state)
        return self.content.encode(delivery_count=self.delivery_count, annotations=annotations)


@dataclass(slots=True, eq=False)
class Lock:
    """A lock on a message: whoever has the token may settle it."""

    token: UUID
    message: QueuedMessage
    until: float
