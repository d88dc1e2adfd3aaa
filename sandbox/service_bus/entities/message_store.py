"""The messages of a queue or a topic, by sequence number."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator

from sandbox.service_bus.entities.queued_message import QueuedMessage, State
from sandbox.service_bus.entities.recorder import Recorder

_SLACK = 64  # numbers of removed messages that may stay in the order before it is worth cleaning


class MessageStore:
    """Messages in the order of their sequence numbers, and how many there are in each state."""

    def __init__(self, entity: str, recorder: Recorder) -> None:
        self.entity = entity
        self._recorder = recorder
        self._messages: dict[int, QueuedMessage] = {}
        self._order: list[int] = []
        self._last = 0
        self.counts: Counter[State] = Counter()

    def __len__(self) -> int:
        return len(self._messages)

    def next_sequence_number(self) -> int:
        """Take the next number."""
        self._last += 1
        return self._last

    def skip_to(self, sequence_number: int) -> None:
        """Let the next number be greater than one that was given before."""
        self._last = max(self._last, sequence_number)

    def add(self, message: QueuedMessage) -> None:
        """Store a message under the number it just took."""
        self._messages[message.sequence_number] = message
        self._order.append(message.sequence_number)
        self.counts[message.state] += 1
        self._recorder.added(self.entity, message)

    def get(self, sequence_number: int) -> QueuedMessage | None:
        """Return a message by its number."""
        return self._messages.get(sequence_number)

    def move(self, message: QueuedMessage, state: State) -> None:
        """Put a message into another state."""
        self.counts[message.state] -= 1
        self.counts[state] += 1
        message.state = state
        if state is not State.LOCKED:
            self._recorder.changed(self.entity, message)

    def remove(self, message: QueuedMessage) -> None:
        """Forget a message."""
        del self._messages[message.sequence_number]
        self.counts[message.state] -= 1
        message.state = State.GONE
        self._recorder.removed(self.entity, message.sequence_number)
        if len(self._order) > 2 * len(self._messages) + _SLACK:
            self._order = list(self._messages)

    def browse(self, first: int) -> Iterator[QueuedMessage]:
        """Yield the messages from a number on."""
        for at in range(bisect_left(self._order, first), len(self._order)):
            message = self._messages.get(self._order[at])
            if message:
                yield message
