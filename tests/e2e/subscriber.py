"""A subscriber of the topic: the real Service Bus SDK on a thread of its own, keeping all that each subscription got."""

import asyncio
import json
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from azure.servicebus import ServiceBusReceivedMessage, ServiceBusReceiveMode
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from tests.e2e.eventually import eventually

TOPIC = "qualification-events"
SUBSCRIPTIONS = ("all", "decisions", "attention")


@dataclass(frozen=True)
class Received:
    """An event as a subscriber gets it."""

    message_id: str | None
    session_id: str | None
    correlation_id: str | None
    content_type: str | None
    subject: str | None
    properties: Mapping[str, Any]
    text: str

    @classmethod
    def of(cls, message: ServiceBusReceivedMessage) -> Self:
        """Read a message; names and values of application properties become text."""
        told = {_text(name): _text(value) for name, value in (message.application_properties or {}).items()}
        return cls(
            message.message_id,
            message.session_id,
            message.correlation_id,
            message.content_type,
            message.subject,
            told,
            str(message),
        )

    @property
    def envelope(self) -> dict[str, Any]:
        """The CloudEvent."""
        envelope: dict[str, Any] = json.loads(self.text)
        return envelope

    @property
    def data(self) -> dict[str, Any]:
        """What the CloudEvent is about."""
        data: dict[str, Any] = self.envelope["data"]
        return data

    @property
    def news(self) -> str:
        """The new status, or the reason for attention."""
        word: str = self.data.get("reason") or self.data["status"]
        return word


class Subscriber:
    """Receives from every subscription until the end of the block.

    Args:
        connection_string: of the namespace.
        subscriptions: which ones of the topic.
    """

    def __init__(self, connection_string: str, subscriptions: Sequence[str] = SUBSCRIPTIONS) -> None:
        self._connection_string = connection_string
        self._received: dict[str, list[Received]] = {name: [] for name in subscriptions}
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), name="subscriber")
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(30)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def received(self, customer: str | None = None, subscription: str = "all") -> list[Received]:
        """Everything so far, or what is about one customer, in the order of arrival."""
        messages = list(self._received[subscription])
        return [message for message in messages if customer in {None, message.session_id}]

    def news(self, customer: str, subscription: str = "all") -> list[str]:
        """The statuses and reasons told about a customer so far; what was told twice counts once."""
        told = {message.message_id: message.news for message in self.received(customer, subscription)}
        return list(told.values())

    def hears(self, customer: str, *news: str, subscription: str = "all") -> list[Received]:
        """Wait until exactly these news were told about a customer, in this order; give the messages."""
        wanted = list(news)
        eventually(lambda: len(self.news(customer, subscription)) >= len(wanted))
        came = self.news(customer, subscription)
        assert came == wanted, f"{came} came where {wanted} were expected"
        return self.received(customer, subscription)

    async def _listen(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with ServiceBusClient.from_connection_string(self._connection_string) as client:
            receivers = [
                client.get_subscription_receiver(TOPIC, name, receive_mode=ServiceBusReceiveMode.RECEIVE_AND_DELETE)
                for name in self._received
            ]
            listening = [
                asyncio.create_task(self._receive(name, receiver))
                for name, receiver in zip(self._received, receivers, strict=True)
            ]
            self._ready.set()
            await self._stop.wait()
            for task in listening:
                task.cancel()
            for task in listening:
                with suppress(asyncio.CancelledError):
                    await task
            await asyncio.gather(*(receiver.close() for receiver in receivers))

    async def _receive(self, name: str, receiver: ServiceBusReceiver) -> None:
        while True:
            messages = await receiver.receive_messages(max_message_count=100, max_wait_time=5)
            self._received[name] += [Received.of(message) for message in messages]


def _text(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value
