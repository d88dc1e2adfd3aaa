"""Asks Service Bus for its entities, over HTTPS."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
)
from azure.servicebus.aio.management import ServiceBusAdministrationClient
from azure.servicebus.management import CorrelationRuleFilter, RuleProperties, SqlRuleFilter
from pydantic import SecretStr

from qualification.service_bus.descriptions import (
    ACTIVE,
    CorrelationFilter,
    EntitiesHidden,
    Queue,
    Rule,
    SqlFilter,
    Subscription,
    Topic,
)
from qualification.service_bus.emulator import PlainTransport
from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.settings.no_token import NoToken

MANAGE = (
    "To have them checked, run the doctor as somebody with the role Azure Service Bus Data Owner, or with a key that "
    "has the right Manage. The service itself needs neither."
)
EXISTENCE = (
    "Correct QUALIFICATION_QUEUE or QUALIFICATION_TOPIC where sending is a fault; otherwise this sign-in lacks a role."
)
ADDRESS = (
    "Administration goes by HTTPS to port 443 of the namespace; let this machine through. The service needs it not."
)
PATIENCE = 20.0
"""Seconds for one reading."""
LIMITS: Mapping[str, Any] = {"connection_timeout": 5, "read_timeout": 10, "retry_total": 1, "retry_backoff_factor": 0.2}
SYSTEM_PROPERTIES = (
    *("content_type", "correlation_id", "label", "message_id"),
    *("reply_to", "reply_to_session_id", "session_id", "to"),
)
EMULATOR = re.compile(r"(^|;)\s*UseDevelopmentEmulator\s*=\s*true\s*(;|$)", re.IGNORECASE)
"""The settings take such a connection string for this machine only."""


class Administration:
    """Reads queue, topic and subscriptions; every method may raise EntitiesHidden.

    Args:
        connection: a connection string, or an identity and the namespace.
        queue: the queue of hints.
        topic: the topic of events.
        credentials: for an identity; they stay open.
    """

    def __init__(
        self, connection: SecretStr | Identity, queue: str, topic: str, credentials: Credentials | None = None
    ) -> None:
        self._credentials = credentials or Credentials()
        self._connection = connection
        self._queue = queue
        self._topic = topic

    async def queue(self) -> Queue | None:
        """The queue; None where the name is that of a topic."""
        async with self._client() as client:
            try:
                found = await client.get_queue(self._queue)
            except AttributeError:
                return None  # how the SDK stumbles over the description of a topic
            return Queue(
                status=found.status or ACTIVE,
                requires_duplicate_detection=bool(found.requires_duplicate_detection),
                duplicate_detection_history_time_window=_duration(found.duplicate_detection_history_time_window),
                lock_duration=_duration(found.lock_duration),
                max_delivery_count=found.max_delivery_count or 0,
                dead_lettering_on_message_expiration=bool(found.dead_lettering_on_message_expiration),
                requires_session=bool(found.requires_session),
                forward_to=found.forward_to or "",
            )

    async def topic(self) -> Topic | None:
        """The topic; None where the name is that of a queue."""
        async with self._client() as client:
            try:
                found = await client.get_topic(self._topic)
            except AttributeError:
                return None  # as above
            return Topic(
                status=found.status or ACTIVE,
                requires_duplicate_detection=bool(found.requires_duplicate_detection),
                duplicate_detection_history_time_window=_duration(found.duplicate_detection_history_time_window),
            )

    async def subscriptions(self) -> list[Subscription]:
        """The topic's subscriptions, each with its rules."""
        async with self._client() as client:
            counted = client.list_subscriptions_runtime_properties(self._topic)
            dead = {each.name: each.dead_letter_message_count or 0 async for each in counted}
            return [
                Subscription(
                    found.name,
                    found.status or ACTIVE,
                    dead.get(found.name, 0),
                    tuple([_rule(rule) async for rule in client.list_rules(self._topic, found.name)]),
                )
                async for found in client.list_subscriptions(self._topic)
            ]

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[ServiceBusAdministrationClient]:
        try:
            async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
                yield await self._open(stack)
        except ClientAuthenticationError as error:
            raise EntitiesHidden(f"this sign-in may not see them ({_answered(error)})", MANAGE) from error
        except ResourceNotFoundError as error:
            raise EntitiesHidden("none of this name is shown to this sign-in", EXISTENCE) from error
        except HttpResponseError as error:
            remedy = MANAGE if error.status_code == HTTPStatus.FORBIDDEN else ADDRESS
            raise EntitiesHidden(f"Service Bus does not show them ({_answered(error)})", remedy) from error
        except NoToken as error:
            raise EntitiesHidden(str(error), error.remedy) from error
        except (AzureError, TimeoutError) as error:
            raise EntitiesHidden(f"the address does not answer ({type(error).__name__})", ADDRESS) from error

    async def _open(self, stack: AsyncExitStack) -> ServiceBusAdministrationClient:
        if isinstance(self._connection, Identity):
            credential = self._credentials.of(self._connection)
            client = ServiceBusAdministrationClient(self._connection.endpoint, credential, **LIMITS)
        else:
            text = self._connection.get_secret_value()
            client = ServiceBusAdministrationClient.from_connection_string(text, **LIMITS, **_transport(text))
        return await stack.enter_async_context(client)


def _answered(error: HttpResponseError) -> str:
    return f"HTTP {error.status_code}" if error.status_code else type(error).__name__


def _transport(connection: str) -> dict[str, Any]:
    return {"transport": PlainTransport(**LIMITS)} if EMULATOR.search(connection) else {}


def _duration(value: timedelta | str | None) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(0)


def _rule(found: RuleProperties) -> Rule:
    match found.filter:
        case SqlRuleFilter(sql_expression=expression):
            return Rule(found.name, SqlFilter(expression or ""))
        case CorrelationRuleFilter() as correlation:
            system = {name: value for name in SYSTEM_PROPERTIES if (value := getattr(correlation, name)) is not None}
            return Rule(found.name, CorrelationFilter(system, correlation.properties or {}))
    return Rule(found.name, None)
