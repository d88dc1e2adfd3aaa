"""Topics: every message goes to each subscription that wants it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.message_store import MessageStore
from sandbox.service_bus.entities.queue import Queue
from sandbox.service_bus.entities.queued_message import QueuedMessage
from sandbox.service_bus.entities.recorder import Recorder
from sandbox.service_bus.entities.session_queue import SessionQueue
from sandbox.service_bus.filters.errors import FilterEvaluationError
from sandbox.service_bus.filters.rule import Rule
from sandbox.service_bus.filters.subject import Subject

FILTER_EVALUATION_FAILED = "FilterEvaluationException"
# https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues
SESSION_ID_IS_NULL = "Session ID is null."


@dataclass(frozen=True, slots=True)
class Subscription:
    """A queue and the rules that let messages in; without a rule all come in."""

    queue: Queue
    rules: Sequence[Rule]

    def offer(self, content: Content, subject: Subject) -> None:
        """Enqueue a message that a rule matches; one that no rule can be evaluated for is dead-lettered."""
        try:
            wanted = not self.rules or any(rule(subject) for rule in self.rules)
        except FilterEvaluationError as error:
            self.queue.refuse(content, FILTER_EVALUATION_FAILED, str(error))
            return
        if not wanted:
            return
        if isinstance(self.queue, SessionQueue) and content.session_id is None:
            self.queue.refuse(content, SESSION_ID_IS_NULL, "the subscription requires sessions")
        else:
            self.queue.enqueue(content)


class Topic:
    """A topic. It keeps no messages except scheduled ones."""

    def __init__(self, name: str, subscriptions: Sequence[Subscription], recorder: Recorder) -> None:
        self.name = name
        self.store = MessageStore(name, recorder)
        self._subscriptions = subscriptions

    def check(self, content: Content) -> None:
        """Refuse nothing: what does not suit a subscription is dead-lettered there."""

    def enqueue(self, content: Content, origin: QueuedMessage | None = None) -> int:  # noqa: ARG002  every subscription numbers its copies anew
        """Give a message to the subscriptions and return its sequence number in the topic."""
        subject = Subject(content)
        for subscription in self._subscriptions:
            subscription.offer(content, subject)
        return self.store.next_sequence_number()
