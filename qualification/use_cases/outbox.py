"""Publishes the events of a step: at once where order allows, by the timer otherwise."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from qualification.domain.errors import BusUnavailable, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.use_cases.ports import Bus, RecordStore

PATIENCE = 5.0
"""Seconds that a step waits for the topic; its events are safe in the outbox meanwhile."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbox:
    """Publishes events and takes them out of the store once they are on the topic."""

    store: RecordStore
    bus: Bus

    async def publish_own(self, before: Record | None, events: Sequence[Event]) -> None:
        """Publish a step's own events now, unless an older one of the same request still waits: order comes first.

        Never raises for the bus or the store: what is not published now is published by the timer.
        """
        if not events:
            return
        try:
            if before is not None and before.sequence and await self.store.is_unpublished(before):
                return
            async with asyncio.timeout(PATIENCE):
                await self.publish(events)
        except (BusUnavailable, StoreUnavailable, TimeoutError) as error:
            log.warning("events %s stay in the outbox: %s", ", ".join(event.id for event in events), error)

    async def publish(self, events: Sequence[Event]) -> None:
        """Publish events about any number of requests, in order, then take them out of the store.

        Raises:
            BusUnavailable, StoreUnavailable: they stay in the outbox; being published again does no harm.
        """
        await self.bus.publish(events)
        for subject in {event.subject for event in events}:
            await self.store.published(subject, [event for event in events if event.subject == subject])
