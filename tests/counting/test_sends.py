"""How often Service Bus is turned to."""

import asyncio
from uuid import uuid4

from qualification.domain.work import QueueMessage
from qualification.service_bus.bus import LARGEST_BATCH
from sandbox.service_bus import BrokerThread
from sandbox.service_bus.entities.traffic import Traffic
from tests.counting.counted_service import CountedService

QUEUE = "qualification-requests"


async def enqueue(service: CountedService) -> None:
    """Send one message, as one webhook does."""
    await service.bus.enqueue([QueueMessage(uuid4(), uuid4(), 1)])


async def test_messages_of_many_callers_share_batches(service: CountedService, broker: BrokerThread) -> None:
    """Five hundred webhooks at the same time cost five deliveries, not five hundred."""
    await asyncio.gather(*(enqueue(service) for _ in range(5 * LARGEST_BATCH)))
    assert broker.counts()[QUEUE].active == 5 * LARGEST_BATCH
    assert broker.traffic(QUEUE) == Traffic(senders=1, transfers=5)


async def test_a_sender_is_opened_once(service: CountedService, broker: BrokerThread) -> None:
    """However many messages follow each other."""
    for _ in range(50):
        await enqueue(service)
    assert broker.traffic(QUEUE) == Traffic(senders=1, transfers=50)
