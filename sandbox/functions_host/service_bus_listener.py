"""Reads one queue or subscription and runs a function for each message.

One receiver serves all concurrent calls: a second one would hold on to messages that the first could run.
"""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sandbox.functions_host.functions import Function, ServiceBusTrigger
from sandbox.functions_host.host_json import HostJson
from sandbox.functions_host.invocation import Invoker
from sandbox.functions_host.messages import TypedData
from sandbox.functions_host.service_bus_messages import body_of, metadata_of, promote, trace_parent_of

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusReceivedMessage
    from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

log = logging.getLogger("sandbox.functions_host")

_RECEIVE_WAIT, _PROBE_WAIT = 10.0, 2.0
_CLOSE_WAIT = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0


class ServiceBusListener:
    """Receives with peek-lock: a success is completed, a failure abandoned; the broker redelivers and dead-letters."""

    def __init__(self, function: Function, client: "ServiceBusClient", host_json: HostJson, invoker: Invoker) -> None:
        """Prepare; nothing is opened yet.

        Args:
            function: one with a Service Bus trigger.
            client: of the namespace; closed with this listener.
            host_json: concurrency, prefetch and how long locks are renewed.
            invoker: runs the function.
        """
        self._function, self._trigger = function, function.trigger_as(ServiceBusTrigger)
        self._invoker, self._host_json = invoker, host_json
        self._slots = asyncio.Semaphore(host_json.max_concurrent_calls)
        self._calls: set[asyncio.Task[None]] = set()
        self._client = client
        self._receiver = _receiver(client, self._trigger, host_json.prefetch_count)
        self._loop: asyncio.Task[None] | None = None
        self._in_outage = False

    def start(self) -> None:
        """Begin to receive in the background; a broker that is away is tried again until it comes."""
        self._loop = asyncio.create_task(self._receive())

    async def stop_receiving(self) -> None:
        """Take no more messages; calls that run go on."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.wait({self._loop})

    async def close(self) -> None:
        """Wait for the settlement of the calls that have ended, then close the connection."""
        if self._calls:
            await asyncio.wait(self._calls, timeout=_CLOSE_WAIT)
        # If the broker has gone away there is nobody left to say goodbye to.
        with suppress(Exception):
            async with asyncio.timeout(_CLOSE_WAIT):
                await self._client.close()

    async def _receive(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            await self._slots.acquire()
            messages: list[ServiceBusReceivedMessage] = []
            try:
                # In an outage an empty answer is the news that it is over; a slow opening gets a little longer each time.
                wait = _PROBE_WAIT + pause if self._in_outage else _RECEIVE_WAIT
                messages = await self._receiver.receive_messages(max_message_count=1, max_wait_time=wait)
                pause = self._connected()
            except Exception as error:  # noqa: BLE001  whatever the SDK raises, the broker is away and may come back
                self._disconnected(error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            finally:
                if not messages:
                    self._slots.release()
            for message in messages:
                call = asyncio.create_task(self._call(message))
                self._calls.add(call)
                call.add_done_callback(self._ended)

    def _ended(self, call: asyncio.Task[None]) -> None:
        self._calls.discard(call)
        self._slots.release()

    async def _call(self, message: "ServiceBusReceivedMessage") -> None:
        renewal = asyncio.create_task(self._renew(message))
        try:
            succeeded = await self._invoke(message)
        finally:
            renewal.cancel()
        try:
            if succeeded:
                await self._receiver.complete_message(message)
            else:
                await self._receiver.abandon_message(message)
        except Exception as error:  # noqa: BLE001  a lost lock or connection: the broker delivers it again, as in Azure
            what = "completed" if succeeded else "abandoned"
            log.warning(
                "%s: message %s was not %s: %s", self._function.name, message.message_id, what, _first_line(error)
            )

    async def _invoke(self, message: "ServiceBusReceivedMessage") -> bool:
        metadata = metadata_of(message)
        try:
            body = body_of(message)
            text = None if self._trigger.binary else body.decode()
        except ValueError as error:
            log.error("%s failed before its start: %s", self._function.name, error)  # noqa: TRY400  the cause is the line
            return False
        if text is None:
            value = TypedData(bytes=body)
        else:
            value, metadata = TypedData(string=text), promote(text, metadata)
        outcome = await self._invoker.invoke(self._function, value, metadata, trace_parent_of(message))
        return outcome.error is None

    async def _renew(self, message: "ServiceBusReceivedMessage") -> None:
        until = datetime.now(UTC) + self._host_json.max_auto_lock_renewal
        while (now := datetime.now(UTC)) < until and message.locked_until_utc is not None:
            await asyncio.sleep(max((message.locked_until_utc - now).total_seconds() / 2, 0.1))
            try:
                await self._receiver.renew_message_lock(message)
            except Exception as error:  # noqa: BLE001  the call goes on, its message will be delivered again
                log.warning("%s: lost the lock of %s: %s", self._function.name, message.message_id, _first_line(error))
                return

    def _connected(self) -> float:
        if self._in_outage:
            log.info("%s: listening on %s again", self._function.name, self._trigger.entity)
        self._in_outage = False
        return _FIRST_PAUSE

    def _disconnected(self, error: Exception) -> None:
        if not self._in_outage:
            where = f"{self._function.name}: cannot listen on {self._trigger.entity}"
            log.warning("%s, will go on trying: %s", where, _first_line(error))
        self._in_outage = True


def _receiver(client: "ServiceBusClient", trigger: ServiceBusTrigger, prefetch: int) -> "ServiceBusReceiver":
    if trigger.queue:
        return client.get_queue_receiver(trigger.queue, prefetch_count=prefetch)
    return client.get_subscription_receiver(trigger.topic, trigger.subscription, prefetch_count=prefetch)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
