from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    MessagingEntityNotFoundError,
    ServiceBusError,
    SessionLockLostError,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _receive(receiver: Any, count: int = 1) -> list[Any]:
    found: list[Any] = []
    while len(found) < count and (more := await receiver.receive_messages(count - len(found), max_wait_time=10)):
        found += more
    for message in found:
        await receiver.complete_message(message)
    return found


async def test_a_message_arrives_as_it_was_sent(bus: Any) -> None:
    """Body, system properties and application properties of every type come out as they went in."""
    properties: dict[Any, Any] = {"s": "ä", "i": 7, "b": True, "f": 1.5, "u": UUID(int=5), "n": None}
    sent = ServiceBusMessage(
        "héllo",
        message_id="m-1",
        subject="label",
        content_type="application/json",
        correlation_id="c-1",
        to="somebody",
        reply_to="me",
        reply_to_session_id="r",
        partition_key="p",
        time_to_live=timedelta(minutes=5),
        application_properties=dict(properties),
    )
    await bus.sender("plain").send_messages(sent)
    (got,) = await _receive(bus.receiver("plain"))
    assert str(got) == "héllo"
    assert (got.message_id, got.subject, got.content_type, got.correlation_id) == (
        "m-1",
        "label",
        "application/json",
        "c-1",
    )
    assert (got.to, got.reply_to, got.reply_to_session_id, got.partition_key) == ("somebody", "me", "r", "p")
    assert got.time_to_live == timedelta(minutes=5)
    received = {name.decode(): value for name, value in got.application_properties.items()}
    assert received == {**properties, "s": "ä".encode()}  # the SDK hands strings out as bytes
    assert got.delivery_count == 0
    assert abs(got.enqueued_time_utc - datetime.now(UTC)) < timedelta(minutes=1)


async def test_a_batch_arrives_as_single_messages(bus: Any) -> None:
    """A list, a batch object and a batch of one are taken apart, in order, each message with its own id."""
    sender = bus.sender("plain")
    await sender.send_messages([ServiceBusMessage(f"list-{n}", message_id=f"list-{n}") for n in range(3)])
    batch = await sender.create_message_batch()
    batch.add_message(ServiceBusMessage("batch", message_id="batch"))
    await sender.send_messages(batch)
    got = await _receive(bus.receiver("plain"), 4)
    assert [str(message) for message in got] == ["list-0", "list-1", "list-2", "batch"]
    assert [message.message_id for message in got] == ["list-0", "list-1", "list-2", "batch"]


async def test_a_message_may_be_longer_than_a_frame(bus: Any) -> None:
    """200 kB arrive whole, cut into frames both ways."""
    body = bytes(range(256)) * 800
    await bus.sender("plain").send_messages(ServiceBusMessage(body))
    (got,) = await _receive(bus.receiver("plain"))
    assert b"".join(got.body) == body


async def test_a_message_over_256_kb_is_refused(bus: Any) -> None:
    """The sender is told, nothing is stored, and the next message goes through."""
    sender = bus.sender("plain")
    with pytest.raises(MessageSizeExceededError):
        await sender.send_messages(ServiceBusMessage(b"x" * 262_144))
    assert bus.counts("plain").active == 0
    await sender.send_messages(ServiceBusMessage("short"))
    assert [str(message) for message in await _receive(bus.receiver("plain"))] == ["short"]


async def test_an_unknown_entity_is_not_found(bus: Any) -> None:
    """A sender to a queue that nobody declared fails at once and by name."""
    with pytest.raises(MessagingEntityNotFoundError, match="nowhere"):
        await bus.sender("nowhere").send_messages(ServiceBusMessage("lost"))


async def test_a_repeated_message_id_is_dropped_within_the_window(bus: Any) -> None:
    """Duplicate detection accepts and forgets the repetition, also inside a batch; after the window the id is new."""
    sender, receiver = bus.sender("unique"), bus.receiver("unique")
    await sender.send_messages(ServiceBusMessage("first", message_id="same"))
    await sender.send_messages([ServiceBusMessage(text, message_id=text) for text in ("same", "other")])
    got = await _receive(receiver, 2)
    assert [str(message) for message in got] == ["first", "other"]
    assert bus.counts("unique").active == 0

    sends = 0

    async def resend() -> bool:
        nonlocal sends
        sends += 1
        await sender.send_messages(ServiceBusMessage("again", message_id="same"))
        return bool(bus.counts("unique").active)

    while not await resend():
        assert sends < 10_000
    assert [str(message) for message in await _receive(receiver)] == ["again"]


async def test_a_scheduled_message_waits_for_its_time(bus: Any, eventually: Callable[..., Any]) -> None:
    """It counts as scheduled until it is due, and is delivered with a new sequence number after that."""
    sender = bus.sender("plain")
    at = datetime.now(UTC) + timedelta(seconds=0.6)
    (number,) = await sender.schedule_messages(ServiceBusMessage("later"), at)
    assert bus.counts("plain").scheduled == 1
    assert bus.counts("plain").active == 0
    await eventually(lambda: bus.counts("plain").active == 1)
    assert datetime.now(UTC) >= at
    (got,) = await _receive(bus.receiver("plain"))
    assert str(got) == "later"
    assert got.sequence_number != number
    assert got.enqueued_sequence_number == number


async def test_a_message_sent_with_an_enqueue_time_is_scheduled_too(bus: Any) -> None:
    """The annotation on an ordinary send means the same as the scheduling request, and peek shows it."""
    at = datetime.now(UTC) + timedelta(hours=1)
    await bus.sender("plain").send_messages(ServiceBusMessage("later", scheduled_enqueue_time_utc=at))
    (peeked,) = await bus.receiver("plain").peek_messages(1, sequence_number=1)
    assert str(peeked) == "later"
    assert peeked.state.name == "SCHEDULED"
    await bus.sender("plain").cancel_scheduled_messages(peeked.sequence_number)
    assert bus.counts("plain").scheduled == 0


async def test_only_a_scheduled_message_can_be_cancelled(bus: Any) -> None:
    """Cancelling twice is an error, and of several numbers all are cancelled or none."""
    sender = bus.sender("dropping")
    at = datetime.now(UTC) + timedelta(hours=1)
    first, second = await sender.schedule_messages([ServiceBusMessage("1"), ServiceBusMessage("2")], at)
    await sender.cancel_scheduled_messages(first)
    sender.inner._config.retry_total = 0  # the SDK retries what was not found for 11 s
    with pytest.raises(ServiceBusError, match="scheduled"):
        await sender.cancel_scheduled_messages([first, second])
    assert bus.counts("dropping").scheduled == 1
    await sender.cancel_scheduled_messages(second)


async def test_a_message_without_session_id_does_not_enter_a_session_queue(bus: Any) -> None:
    """The sender is told, and of a batch nothing is stored."""
    with pytest.raises(ServiceBusError, match="session id") as refusal:
        await bus.sender("sessions").send_messages(
            [ServiceBusMessage("with", session_id="s"), ServiceBusMessage("without")]
        )
    assert not isinstance(refusal.value, SessionLockLostError)
    assert bus.counts("sessions").active == 0
