"""Who takes messages from a queue."""

from typing import Protocol

from sandbox.service_bus.amqp.errors import AmqpError
from sandbox.service_bus.entities.queued_message import Lock, QueuedMessage


class Consumer(Protocol):
    """Takes messages as long as it has credit."""

    @property
    def credit(self) -> int:
        """How many messages it takes at the moment."""

    @property
    def deletes(self) -> bool:
        """Whether a message is gone as soon as it is delivered (receive-and-delete)."""

    @property
    def owner(self) -> object:
        """Whose consumer it is: requests from the same owner may speak for it."""

    def deliver(self, message: QueuedMessage, lock: Lock | None) -> None:
        """Take a message, with a lock unless it is gone already; uses up one credit. Raises nothing."""

    def fail(self, error: AmqpError) -> None:
        """Learn that it gets no more messages."""
