import asyncio
from collections import Counter
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

pytestmark = pytest.mark.asyncio(loop_scope="session")

MESSAGES, RECEIVERS, BATCH = 1_200, 6, 200


async def test_competing_receivers_get_every_message_once(broker: Any) -> None:
    """Six receivers share a queue: none of its messages is lost and none comes twice."""
    got: Counter[str] = Counter()

    async def drain(client: ServiceBusClient) -> None:
        async with client.get_queue_receiver("crowded", prefetch_count=20) as receiver:
            while got.total() < MESSAGES:
                for message in await receiver.receive_messages(20, max_wait_time=0.5):
                    got[str(message)] += 1
                    await receiver.complete_message(message)

    async with ServiceBusClient.from_connection_string(broker.connection_string) as client:
        async with client.get_queue_sender("crowded") as sender:
            for start in range(0, MESSAGES, BATCH):
                await sender.send_messages([ServiceBusMessage(str(n)) for n in range(start, start + BATCH)])
        await asyncio.gather(*(drain(client) for _ in range(RECEIVERS)))
    assert len(got) == MESSAGES
    assert set(got.values()) == {1}
    counts = broker.counts()["crowded"]
    assert (counts.active, counts.locked, counts.dead_lettered) == (0, 0, 0)
