"""The topology of a broker: which queues, topics, subscriptions and rules there are."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

from pydantic import ValidationError

from sandbox.service_bus import limits
from sandbox.service_bus.declarations import Configuration, Namespace

_COLLECTIONS = {"Namespaces": "namespace", "Queues": "queue", "Topics": "topic"}
_COLLECTIONS |= {"Subscriptions": "subscription", "Rules": "rule"}


class TopologyError(ValueError):
    """A topology that cannot be built; one line a fault, each naming the entity and the property."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Topology:
    """Queues, topics, subscriptions and rules, checked.

    Args:
        data: a configuration in the shape of the Service Bus emulator's. Values beyond the emulator's limits, such as
            a lock of a second, are allowed here and not in a file.

    Raises:
        TopologyError: something is missing, unknown or out of place.
    """

    def __init__(self, data: Any) -> None:
        try:
            self._configuration = Configuration.model_validate(data)
        except ValidationError as error:
            raise TopologyError([_fault(data, fault["loc"], fault["msg"]) for fault in error.errors()]) from error
        faults = [*_repeated(self.namespace), *_astray(self.namespace), *_circling(self.namespace)]
        if faults:
            raise TopologyError(faults)

    @classmethod
    def load(cls, path: Path | str) -> Self:
        """Read a topology file, held to the limits of Microsoft's emulator.

        Raises:
            TopologyError: the file is not JSON, or its topology cannot be built here or there.
            OSError: the file cannot be read.
        """
        try:
            data = json.loads(Path(path).read_text(encoding="utf-8"))
        except ValueError as error:
            raise TopologyError([f"{path}: not JSON: {error}"]) from error
        topology = cls(data)
        faults = list(limits.faults(topology.namespace))
        if faults:
            raise TopologyError(faults)
        return topology

    @property
    def namespace(self) -> Namespace:
        """The one namespace."""
        return self._configuration.user_config.namespaces[0]

    def with_properties(self, entity: str, **properties: Any) -> Self:
        """Return a copy in which an entity has other properties.

        Args:
            entity: a queue, a topic, or `topic/Subscriptions/subscription`.
            properties: the properties by their names in the file, such as `LockDuration="PT3S"`.

        Raises:
            TopologyError: there is no such entity, or a property is unknown or wrong.
        """
        data = self._configuration.model_dump(by_alias=True)
        declared = _find(data["UserConfig"]["Namespaces"][0], entity)
        if declared is None:
            raise TopologyError([f"there is no entity '{entity}'"])
        declared["Properties"] |= properties
        return type(self)(data)

    def with_subscription(self, topic: str, name: str) -> Self:
        """Return a copy in which a topic has one more subscription, which takes every message; the same if it has it.

        Args:
            topic: of the topology.
            name: of the subscription.

        Raises:
            TopologyError: there is no such topic.
        """
        data = self._configuration.model_dump(by_alias=True)
        namespace = data["UserConfig"]["Namespaces"][0]
        declared = next((each for each in namespace["Topics"] if each["Name"].lower() == topic.lower()), None)
        if declared is None:
            raise TopologyError([f"there is no topic '{topic}'"])
        if _find(namespace, f"{topic}/Subscriptions/{name}") is None:
            declared["Subscriptions"] = [*declared["Subscriptions"], {"Name": name}]
        return type(self)(data)


def _find(namespace: dict[str, Any], path: str) -> dict[str, Any] | None:
    entities: dict[str, dict[str, Any]] = {}
    for entity in (*namespace["Queues"], *namespace["Topics"]):
        entities[entity["Name"].lower()] = entity
        for subscription in entity.get("Subscriptions", ()):
            entities[f"{entity['Name']}/Subscriptions/{subscription['Name']}".lower()] = subscription
    return entities.get(path.lower())


def _fault(data: Any, location: tuple[int | str, ...], message: str) -> str:
    entities: list[str] = []
    prop, kind = "", ""
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        if isinstance(step, int):
            name = data.get("Name") if isinstance(data, dict) else None
            entities.append(f"{_COLLECTIONS.get(kind, kind)} {repr(name) if name else step}")
            prop = ""
        else:
            kind = prop = step
    return ": ".join([*entities[1:], *([prop] if prop else []), message.removeprefix("Value error, ")])


def _repeated(namespace: Namespace) -> Iterator[str]:
    seen: set[str] = set()
    for name in _paths(namespace):
        if name.lower() in seen:
            yield f"there are two entities '{name}' (names are compared without regard to case)"
        seen.add(name.lower())


def _astray(namespace: Namespace) -> Iterator[str]:
    known = {queue.name.lower() for queue in namespace.queues} | {topic.name.lower() for topic in namespace.topics}
    deliveries = {f"queue '{queue.name}'": queue.properties for queue in namespace.queues} | {
        f"topic '{topic.name}': subscription '{subscription.name}'": subscription.properties
        for topic in namespace.topics
        for subscription in topic.subscriptions
    }
    for where, properties in deliveries.items():
        for name in ("forward_to", "forward_dead_lettered_messages_to"):
            target = getattr(properties, name)
            if target and target.lower() not in known:
                alias = type(properties).model_fields[name].alias
                yield f"{where}: {alias}: there is no queue or topic '{target}'"


def _circling(namespace: Namespace) -> Iterator[str]:
    onward = {queue.name.lower(): [queue.properties.forward_to.lower()] for queue in namespace.queues}
    for topic in namespace.topics:
        onward[topic.name.lower()] = [each.properties.forward_to.lower() for each in topic.subscriptions]
    for start, targets in onward.items():
        reached, frontier = set[str](), targets
        while frontier:
            reached.update(frontier)
            frontier = [name for each in frontier for name in onward.get(each, ()) if name not in reached]
        if start in reached:
            yield f"'{start}': ForwardTo: its messages come back to itself"


def _paths(namespace: Namespace) -> Iterator[str]:
    for queue in namespace.queues:
        yield queue.name
    for topic in namespace.topics:
        yield topic.name
        for subscription in topic.subscriptions:
            yield f"{topic.name}/Subscriptions/{subscription.name}"
