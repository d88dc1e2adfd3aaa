"""What messages are sent to: a queue or a topic, behind duplicate detection and a schedule."""

import time
from typing import Protocol

from sandbox.service_bus.amqp.errors import MESSAGE_NOT_FOUND, AmqpError
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.deadlines import Alarm, Deadlines
from sandbox.service_bus.entities.duplicates import DuplicateHistory
from sandbox.service_bus.entities.hold import Hold
from sandbox.service_bus.entities.message_store import MessageStore
from sandbox.service_bus.entities.queued_message import QueuedMessage, State
from sandbox.service_bus.entities.traffic import Traffic


class Target(Protocol):
    """A queue or a topic."""

    @property
    def store(self) -> MessageStore:
        """Its messages; scheduled ones are kept there too."""

    def check(self, content: Content) -> None:
        """Refuse a message that does not belong there, with an AmqpError."""

    def enqueue(self, content: Content, origin: QueuedMessage | None = None) -> int:
        """Take a message and return its sequence number."""


class Destination:
    """The way into a queue or a topic.

    Args:
        target: the queue or topic.
        alarm: rings when a scheduled message is due.
        history: detects duplicates; None where the entity does not.

    Attributes:
        hold: keeps what clients send waiting, while there is one.
        traffic: what clients did here.
    """

    def __init__(self, target: Target, alarm: Alarm, history: DuplicateHistory | None) -> None:
        self._target = target
        self._history = history
        self.hold: Hold | None = None
        self.traffic = Traffic()
        self._schedule: Deadlines[int] = Deadlines(alarm, self._enqueue_scheduled)

    def accept(self, contents: list[Content]) -> list[int]:
        """Take messages, all or none, and return their sequence numbers; a duplicate gets the first one's number.

        Raises:
            AmqpError: one of them does not belong here.
        """
        for content in contents:
            self._target.check(content)
        return [self._accept(content) for content in contents]

    def cancel(self, numbers: list[int]) -> None:
        """Drop scheduled messages.

        Raises:
            AmqpError: one of them is not scheduled any more; then none is dropped.
        """
        messages = [message for number in numbers if (message := self._target.store.get(number))]
        if len(messages) < len(numbers) or any(message.state is not State.SCHEDULED for message in messages):
            raise AmqpError(MESSAGE_NOT_FOUND, f"not all of {numbers} are scheduled messages")
        for message in messages:
            self._schedule.discard(message.sequence_number)
            self._target.store.remove(message)

    def restore(self, message: QueuedMessage) -> None:
        """Put a scheduled message with a number of its own in its place."""
        self._target.store.skip_to(message.sequence_number)
        self._target.store.add(message)
        self._schedule.set(message.sequence_number, message.due or 0.0)

    def _accept(self, content: Content) -> int:
        message_id = content.message_id
        detecting = self._history if message_id is not None else None
        first = detecting.first_of(message_id) if detecting else None
        if first is not None:
            return first
        due, now = content.scheduled_for, time.time()
        if due is not None and due > now:
            number = self._target.store.next_sequence_number()
            self.restore(QueuedMessage(content, number, now, number, due=due, state=State.SCHEDULED))
        else:
            number = self._target.enqueue(content)
        if detecting:
            detecting.remember(message_id, number)
        return number

    def _enqueue_scheduled(self, number: int) -> None:
        # The message gets a new number: it counts as sent now.
        # https://learn.microsoft.com/azure/service-bus-messaging/message-sequencing
        message = self._target.store.get(number)
        if message:
            self._target.enqueue(message.content, message)
            self._target.store.remove(message)
