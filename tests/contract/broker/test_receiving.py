from collections.abc import Callable
from typing import Any

import pytest
from azure.servicebus import ServiceBusMessage, ServiceBusReceiveMode
from azure.servicebus.exceptions import ServiceBusError

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _send(bus: Any, queue: str, *texts: str) -> None:
    await bus.sender(queue).send_messages([ServiceBusMessage(text) for text in texts])


async def test_messages_come_in_the_order_they_were_sent(bus: Any) -> None:
    """Also when one was given back: it returns to its old place."""
    await _send(bus, "plain", "1", "2", "3")
    receiver = bus.receiver("plain")
    first = await receiver.receive_messages(1, max_wait_time=10)
    await receiver.abandon_message(first[0])
    got: list[str] = []
    while len(got) < 3:
        for message in await receiver.receive_messages(3 - len(got), max_wait_time=10):
            got.append(str(message))
            await receiver.complete_message(message)
    assert got == ["1", "2", "3"]


async def test_peek_shows_messages_without_locking_them(bus: Any) -> None:
    """Each peek goes on where the last one ended; locked messages are seen, too."""
    await _send(bus, "dropping", "1", "2", "3")
    receiver = bus.receiver("dropping")
    assert [str(message) for message in await receiver.peek_messages(2, sequence_number=1)] == ["1", "2"]
    assert [str(message) for message in await receiver.peek_messages(2)] == ["3"]
    assert await receiver.peek_messages(2) == []
    assert bus.counts("dropping").active == 3
    got = await receiver.receive_messages(3, max_wait_time=10)
    assert len(await receiver.peek_messages(5, sequence_number=1)) == 3
    for message in got:
        await receiver.complete_message(message)


async def test_receive_and_delete_takes_messages_at_once(bus: Any) -> None:
    """They are gone as soon as they are delivered, and need no settlement."""
    await _send(bus, "dropping", "1", "2")
    receiver = bus.open("dropping", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE)
    got: list[Any] = []
    while len(got) < 2:
        got += await receiver.receive_messages(2, max_wait_time=10)
    counts = bus.counts("dropping")
    assert (counts.active, counts.locked) == (0, 0)


async def test_a_deferred_message_can_be_fetched_and_deleted(bus: Any) -> None:
    """Fetching by number in receive-and-delete mode leaves nothing to settle."""
    await _send(bus, "dropping", "later")
    (message,) = await bus.receiver("dropping").receive_messages(1, max_wait_time=10)
    await bus.receiver("dropping").defer_message(message)
    receiver = bus.open("dropping", receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE)
    (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
    assert str(fetched) == "later"
    assert bus.counts("dropping").deferred == 0


async def test_only_a_deferred_message_can_be_fetched_by_number(bus: Any) -> None:
    """An active one cannot, and the client is told so."""
    await _send(bus, "dropping", "active")
    receiver = bus.receiver("dropping")
    (peeked,) = await receiver.peek_messages(1, sequence_number=1)
    receiver.inner._config.retry_total = 0  # the SDK retries what was not found for 11 s
    with pytest.raises(ServiceBusError, match="deferred"):
        await receiver.receive_deferred_messages([peeked.sequence_number])
    (message,) = await receiver.receive_messages(1, max_wait_time=10)
    await receiver.complete_message(message)


async def test_closing_a_receiver_gives_prefetched_messages_back(bus: Any, eventually: Callable[..., Any]) -> None:
    """What the client had buffered and nobody had seen is available again at once, as if never delivered."""
    await _send(bus, "dropping", *"12345")
    receiver = bus.open("dropping", prefetch_count=10)
    (message,) = await receiver.receive_messages(1, max_wait_time=10)
    await eventually(lambda: bus.counts("dropping").locked == 5)
    await receiver.complete_message(message)
    await receiver.close()
    await eventually(lambda: bus.counts("dropping").active == 4)
    rest: list[Any] = []
    while len(rest) < 4:
        rest += await bus.receiver("dropping").receive_messages(4 - len(rest), max_wait_time=10)
    assert {message.delivery_count for message in rest} == {0}
    for message in rest:
        await bus.receiver("dropping").complete_message(message)
