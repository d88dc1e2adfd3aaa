"""What is left of a journal when it has been read to its end."""

import time
from base64 import b64decode
from typing import Any

from sandbox.service_bus.amqp.decode import decode
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.namespace import Namespace
from sandbox.service_bus.entities.queued_message import QueuedMessage, State
from sandbox.service_bus.entities.session_queue import SessionQueue


class Kept:
    """Messages, duplicate memories and session states that survive.

    Args:
        lines: the journal, as `Journal` writes it.

    Attributes:
        last: the highest sequence number that each entity has given.

    Raises:
        ValueError: a line is not of a journal.
    """

    def __init__(self, lines: list[list[Any]]) -> None:
        self.last: dict[str, int] = {}
        self._messages: dict[tuple[str, int], QueuedMessage] = {}
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}
        self._states: dict[tuple[str, str], str | None] = {}
        for line in lines:
            self._read(line)

    def put_back(self, namespace: Namespace) -> None:
        """Put everything into the entities that there still are; the rest is dropped."""
        stores = [queue.store for queue in namespace.queues.values()]
        stores += [topic.store for topic in namespace.topics.values()]
        for store in stores:
            store.skip_to(self.last.get(store.entity, 0))
        for (entity, _), message in sorted(self._messages.items(), key=lambda item: item[0]):
            scheduled = message.state is State.SCHEDULED
            holder = (namespace.destinations if scheduled else namespace.queues).get(entity.lower())
            if holder:
                holder.restore(message)
        for (entity, name), (until, number) in self._seen.items():
            if entity in namespace.histories and until > time.time():
                namespace.histories[entity].remember(decode(bytes.fromhex(name))[0], number, until)
        for (entity, session_id), state in self._states.items():
            queue = namespace.queues.get(entity.lower())
            if isinstance(queue, SessionQueue) and state is not None:
                queue.set_state(session_id, bytes.fromhex(state))

    def _read(self, line: list[Any]) -> None:
        match line:
            case ["last", entity, number]:
                self.last[entity] = number
            case ["added", entity, number, *facts]:
                self.last[entity] = max(number, self.last.get(entity, 0))
                self._messages[entity, number] = _message(number, *facts)
            case ["changed", entity, number, deferred, delivery_count]:
                message = self._messages[entity, number]
                message.deferred, message.delivery_count = deferred, delivery_count
                message.state = State.DEFERRED if deferred else State.ACTIVE
            case ["removed", entity, number]:
                self._messages.pop((entity, number), None)
            case ["seen", entity, name, until, number]:
                self._seen[entity, name] = (until, number)
            case ["state", entity, session_id, state]:
                self._states[entity, session_id] = state
            case _:
                raise ValueError(f"not a line of a journal: {line!r}")


def _message(number: int, *facts: Any) -> QueuedMessage:
    enqueued_at, first_number, expires_at, due, deferred, delivery_count, body = facts
    state = State.SCHEDULED if due is not None else State.DEFERRED if deferred else State.ACTIVE
    return QueuedMessage(
        Content.parse(b64decode(body)),
        number,
        enqueued_at,
        first_number,
        None if deferred else expires_at,
        due,
        state,
        deferred,
        delivery_count,
    )
