from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusMessage
from azure.servicebus.exceptions import (
    OperationTimeoutError,
    SessionCannotBeLockedError,
    SessionLockLostError,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def _send(bus: Any, queue: str, session_id: str, *texts: str) -> None:
    await bus.sender(queue).send_messages([ServiceBusMessage(text, session_id=session_id) for text in texts])


async def _texts(receiver: Any, count: int) -> list[str]:
    got: list[str] = []
    while len(got) < count:
        for message in await receiver.receive_messages(count - len(got), max_wait_time=10):
            got.append(str(message))
            await receiver.complete_message(message)
    return got


async def test_a_receiver_gets_the_messages_of_its_session_in_order(bus: Any) -> None:
    """A session by name: its messages and no others; meanwhile nobody else gets it.

    Its state is kept, and a message that was locked when the receiver closed comes again as if never delivered.
    """
    await _send(bus, "sessions", "a", "a1", "a2", "a3")
    await _send(bus, "sessions", "b", "b1")
    receiver = bus.open("sessions", session_id="a")
    assert await _texts(receiver, 2) == ["a1", "a2"]
    with pytest.raises(SessionCannotBeLockedError):
        await bus.open("sessions", session_id="a").receive_messages(1, max_wait_time=1)
    assert await receiver.session.get_state() is None
    await receiver.session.set_state(b"half way")
    before = receiver.session.locked_until_utc
    assert await receiver.session.renew_lock() > before
    assert [str(message) for message in await receiver.receive_messages(1, max_wait_time=10)] == ["a3"]
    await receiver.close()

    again = bus.open("sessions", session_id="a")
    (message,) = await again.receive_messages(1, max_wait_time=10)
    assert (str(message), message.delivery_count) == ("a3", 0)
    await again.complete_message(message)
    assert await again.session.get_state() == b"half way"
    await again.session.set_state(None)


async def test_a_receiver_gets_the_next_session_that_is_free(bus: Any) -> None:
    """The one session with messages that nobody has locked, and its name."""
    await _send(bus, "next-sessions", "b", "b1")
    receiver = bus.open("next-sessions", session_id=NEXT_AVAILABLE_SESSION)
    assert await _texts(receiver, 1) == ["b1"]
    assert receiver.session.session_id == "b"
    await _send(bus, "next-sessions", "b", "b2")
    await _send(bus, "next-sessions", "c", "c1")
    other = bus.open("next-sessions", session_id=NEXT_AVAILABLE_SESSION)
    assert await _texts(other, 1) == ["c1"]
    assert await _texts(receiver, 1) == ["b2"]


async def test_a_receiver_waits_for_the_next_session(bus: Any) -> None:
    """Without a session in time it is told so; a session that comes later is found."""
    with pytest.raises(OperationTimeoutError):
        await bus.open("listed", session_id=NEXT_AVAILABLE_SESSION, max_wait_time=0.3).receive_messages(1)
    await _send(bus, "listed", "late", "here")
    receiver = bus.open("listed", session_id=NEXT_AVAILABLE_SESSION)
    assert await _texts(receiver, 1) == ["here"]


async def test_sessions_with_messages_are_listed(bus: Any) -> None:
    """Session ids are listed while there are messages, more than fit one page of the SDK's."""
    names = {f"s{number:03}" for number in range(120)}
    await bus.sender("listed").send_messages([ServiceBusMessage("m", session_id=name) for name in sorted(names)])
    listed = bus.client.list_queue_sessions(bus.path("listed"))
    found = {name async for name in listed} if bus.kind == "aio" else set(listed)
    assert names <= found


async def test_an_expired_session_lock_is_lost_with_its_messages(bus: Any, eventually: Callable[..., Any]) -> None:
    """The receiver is told, its settlement is refused, and the delivery counts as failed."""
    await _send(bus, "brief-sessions", "slow", "m")
    receiver = bus.open("brief-sessions", session_id="slow")
    (message,) = await receiver.receive_messages(1, max_wait_time=10)
    await eventually(lambda: bus.counts("brief-sessions").active == 1)
    # The SDK trusts its own clock first: with the expiry moved it has to ask the broker.
    receiver.session.inner._locked_until_utc = datetime.now(UTC) + timedelta(hours=1)
    with pytest.raises(SessionLockLostError):
        await receiver.complete_message(message)
    again = bus.open("brief-sessions", session_id="slow")
    (message,) = await again.receive_messages(1, max_wait_time=10)
    assert message.delivery_count == 1
    await again.complete_message(message)


async def test_a_session_message_can_be_deferred_and_fetched(bus: Any) -> None:
    """By a receiver that has the session."""
    await _send(bus, "sessions", "deferring", "later")
    receiver = bus.open("sessions", session_id="deferring")
    (message,) = await receiver.receive_messages(1, max_wait_time=10)
    await receiver.defer_message(message)
    (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
    await receiver.complete_message(fetched)
    assert bus.counts("sessions").deferred == 0
