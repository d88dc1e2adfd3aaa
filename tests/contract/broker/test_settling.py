import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from azure.servicebus import AutoLockRenewer, ServiceBusMessage
from azure.servicebus.aio import AutoLockRenewer as AioAutoLockRenewer
from azure.servicebus.exceptions import MessageLockLostError

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR = timedelta(hours=1)


async def _send_and_receive(bus: Any, queue: str, text: str, **properties: Any) -> Any:
    await bus.sender(queue).send_messages(ServiceBusMessage(text, **properties))
    return await _receive(bus.receiver(queue))


async def _receive(receiver: Any) -> Any:
    (message,) = await receiver.receive_messages(1, max_wait_time=10)
    return message


def _is_empty(bus: Any, queue: str) -> bool:
    counts = bus.counts(queue)
    return (counts.active, counts.locked, counts.deferred) == (0, 0, 0)


async def test_a_received_message_is_locked_until_it_is_completed(bus: Any) -> None:
    """It counts as locked, its lock lasts as declared, and completing removes it."""
    message = await _send_and_receive(bus, "plain", "work")
    assert bus.counts("plain").locked == 1
    left = message.locked_until_utc - datetime.now(UTC)
    assert timedelta(seconds=50) < left <= timedelta(seconds=60)
    await bus.receiver("plain").complete_message(message)
    assert _is_empty(bus, "plain")


async def test_an_abandoned_message_comes_back_and_is_dead_lettered_in_the_end(bus: Any) -> None:
    """The delivery count grows with each try; at the maximum the message moves, and says why."""
    receiver = bus.receiver("plain")
    message = await _send_and_receive(bus, "plain", "poison", application_properties={"kept": "yes"})
    assert message.delivery_count == 0
    await receiver.abandon_message(message)
    again = await _receive(receiver)
    assert again.delivery_count == 1
    assert again.sequence_number == message.sequence_number
    await receiver.abandon_message(again)
    assert bus.counts("plain").dead_lettered == 1
    dead = await _receive(bus.dead_letters("plain"))
    assert dead.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert dead.application_properties[b"kept"] == b"yes"
    await bus.dead_letters("plain").complete_message(dead)
    assert bus.counts("plain").dead_lettered == 0


async def test_a_message_can_be_dead_lettered_with_a_reason(bus: Any) -> None:
    """Reason and description are application properties of the dead letter, whose time to live has ended."""
    message = await _send_and_receive(bus, "plain", "bad", time_to_live=HOUR)
    await bus.receiver("plain").dead_letter_message(message, reason="Invalid", error_description="no customer")
    dead = await _receive(bus.dead_letters("plain"))
    assert (str(dead), dead.dead_letter_reason, dead.dead_letter_error_description) == ("bad", "Invalid", "no customer")
    assert dead.time_to_live is None
    await bus.dead_letters("plain").complete_message(dead)


async def test_a_deferred_message_is_fetched_by_its_number_only(bus: Any) -> None:
    """It waits, visible to peek, until it is fetched; abandoned, it waits on; completed, it is gone."""
    receiver = bus.receiver("plain")
    message = await _send_and_receive(bus, "plain", "not yet")
    await receiver.defer_message(message)
    assert (bus.counts("plain").active, bus.counts("plain").deferred) == (0, 1)
    (peeked,) = await receiver.peek_messages(1, sequence_number=message.sequence_number)
    assert peeked.state.name == "DEFERRED"
    (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
    assert str(fetched) == "not yet"
    assert bus.counts("plain").locked == 1
    await receiver.abandon_message(fetched)
    assert bus.counts("plain").deferred == 1
    (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
    assert fetched.delivery_count == 1
    await receiver.complete_message(fetched)
    assert _is_empty(bus, "plain")


@pytest.mark.parametrize(("settle", "left"), [("dead_letter_message", "dead_lettered"), ("defer_message", "deferred")])
async def test_a_fetched_message_is_settled_over_the_management_link(bus: Any, settle: str, left: str) -> None:
    """Deferred messages have no delivery to settle, so each settlement exists as a request, too."""
    receiver = bus.receiver("plain")
    message = await _send_and_receive(bus, "plain", "by request")
    await receiver.defer_message(message)
    (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
    await getattr(receiver, settle)(fetched)
    assert getattr(bus.counts("plain"), left) == 1
    if left == "deferred":
        (fetched,) = await receiver.receive_deferred_messages([message.sequence_number])
        await receiver.complete_message(fetched)
    else:
        await bus.dead_letters("plain").complete_message(await _receive(bus.dead_letters("plain")))
    assert _is_empty(bus, "plain")


async def test_an_expired_lock_gives_the_message_back(bus: Any, eventually: Callable[..., Any]) -> None:
    """It is delivered again with a higher count, and whoever lost the lock cannot settle it any more."""
    message = await _send_and_receive(bus, "brief", "slow")
    await eventually(lambda: bus.counts("brief").active == 1)
    message._expiry = datetime.now(UTC) + HOUR  # so that the SDK asks the broker instead of its own clock
    with pytest.raises(MessageLockLostError):
        await bus.receiver("brief").complete_message(message)
    again = await _receive(bus.receiver("brief"))
    assert (str(again), again.delivery_count) == ("slow", 1)
    await bus.receiver("brief").complete_message(again)
    assert _is_empty(bus, "brief")


async def test_a_renewed_lock_lasts_longer(bus: Any, eventually: Callable[..., Any]) -> None:
    """Renewing moves the expiry; a lock that is lost cannot be renewed."""
    receiver = bus.receiver("brief")
    message = await _send_and_receive(bus, "brief", "long")
    before = message.locked_until_utc
    assert await receiver.renew_message_lock(message) > before
    await eventually(lambda: bus.counts("brief").active == 1)
    message._expiry = datetime.now(UTC) + HOUR
    with pytest.raises(MessageLockLostError):
        await receiver.renew_message_lock(message)
    await receiver.complete_message(await _receive(receiver))


async def test_the_sdk_renews_a_lock_by_itself(bus: Any, eventually: Callable[..., Any]) -> None:
    """With an AutoLockRenewer the lock of a message at work gets later and later expiries."""
    message = await _send_and_receive(bus, "renewed", "long")
    first = message.locked_until_utc
    renewer: Any = AioAutoLockRenewer() if bus.kind == "aio" else AutoLockRenewer()
    renewer.register(bus.receiver("renewed").inner, message, max_lock_renewal_duration=30)
    await eventually(lambda: message.locked_until_utc > first)
    await bus.receiver("renewed").complete_message(message)
    assert _is_empty(bus, "renewed")
    await (renewer.close() if bus.kind == "aio" else asyncio.to_thread(renewer.close))


async def test_an_expired_message_is_dead_lettered_where_the_queue_says_so(
    bus: Any, eventually: Callable[..., Any]
) -> None:
    """Its reason is TTLExpiredException; a queue that does not dead-letter expired messages drops them."""
    for queue in ("plain", "dropping"):
        await bus.sender(queue).send_messages(ServiceBusMessage("old", time_to_live=timedelta(seconds=1)))
    await eventually(lambda: bus.counts("plain").dead_lettered == 1)
    dead = await _receive(bus.dead_letters("plain"))
    assert dead.dead_letter_reason == "TTLExpiredException"
    await bus.dead_letters("plain").complete_message(dead)
    await eventually(lambda: _is_empty(bus, "dropping"))
    assert bus.counts("dropping").dead_lettered == 0
