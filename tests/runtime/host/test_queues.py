"""Service Bus functions over the real SDK and the broker on this machine."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from azure.servicebus import (
    ServiceBusClient,
    ServiceBusMessage,
    ServiceBusReceiver,
    ServiceBusSender,
    ServiceBusSubQueue,
)
from azure.servicebus.amqp import AmqpAnnotatedMessage, AmqpMessageBodyType

from sandbox.service_bus import BrokerThread, Topology
from tests.runtime.host.processes import APPS, RunningHost, running_host, script_output, until

ENTITIES = {
    "Name": "sbemulatorns",
    "Queues": [
        {"Name": "work", "Properties": {"LockDuration": "PT2S", "MaxDeliveryCount": 2}},
        {"Name": "returning", "Properties": {"MaxDeliveryCount": 2}},
        {"Name": "raw", "Properties": {"MaxDeliveryCount": 2}},
    ],
    "Topics": [{"Name": "news", "Subscriptions": [{"Name": "shop"}]}],
}
TOPOLOGY = Topology({"UserConfig": {"Namespaces": [ENTITIES]}})


class Shop:
    """A broker with a host that listens on it, and the clients of both."""

    def __init__(self, broker: BrokerThread, host: RunningHost, web: httpx.Client, bus: ServiceBusClient) -> None:
        self.broker, self.host, self._web, self._bus = broker, host, web, bus
        self._senders: dict[str, ServiceBusSender] = {}

    def send(self, entity: str, message: ServiceBusMessage | AmqpAnnotatedMessage) -> None:
        """Send to a queue or topic."""
        if entity not in self._senders:
            is_topic = entity == "news"
            self._senders[entity] = (
                self._bus.get_topic_sender(entity) if is_topic else self._bus.get_queue_sender(entity)
            )
        self._senders[entity].send_messages(message)

    def hang_up(self) -> None:
        """Close the senders; the next message opens a new one."""
        while self._senders:
            self._senders.popitem()[1].close()

    def order(self, message_id: str, what: str = "", **members: object) -> None:
        """Send an order to the queue `work`."""
        self.send("work", ServiceBusMessage(json.dumps({"do": what, **members}), message_id=message_id))

    def seen(self, **fields: object) -> list[dict[str, Any]]:
        """Give what the functions saw, as far as these fields match."""
        runs = self._web.get("/api/seen").json()
        return [run for run in runs if fields.items() <= run.items()]

    def release(self) -> None:
        """Let the waiting calls end."""
        self._web.get("/api/release")

    @contextmanager
    def dead_letters(self, queue: str) -> Iterator[ServiceBusReceiver]:
        """Receive from a dead-letter queue."""
        with self._bus.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as receiver:
            yield receiver


@contextmanager
def _shop(folder: Path, broker: BrokerThread, **settings: str) -> Iterator[Shop]:
    settings |= {"ServiceBusConnection": broker.connection_string, "QUEUE": "work"}
    with (
        running_host(APPS / "queues", folder / "log", settings) as host,
        host.client() as web,
        ServiceBusClient.from_connection_string(broker.connection_string) as bus,
    ):
        yield Shop(broker, host, web, bus)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One broker and one host for most tests."""
    with BrokerThread(TOPOLOGY) as broker, _shop(tmp_path_factory.mktemp("queues"), broker) as shop:
        yield shop


def test_a_message_reaches_its_function_and_is_completed(shop: Shop) -> None:
    """Body, id, properties and naive UTC times arrive; what the real host does not send is None."""
    properties: dict[str | bytes, Any] = {"kind": "new", "size": 3}
    trace_parent = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    message = ServiceBusMessage(
        '{"do": ""}', message_id="plain", subject="s", application_properties=properties | {"traceparent": trace_parent}
    )
    shop.send("work", message)
    (run,) = until(lambda: shop.seen(message_id="plain"))
    assert run["function"] == "work"
    assert run["body"] == '{"do": ""}'
    assert run["delivery_count"] == 1
    assert run["user_properties"] == run["application_properties"] == properties | {"traceparent": trace_parent}
    assert (run["time_to_live"], run["locked_until"]) == (None, None)
    assert "+" not in run["enqueued"]
    assert run["metadata"]["Label"] == run["metadata"]["Subject"] == "s"
    assert not {"TimeToLive", "LockedUntil", "State", "DeadLetterReason"} & set(run["metadata"])
    until(lambda: f"trace 00-{'a' * 32}-" in shop.host.log)


def test_a_failing_message_is_delivered_again_and_then_dead_lettered(shop: Shop) -> None:
    """Abandoning is immediate redelivery; the broker counts, and dead-letters above the maximum."""
    shop.order("bad", "fail")
    until(lambda: len(shop.seen(message_id="bad")) == 2)
    assert [run["delivery_count"] for run in shop.seen(message_id="bad")] == [1, 2]
    with shop.dead_letters("work") as receiver:
        (dead,) = receiver.receive_messages(max_wait_time=30)
        assert dead.dead_letter_reason == "MaxDeliveryCountExceeded"
        receiver.complete_message(dead)
    assert "RuntimeError: as the message says" in shop.host.log


