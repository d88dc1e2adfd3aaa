"""A Service Bus in memory."""

import asyncio
from collections.abc import Sequence

from qualification.domain.errors import BusUnavailable
from qualification.domain.event import Event
from qualification.domain.work import QueueMessage
from tests.unit.stand_ins.clock import an_hour_passes


class StandInBus:
    """Keeps what it is sent.

    Attributes:
        queue: every hint, in order.
        topic: every event, in order.
        down: whether every call fails.
        stuck: whether no call ever ends.
    """

    def __init__(self) -> None:
        self.queue: list[QueueMessage] = []
        self.topic: list[Event] = []
        self.down = False
        self.stuck = False

    async def enqueue(self, messages: Sequence[QueueMessage]) -> None:
        """See Bus."""
        await self.ping()
        self.queue.extend(messages)

    async def publish(self, events: Sequence[Event]) -> None:
        """See Bus."""
        await self.ping()
        self.topic.extend(events)

    async def ping(self) -> None:
        """See Bus."""
        if self.stuck:
            an_hour_passes()
            await asyncio.Event().wait()
        if self.down:
            raise BusUnavailable("the bus is down")

    async def close(self) -> None:
        """See Bus."""
