"""Messages go in batches by their size, not by their count."""

import json
import logging
from itertools import batched
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient

from qualification.domain.event import Event
from qualification.service_bus.bus import LARGEST_BATCH, ServiceBus
from sandbox.service_bus import BrokerThread
from tests.contract.service_bus.conftest import TOPIC
from tests.contract.service_bus.samples import event

WORDS = "顧客の組織を確認できませんでした。"
"""What Partner Center may say to a Japanese partner: 17 characters, 51 bytes in UTF-8, 102 as escapes."""
ALL = f"{TOPIC}/Subscriptions/all"


async def _receive(broker: BrokerThread, count: int) -> list[ServiceBusReceivedMessage]:
    """What the subscription has, in order."""
    found: list[ServiceBusReceivedMessage] = []
    async with (
        ServiceBusClient.from_connection_string(broker.connection_string) as client,
        client.get_subscription_receiver(TOPIC, "all") as receiver,
    ):
        while len(found) < count and (more := await receiver.receive_messages(count - len(found), max_wait_time=10)):
            found += more
            for message in more:
                await receiver.complete_message(message)
    return found


@pytest.mark.parametrize("words", [WORDS * 60, "x" * 3_000], ids=["japanese", "latin"])
async def test_events_of_any_size_are_all_published(bus: ServiceBus, broker: BrokerThread, words: str) -> None:
    """A hundred of them would be too large for one batch; 1,600 of 1,600 arrive."""
    for some in batched([event(vettingReason=words) for _ in range(1_600)], 320, strict=True):
        await bus.publish(some)
    assert broker.counts()[ALL].active == 1_600


async def test_small_events_still_share_a_batch(bus: ServiceBus, broker: BrokerThread) -> None:
    """As many as are sent together."""
    await bus.publish([event() for _ in range(LARGEST_BATCH)])
    assert broker.traffic(TOPIC).transfers == 1


async def test_one_event_too_large_holds_up_no_other_and_is_told_in_few_words(
    bus: ServiceBus, broker: BrokerThread, caplog: pytest.LogCaptureFixture
) -> None:
    """All arrive in order, the large one with its long texts cut and a word that they are; the log names it."""
    customer = uuid4()
    vast = event(customer, vettingReason="x" * 300_000, reasons=[{"detail": "y" * 3_000}] * 3_000)
    events: list[Event] = [event(customer), vast, event(customer)]
    with caplog.at_level(logging.WARNING, "qualification"):
        await bus.publish(events)
    got = await _receive(broker, 3)
    assert [message.message_id for message in got] == [each.id for each in events]
    data = json.loads(str(got[1]))["data"]
    assert data["shortened"] is True
    assert (len(data["vettingReason"]), len(data["reasons"])) == (200, 50)
    assert data["status"] == "Denied"
    assert "shortened" not in json.loads(str(got[0]))["data"]
    assert vast.id in caplog.text


async def test_what_cannot_even_be_shortened_is_dropped_and_told(
    bus: ServiceBus, broker: BrokerThread, caplog: pytest.LogCaptureFixture
) -> None:
    """It would come back each minute for ever, and so would all that is sent with it."""
    odd = event(vast={f"member{number}": "x" * 200 for number in range(2_000)})
    with caplog.at_level(logging.WARNING, "qualification"):
        await bus.publish([event(), odd, event()])
    assert broker.counts()[ALL].active == 2
    assert f"message {odd.id} is dropped" in caplog.text


async def test_text_is_utf8_and_no_escapes(bus: ServiceBus, broker: BrokerThread) -> None:
    """An escape takes twice the bytes, and no one can read it; half a character alone stays one."""
    await bus.publish([event(vettingReason=WORDS + "\ud83d", detail="é😀")])
    (got,) = await _receive(broker, 1)
    body = b"".join(got.body)
    assert WORDS.encode() in body
    assert "é😀".encode() in body
    assert json.loads(body)["data"]["vettingReason"] == WORDS + "\ud83d"
