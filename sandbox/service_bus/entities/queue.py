"""Queues: of themselves, of subscriptions, and of dead letters."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

from sandbox.service_bus.amqp.errors import MESSAGE_LOCK_LOST, MESSAGE_NOT_FOUND, NOT_ALLOWED, AmqpError
from sandbox.service_bus.entities.consumer import Consumer
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.deadlines import Alarm, Deadlines
from sandbox.service_bus.entities.line import Line
from sandbox.service_bus.entities.message_store import MessageStore
from sandbox.service_bus.entities.queued_message import Lock, QueuedMessage, State
from sandbox.service_bus.entities.recorder import Recorder

# https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
MAX_DELIVERY_COUNT_EXCEEDED = "MaxDeliveryCountExceeded"
TIME_TO_LIVE_EXPIRED = "TTLExpiredException"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a queue does with its messages.

    Attributes:
        lock_duration: in seconds.
        max_delivery_count: failed deliveries after which a message is dead-lettered, None for no limit.
        time_to_live: in seconds at most, None for no limit.
        dead_letter_expired: whether expired messages are dead-lettered; otherwise they are dropped.
    """

    lock_duration: float
    max_delivery_count: int | None = None
    time_to_live: float | None = None
    dead_letter_expired: bool = False


class Queue:
    """A queue whose consumers take turns.

    Args:
        name: its path, such as `topic/Subscriptions/subscription`.
        settings: what it does with its messages.
        alarm: rings when a lock or a message expires.
        recorder: is told of every change.
        bury: takes dead letters; None for a dead-letter queue, which keeps what it has.
    """

    lost = MESSAGE_LOCK_LOST

    def __init__(
        self,
        name: str,
        settings: Settings,
        alarm: Alarm,
        recorder: Recorder,
        bury: Callable[[QueuedMessage, Content], None] | None = None,
    ) -> None:
        self.name = name
        self.settings = settings
        self.store = MessageStore(name, recorder)
        self.forward: Callable[[Content], int] | None = None
        self._bury = bury
        self._line = Line()
        self._hungry: dict[Consumer, None] = {}
        self._locks: dict[UUID, Lock] = {}
        self._lock_deadlines: Deadlines[UUID] = Deadlines(alarm, self._lock_expired)
        self._expiries: Deadlines[int] = Deadlines(alarm, self._message_expired)

    def check(self, content: Content) -> None:
        """Refuse a message that does not belong here.

        Raises:
            AmqpError: why.
        """

    def enqueue(self, content: Content, origin: QueuedMessage | None = None) -> int:
        """Take a message and return its sequence number; `origin` is what it was before it came here."""
        if self.forward:
            return self.forward(content)
        number, now = self.store.next_sequence_number(), time.time()
        limits = [limit for limit in (content.time_to_live, self.settings.time_to_live) if limit is not None]
        message = QueuedMessage(content, number, now, number, now + min(limits) if limits else None)
        if origin:
            message.enqueue_sequence_number = origin.enqueue_sequence_number
            message.delivery_count = origin.delivery_count
        self.restore(message)
        return number

    def restore(self, message: QueuedMessage) -> None:
        """Put a message with a number of its own in its place."""
        self.store.skip_to(message.sequence_number)
        self.store.add(message)
        if message.expires_at is not None:
            self._expiries.set(message.sequence_number, message.expires_at)
        if message.state is State.ACTIVE:
            self._offer(message)

    def want(self, consumer: Consumer) -> None:
        """Deliver to a consumer as long as it has credit."""
        self._hungry[consumer] = None
        self._pump()

    def leave(self, consumer: Consumer) -> None:
        """Deliver to a consumer no more; its locks last until they expire."""
        self._hungry.pop(consumer, None)

    def complete(self, token: UUID) -> None:
        """Settle a message for good.

        Raises:
            AmqpError: the lock is lost; also raised by the other ways to settle.
        """
        self._remove(self._unlock(token))

    def abandon(self, token: UUID) -> None:
        """Give a message back after a failed delivery."""
        message = self._unlock(token)
        message.delivery_count += 1
        self._return(message)

    def release(self, token: UUID) -> None:
        """Give a message back that nobody tried to process."""
        self._return(self._unlock(token))

    def defer(self, token: UUID) -> None:
        """Put a message aside until it is fetched by its number; it does not expire any more."""
        message = self._unlock(token)
        message.deferred = True
        self._expiries.discard(message.sequence_number)
        self.store.move(message, State.DEFERRED)

    def dead_letter(self, token: UUID, reason: str, description: str) -> None:
        """Move a message to the dead-letter queue."""
        if not self._bury:
            raise AmqpError(NOT_ALLOWED, f"{self.name} is a dead-letter queue itself")
        self._dead_letter(self._unlock(token), reason, description)

    def renew(self, tokens: list[UUID]) -> list[float]:
        """Renew locks and return until when each holds now.

        Raises:
            AmqpError: one is lost.
        """
        locks = [self._lock(token) for token in tokens]
        until = time.time() + self.settings.lock_duration
        for lock in locks:
            lock.until = until
            self._lock_deadlines.set(lock.token, until)
        return [until] * len(locks)

    def fetch(self, numbers: list[int], *, delete: bool) -> list[tuple[QueuedMessage, Lock]]:
        """Lock deferred messages by their numbers, or take them away with `delete`.

        Raises:
            AmqpError: one of them is not a deferred message that is free.
        """
        messages = [message for number in numbers if (message := self.store.get(number))]
        if len(messages) < len(numbers) or any(message.state is not State.DEFERRED for message in messages):
            raise AmqpError(MESSAGE_NOT_FOUND, f"not all of {numbers} are deferred messages of {self.name}")
        taken = [(message, self._grant(message)) for message in messages]
        if delete:
            for _, lock in taken:
                self.complete(lock.token)
        return taken

    def refuse(self, content: Content, reason: str, description: str) -> None:
        """Move a message that cannot be taken to the dead-letter queue at once."""
        number = self.store.next_sequence_number()
        self._dead_letter(QueuedMessage(content, number, time.time(), number), reason, description)

    def _offer(self, message: QueuedMessage) -> None:
        self._line.join(message)
        self._pump()

    def _pump(self) -> None:
        while self._hungry and self._line:
            consumer = next(iter(self._hungry))
            del self._hungry[consumer]
            if consumer.credit > 0:
                self._hand_over(self._line.pop(), consumer)
                self._hungry[consumer] = None

    def _hand_over(self, message: QueuedMessage, consumer: Consumer) -> None:
        if consumer.deletes:
            self._remove(message)
            consumer.deliver(message, None)
        else:
            consumer.deliver(message, self._grant(message))

    def _grant(self, message: QueuedMessage) -> Lock:
        lock = Lock(uuid4(), message, time.time() + self.settings.lock_duration)
        self._locks[lock.token] = lock
        self._lock_deadlines.set(lock.token, lock.until)
        self.store.move(message, State.LOCKED)
        return lock

    def _lock(self, token: UUID) -> Lock:
        lock = self._locks.get(token)
        if lock is None:
            raise AmqpError(self.lost, "the lock is lost, or the message is settled already")
        return lock

    def _unlock(self, token: UUID) -> QueuedMessage:
        message = self._lock(token).message
        del self._locks[token]
        self._lock_deadlines.discard(token)
        return message

    def _lock_expired(self, token: UUID) -> None:
        message = self._locks.pop(token).message
        message.delivery_count += 1
        self._return(message)

    def _return(self, message: QueuedMessage) -> None:
        limit = self.settings.max_delivery_count
        if limit is not None and message.delivery_count >= limit:
            self._dead_letter(message, MAX_DELIVERY_COUNT_EXCEEDED, f"{limit} deliveries failed, which is the limit")
        elif message.deferred:
            self.store.move(message, State.DEFERRED)
        elif message.expires_at is not None and message.expires_at <= time.time():
            self._expire(message)
        else:
            self.store.move(message, State.ACTIVE)
            self._offer(message)

    def _message_expired(self, number: int) -> None:
        message = self.store.get(number)
        if message and message.state is State.ACTIVE:
            self._expire(message)

    def _expire(self, message: QueuedMessage) -> None:
        if self.settings.dead_letter_expired:
            self._dead_letter(message, TIME_TO_LIVE_EXPIRED, "the time to live ended before the message was processed")
        else:
            self._remove(message)

    def _dead_letter(self, message: QueuedMessage, reason: str, description: str) -> None:
        extra = {"DeadLetterReason": reason, "DeadLetterErrorDescription": description}
        # Buried first: whenever the process dies, the message is in at least one place.
        if self._bury:
            self._bury(message, message.content.with_application_properties(extra))
        if self.store.get(message.sequence_number):
            self._remove(message)

    def _remove(self, message: QueuedMessage) -> None:
        self._expiries.discard(message.sequence_number)
        self.store.remove(message)
