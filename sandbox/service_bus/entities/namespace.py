"""A namespace: every entity by its address."""

import logging
import math

from sandbox.service_bus import declarations
from sandbox.service_bus.amqp.errors import NOT_ALLOWED, NOT_FOUND, AmqpError
from sandbox.service_bus.amqp.types import Symbol
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.counts import Counts
from sandbox.service_bus.entities.deadlines import Alarm
from sandbox.service_bus.entities.destination import Destination, Target
from sandbox.service_bus.entities.duplicates import DuplicateHistory
from sandbox.service_bus.entities.queue import Queue, Settings
from sandbox.service_bus.entities.queued_message import QueuedMessage
from sandbox.service_bus.entities.recorder import Recorder
from sandbox.service_bus.entities.session_queue import SessionQueue
from sandbox.service_bus.entities.topic import Subscription, Topic
from sandbox.service_bus.filters.rule import rule

DEAD_LETTER_QUEUE = "/$DeadLetterQueue"
_DEAD_LETTER_SOURCE = Symbol("x-opt-deadletter-source")
_logger = logging.getLogger(__name__)


class Namespace:
    """The entities of a topology. Addresses are compared without regard to case.

    Args:
        declared: what there is to be.
        alarm: rings for everything that expires.
        recorder: is told of every change.
    """

    def __init__(self, declared: declarations.Namespace, alarm: Alarm, recorder: Recorder) -> None:
        self._alarm = alarm
        self._recorder = recorder
        self.queues: dict[str, Queue] = {}
        self.topics: dict[str, Topic] = {}
        self.destinations: dict[str, Destination] = {}
        self.histories: dict[str, DuplicateHistory] = {}
        for queue in declared.queues:
            self._add_destination(queue.name, queue.properties, self._add_queue(queue.name, queue.properties))
        for topic in declared.topics:
            self._add_topic(topic)

    def queue(self, address: str) -> Queue:
        """Find what an address receives from: a queue, a subscription or the dead letters of either.

        Raises:
            AmqpError: there is no such queue.
        """
        queue = self.queues.get(address.lower())
        if queue is None:
            raise self._missing(address, "received from")
        return queue

    def destination(self, address: str) -> Destination:
        """Find what an address sends to: a queue or a topic.

        Raises:
            AmqpError: there is no such entity, or it takes no messages from outside.
        """
        destination = self.destinations.get(address.lower())
        if destination is None:
            raise self._missing(address, "sent to")
        return destination

    def counts(self) -> dict[str, Counts]:
        """Count the messages of each entity, by its name; a subscription's is `topic/Subscriptions/subscription`."""
        counts = {topic.name: Counts.of(topic.store) for topic in self.topics.values()}
        for queue in self.queues.values():
            buried = self.queues.get((queue.name + DEAD_LETTER_QUEUE).lower())
            if buried:
                counts[queue.name] = Counts.of(queue.store, buried.store)
        return counts

    def _missing(self, address: str, use: str) -> AmqpError:
        if address.lower() in (self.queues | self.topics):
            return AmqpError(NOT_ALLOWED, f"'{address}' cannot be {use}")
        return AmqpError(NOT_FOUND, f"the messaging entity '{address}' could not be found")

    def _add_topic(self, declared: declarations.Topic) -> None:
        properties = declared.properties
        subscriptions = []
        for subscription in declared.subscriptions:
            name = f"{declared.name}/Subscriptions/{subscription.name}"
            most = properties.default_message_time_to_live.total_seconds()
            queue = self._add_queue(name, subscription.properties, most)
            subscriptions.append(Subscription(queue, [rule(each) for each in subscription.rules]))
        topic = Topic(declared.name, subscriptions, self._recorder)
        self.topics[declared.name.lower()] = topic
        self._add_destination(declared.name, properties, topic)

    def _add_destination(
        self, name: str, properties: declarations.QueueProperties | declarations.TopicProperties, target: Target
    ) -> None:
        history = None
        if properties.requires_duplicate_detection:
            window = properties.duplicate_detection_history_time_window.total_seconds()
            history = self.histories[name] = DuplicateHistory(name, window, self._alarm, self._recorder)
        self.destinations[name.lower()] = Destination(target, self._alarm, history)

    def _add_queue(
        self,
        name: str,
        properties: declarations.QueueProperties | declarations.SubscriptionProperties,
        most: float = math.inf,
    ) -> Queue:
        lock_duration = properties.lock_duration.total_seconds()
        buried = Queue(name + DEAD_LETTER_QUEUE, Settings(lock_duration), self._alarm, self._recorder)
        settings = Settings(
            lock_duration,
            properties.max_delivery_count,
            min(most, properties.default_message_time_to_live.total_seconds()),
            properties.dead_lettering_on_message_expiration,
        )

        def bury(message: QueuedMessage, content: Content) -> None:
            if not properties.forward_dead_lettered_messages_to:
                buried.enqueue(content, message)
                return
            sourced = content.with_annotations({_DEAD_LETTER_SOURCE: name})
            try:
                self.destination(properties.forward_dead_lettered_messages_to).accept([sourced])
            except AmqpError as error:
                _logger.warning("a dead letter of %s cannot be forwarded and stays there: %s", name, error)
                buried.enqueue(content, message)

        kind = SessionQueue if properties.requires_session else Queue
        queue = kind(name, settings, self._alarm, self._recorder, bury)
        if properties.forward_to:
            queue.forward = lambda content: self.destination(properties.forward_to).accept([content])[0]
        self.queues[buried.name.lower()] = buried
        self.queues[name.lower()] = queue
        return queue
