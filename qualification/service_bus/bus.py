"""The Bus port over Azure Service Bus: one client, one link an entity, opened once and kept."""

import asyncio
import json
from collections.abc import Sequence
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from qualification.domain.cloud_event import CONTENT_TYPE, envelope, properties
from qualification.domain.errors import BusUnavailable
from qualification.domain.event import Event
from qualification.domain.shortening import shortened
from qualification.domain.work import QueueMessage
from qualification.service_bus.batching import Mailbox
from qualification.service_bus.link import Link
from qualification.service_bus.packing import Parcel, send_in_batches
from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.settings.no_token import NoToken

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusMessage
    from azure.servicebus.aio import ServiceBusClient, ServiceBusSender

LARGEST_BATCH = 100
"""Messages sent together; they go in more than one batch where their sizes ask for it."""
PATIENCE = 20.0
"""Seconds for one look at the dead letters, retries of the SDK included."""
SCOPE = "https://servicebus.azure.net//.default"
"""As the SDK asks for it."""
RETRIES: dict[str, Any] = {"retry_total": 2, "retry_backoff_factor": 0.2, "retry_backoff_max": 2.0}


class ServiceBus:
    """Sends hints to the queue and events to the topic.

    Args:
        connection: a connection string, or an identity and the namespace.
        queue: the queue of hints.
        topic: the topic of events.
        credentials: for an identity; they stay open.
    """

    def __init__(
        self, connection: SecretStr | Identity, queue: str, topic: str, credentials: Credentials | None = None
    ) -> None:
        self._connection = connection
        self._credentials = credentials or Credentials()
        self._names = {"queue": queue, "topic": topic}
        self._client: ServiceBusClient | None = None
        self._links = {entity: Link(partial(self._make_sender, entity)) for entity in self._names}
        self._hints: Mailbox[Parcel] = Mailbox(partial(self._send, "queue"), LARGEST_BATCH)
        self._events: Mailbox[Parcel] = Mailbox(partial(self._send, "topic"), LARGEST_BATCH)

    async def enqueue(self, messages: Sequence[QueueMessage]) -> None:
        """Put hints on the queue, in order."""
        for some in batched(messages, LARGEST_BATCH, strict=False):
            await self._hints.post([_hint(message) for message in some])

    async def publish(self, events: Sequence[Event]) -> None:
        """Put events on the topic, in order."""
        for some in batched(events, LARGEST_BATCH, strict=False):
            await self._events.post([_event(event) for event in some])

    async def ping(self) -> None:
        """Make sure that both entities can be opened for sending."""
        for entity in self._names:
            await self.open_sender(entity)

    async def open_sender(self, entity: str) -> None:
        """Make sure that one of them, "queue" or "topic", can be opened for sending; needs the right to send."""
        try:
            await self._links[entity].sender()
        except Exception as error:
            raise _unavailable(self._names[entity], error) from error

    async def count_dead_letters(self, most: int = 100) -> int:
        """How many messages are in the queue's dead-letter queue, up to `most`; needs the right to receive."""
        from azure.servicebus import ServiceBusSubQueue  # noqa: PLC0415  see _open_client

        name = self._names["queue"]
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._open_client().get_queue_receiver(name, sub_queue=ServiceBusSubQueue.DEAD_LETTER) as receiver,
            ):
                return len(await receiver.peek_messages(most))
        except Exception as error:
            raise BusUnavailable(f"{name} cannot be opened for receiving: {type(error).__name__}: {error}") from error

    async def close(self) -> None:
        """Let go of all connections."""
        await self._hints.close()
        await self._events.close()
        for link in self._links.values():
            await link.close()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _send(self, entity: str, parcels: Sequence[Parcel]) -> None:
        link = self._links[entity]
        try:
            sender = await link.sender()
        except Exception as error:
            raise _unavailable(self._names[entity], error) from error
        try:
            await send_in_batches(sender, parcels)
        except Exception as error:
            # Whatever the SDK trips over, the messages may not be on the bus: they are sent again, over a new link.
            await link.replace(sender)
            raise _unavailable(self._names[entity], error) from error

    async def _make_sender(self, entity: str) -> "ServiceBusSender":
        if isinstance(self._connection, Identity):
            # The SDK would wrap what goes wrong in an error of its own, and ask twice more.
            await self._credentials.of(self._connection).get_token(SCOPE)
        client = self._open_client()
        name = self._names[entity]
        return client.get_queue_sender(name) if entity == "queue" else client.get_topic_sender(name)

    def _open_client(self) -> "ServiceBusClient":
        from azure.servicebus.aio import ServiceBusClient  # noqa: PLC0415  0.2 s to import; a refused webhook never pays

        if self._client is None:
            if isinstance(self._connection, Identity):
                credential = self._credentials.of(self._connection)
                self._client = ServiceBusClient(self._connection.endpoint, credential, **RETRIES)
            else:
                text = self._connection.get_secret_value()
                self._client = ServiceBusClient.from_connection_string(text, **RETRIES)
        return self._client


def _hint(message: QueueMessage) -> Parcel:
    from azure.servicebus import ServiceBusMessage  # noqa: PLC0415  see above

    body = {"customerTenantId": str(message.customer_tenant_id), "requestId": str(message.request_id)}
    name = f"{message.request_id}:{message.number}"
    return Parcel(ServiceBusMessage(json.dumps(body), message_id=name, content_type="application/json"))


def _event(event: Event) -> Parcel:
    return Parcel(_message(event), lambda: _message(shortened(event)))


def _message(event: Event) -> "ServiceBusMessage":
    from azure.servicebus import ServiceBusMessage  # noqa: PLC0415  see above

    values: dict[str | bytes, Any] = dict(properties(event).items())
    return ServiceBusMessage(
        envelope(event),
        message_id=event.id,
        session_id=str(event.subject),
        correlation_id=str(event.stream),
        content_type=CONTENT_TYPE,
        subject=event.type.value,
        application_properties=values,
    )


def _unavailable(name: str, error: BaseException) -> BusUnavailable:
    if isinstance(error, NoToken):
        return BusUnavailable(f"{name} cannot be opened: {error}")
    return BusUnavailable(f"Service Bus did not take messages for {name}: {type(error).__name__}: {error}")
