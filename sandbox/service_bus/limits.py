"""The limits that Microsoft's emulator sets, so that one file drives both.

Sources: the emulator's `Config-schema.json`, and "Usage quotas" in
https://learn.microsoft.com/azure/service-bus-messaging/overview-emulator.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sandbox.service_bus.declarations import Namespace, QueueProperties, SubscriptionProperties, TopicProperties

NAMESPACE = "sbemulatorns"
MAX_ENTITIES = 50
MAX_SUBSCRIPTIONS = 50

_RANGES: dict[str, tuple[Any, Any]] = {
    "DefaultMessageTimeToLive": (timedelta(minutes=5), timedelta(hours=1)),
    "DuplicateDetectionHistoryTimeWindow": (timedelta(seconds=5), timedelta(minutes=5)),
    "LockDuration": (timedelta(seconds=5), timedelta(minutes=5)),
    "MaxDeliveryCount": (1, 10),
}


def faults(namespace: Namespace) -> Iterator[str]:
    """Yield what the emulator would refuse, each naming the entity and the property."""
    if namespace.name != NAMESPACE:
        yield f"namespace '{namespace.name}': Name: the emulator knows only {NAMESPACE}"
    if len(namespace.queues) + len(namespace.topics) > MAX_ENTITIES:
        yield f"namespace '{namespace.name}': more than {MAX_ENTITIES} queues and topics"
    for queue in namespace.queues:
        yield from _out_of_range(f"queue '{queue.name}'", queue.properties)
    for topic in namespace.topics:
        where = f"topic '{topic.name}'"
        yield from _out_of_range(where, topic.properties)
        if not 1 <= len(topic.subscriptions) <= MAX_SUBSCRIPTIONS:
            yield f"{where}: Subscriptions: from 1 to {MAX_SUBSCRIPTIONS} are allowed"
        for subscription in topic.subscriptions:
            yield from _out_of_range(f"{where}: subscription '{subscription.name}'", subscription.properties)


def _out_of_range(where: str, properties: QueueProperties | SubscriptionProperties | TopicProperties) -> Iterator[str]:
    for name, value in properties.model_dump(by_alias=True).items():
        least, most = _RANGES.get(name, (value, value))
        if not least <= value <= most:
            yield f"{where}: {name}: {value} is not between {least} and {most}"