def test_a_queue_function_that_returns_a_value_fails(shop: Shop) -> None:
    """The work is done, yet the invocation fails and the message comes again."""
    shop.send("returning", ServiceBusMessage("{}", message_id="returned"))
    until(lambda: len(shop.seen(function="returning")) == 2)
    assert "without a $return binding" in shop.host.log


def test_a_key_in_the_body_forges_the_metadata(shop: Shop) -> None:
    """A body with a MessageId is seen under that id; one with a bad DeliveryCount fails before the function."""
    shop.order("true-id", MessageId="forged-id")
    until(lambda: shop.seen(message_id="forged-id"))
    assert shop.seen(message_id="true-id") == []
    shop.order("unseen", DeliveryCount="x")
    with shop.dead_letters("work") as receiver:
        (dead,) = receiver.receive_messages(max_wait_time=30)
        assert dead.message_id == "unseen"
        receiver.complete_message(dead)
    assert shop.seen(message_id="unseen") == []


def test_a_message_needs_its_user_properties() -> None:
    """Without UserProperties the runtime cannot tell one message from a batch, so the host sends it even if empty."""
    without, with_them = script_output("without_properties.py", str(APPS / "queues")).splitlines()
    assert "unable to decode incoming TypedData" in without
    assert with_them == "success"


def test_bytes_arrive_as_they_are(shop: Shop) -> None:
    """With data_type BINARY a body need not be UTF-8."""
    shop.send("raw", ServiceBusMessage(b"\xff\x00"))
    assert until(lambda: shop.seen(function="raw"))[0]["body"] == [255, 0]


def test_a_body_that_is_no_data_never_reaches_the_function(shop: Shop) -> None:
    """An AMQP value body cannot be bound, as in the real extension."""
    shop.send("raw", AmqpAnnotatedMessage(value_body={"a": 1}))
    assert AmqpMessageBodyType.VALUE.value == "value"
    with shop.dead_letters("raw") as receiver:
        (dead,) = receiver.receive_messages(max_wait_time=30)
        receiver.complete_message(dead)
    assert "a body of AMQP type value cannot be bound" in shop.host.log


def test_a_subscription_is_read_like_a_queue(shop: Shop) -> None:
    """Topic and subscription come from the binding; the body may be empty."""
    shop.send("news", ServiceBusMessage(b"", message_id="headline"))
    assert until(lambda: shop.seen(function="subscriber"))[0]["body"] == ""


def test_calls_are_bounded_and_keep_their_locks(shop: Shop) -> None:
    """Two calls run at once, no more; locks are renewed while they run, so nothing comes twice."""
    began = time.monotonic()
    for number in range(3):
        shop.order(f"waiting-{number}", "wait")
    until(lambda: len(shop.seen(body='{"do": "wait"}')) == 2)
    # Longer than the two seconds of a lock.
    until(lambda: time.monotonic() - began > 3)
    assert len(shop.seen(body='{"do": "wait"}')) == 2
    shop.release()
    until(lambda: len(shop.seen(body='{"do": "wait"}')) == 3)
    assert {run["delivery_count"] for run in shop.seen(body='{"do": "wait"}')} == {1}
    assert "lost the lock" not in shop.host.log


def test_a_call_that_takes_too_long_is_abandoned(tmp_path: Path) -> None:
    """The host cancels it after functionTimeout and the broker delivers the message again."""
    time_out = {"AzureFunctionsJobHost__functionTimeout": "00:00:00.2"}
    with BrokerThread(TOPOLOGY) as broker, _shop(tmp_path, broker, **time_out) as shop:
        shop.order("stuck", "hang")
        until(lambda: [run["delivery_count"] for run in shop.seen(message_id="stuck")] == [1, 2])
        until(lambda: shop.host.log.count("was exceeded by work") == 2)


def test_the_listener_survives_the_broker(tmp_path: Path) -> None:
    """The broker goes away and comes back: one line each, and messages flow again."""
    # The SDK leaves the socket of a connection that the other side has closed to the garbage collector.
    leak = {"PYTHONWARNINGS": "ignore::ResourceWarning"}
    with BrokerThread(TOPOLOGY) as broker, _shop(tmp_path, broker, **leak) as shop:
        shop.order("before")
        until(lambda: shop.seen(message_id="before"))
        shop.hang_up()
        broker.interrupt()
        until(lambda: "work: cannot listen on work, will go on trying" in shop.host.log)
        broker.resume()
        until(lambda: "work: listening on work again" in shop.host.log)
        shop.order("after")
        until(lambda: shop.seen(message_id="after"))
        assert shop.host.log.count("work: cannot listen on work") == 1
