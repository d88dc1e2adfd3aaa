"""Holding senders up at Service Bus, so that a host can be killed between two of its steps."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient

from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_bus.entities.hold import Moment
from sandbox.world import TOPOLOGY

QUEUE = "qualification-requests"


@pytest.fixture(scope="module")
def broker() -> Iterator[BrokerThread]:
    """A running broker."""
    with BrokerThread(Topology.load(TOPOLOGY)) as broker:
        yield broker


async def until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  the broker is on another thread and rings no bell here
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(("moment", "taken"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
async def test_a_sender_waits_until_it_is_released(broker: BrokerThread, moment: Moment, taken: int) -> None:
    """Its message is taken before or after the wait, as is wanted, and once in the end."""
    before = broker.counts()[QUEUE].active
    held = broker.hold(QUEUE, moment)
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_queue_sender(QUEUE) as sender,
    ):
        sending = asyncio.create_task(sender.send_messages(ServiceBusMessage("text")))
        await until(lambda: held.count == 1)
        assert not sending.done()
        assert broker.counts()[QUEUE].active == before + taken
        broker.release(QUEUE)
        await sending
    assert broker.counts()[QUEUE].active == before + 1


@pytest.mark.parametrize(("moment", "taken"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
async def test_a_sender_that_is_gone_is_forgotten(broker: BrokerThread, moment: Moment, taken: int) -> None:
    """A message held before it was taken never comes when its sender has gone away; one held afterwards stays."""
    before = broker.counts()[QUEUE].active
    held = broker.hold(QUEUE, moment)
    client = ServiceBusClient.from_connection_string(broker.connection_string, retry_total=0)
    sender = client.get_queue_sender(QUEUE)
    sending = asyncio.create_task(sender.send_messages(ServiceBusMessage("text")))
    await until(lambda: held.count == 1)
    broker.interrupt()
    broker.resume()
    broker.release(QUEUE)
    sending.cancel()
    await asyncio.wait({sending})
    await sender.close()
    await client.close()
    assert broker.counts()[QUEUE].active == before + taken
