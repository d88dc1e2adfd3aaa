"""Messages waiting for a consumer."""

import heapq

from sandbox.service_bus.entities.queued_message import QueuedMessage, State


class Line:
    """Active messages, the one with the lowest number first: a message that comes back goes to its old place."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, QueuedMessage]] = []

    def __bool__(self) -> bool:
        # A message that expired while it waited is still in the heap.
        while self._heap and self._heap[0][1].state is not State.ACTIVE:
            heapq.heappop(self._heap)
        return bool(self._heap)

    def join(self, message: QueuedMessage) -> None:
        """Let an active message wait."""
        heapq.heappush(self._heap, (message.sequence_number, message))

    def pop(self) -> QueuedMessage:
        """Take the first; the line must not be empty."""
        return heapq.heappop(self._heap)[1]
