"""Draining the queue: from a message to a request in vetting, beside a loop that stores nothing and tells nobody."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
import httpx
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from benchmarks.backlog import fill, queued
from benchmarks.line import Line, Target
from benchmarks.reviews import HEADERS
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import CONCURRENCY, database, settings, subject
from qualification.bootstrap import Service
from qualification.model import QueueMessage
from qualification.submission import parse_message

type Handler = Callable[[bytes], Awaitable[None]]

REQUESTS, FEWER = 5_000, 1_000
QUEUE = "qualification-requests"
RECEIVERS = 4
"""Several, so that one handles its messages while another receives."""
PATIENCE = 1.0
"""Seconds without a message, after which the queue is taken for empty."""
REQUEST = {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}


async def queue(rounds: int = 3) -> list[Line]:
    """`submit_request`'s use case, and bare loops of receive, GET, POST and complete."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        broker = stack.enter_context(server("sandbox.service_bus"))["connectionString"]
        url = stack.enter_context(server("benchmarks.partner_center", "--nothing"))["url"]
        service = subject(settings(folder, url, broker))
        stage = _Stage(folder, broker, service)
        contestants = {
            "ours": partial(_submit, stage),
            "httpx": partial(_httpx, stage, url),
            "aiohttp": partial(_aiohttp, stage, url),
        }
        found = await medians(contestants, rounds)
        await service.close()
    return [
        _line(found, "httpx", "a bare loop of receive, GET, POST, complete, with httpx", None),
        _line(found, "aiohttp", "the same with aiohttp", 0.5),
    ]


def _line(found: dict[str, float], key: str, baseline: str, least: float | None) -> Line:
    return Line(
        row="Drain the queue: 5,000 requests to InReview, server answers at once",
        unit="requests/s",
        ours=found["ours"],
        baseline=baseline,
        theirs=found[key],
        target=Target(least=least),
    )


class _Stage:
    """Puts new requests on the queue, and times how long a handler takes to empty it."""

    def __init__(self, folder: Path, connection: str, service: Service) -> None:
        self.service = service
        self._folder, self._connection = folder, connection
        self._filled = 0

    async def drain(self, handle: Handler, number: int) -> float:
        self._filled += 1
        ids = await fill(database(self._folder), queued(datetime.now(UTC)), number, seed=self._filled)
        await self.service.bus.enqueue([QueueMessage(customer, request, 1) for customer, request in ids])
        async with ServiceBusClient.from_connection_string(self._connection) as client, AsyncExitStack() as stack:
            receivers = [await stack.enter_async_context(client.get_queue_receiver(QUEUE)) for _ in range(RECEIVERS)]
            began = time.perf_counter()
            ended = await asyncio.gather(*(_receive(receiver, handle) for receiver in receivers))
            return len(ids) / (max(ended) - began)


async def _receive(receiver: ServiceBusReceiver, handle: Handler) -> float:
    """A list of messages at a time, all of it handled side by side, until no more come.

    To complete messages while others are being received would cost both sides nine tenths of their speed, in the SDK.

    Returns:
        When the last one was done.
    """
    ended = time.perf_counter()

    async def work(message: ServiceBusReceivedMessage) -> None:
        await handle(b"".join(message.body))
        await receiver.complete_message(message)

    at_a_time = CONCURRENCY // RECEIVERS
    while messages := await receiver.receive_messages(max_message_count=at_a_time, max_wait_time=PATIENCE):
        await asyncio.gather(*(work(message) for message in messages))
        ended = time.perf_counter()
    return ended


async def _submit(stage: _Stage) -> float:
    async def handle(body: bytes) -> None:
        await stage.service.submission.submit(*parse_message(body))

    return await stage.drain(handle, REQUESTS)


async def _httpx(stage: _Stage, url: str) -> float:
    async with httpx.AsyncClient(headers=HEADERS, limits=httpx.Limits(max_connections=CONCURRENCY)) as client:

        async def handle(body: bytes) -> None:
            address = _address(url, body)
            (await client.get(address)).raise_for_status().json()
            (await client.post(address, json=REQUEST)).raise_for_status().json()

        return await stage.drain(handle, FEWER)


async def _aiohttp(stage: _Stage, url: str) -> float:
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(headers=HEADERS, connector=connector, raise_for_status=True) as session:

        async def handle(body: bytes) -> None:
            address = _address(url, body)
            async with session.get(address) as response:
                await response.json()
            async with session.post(address, json=REQUEST) as response:
                await response.json()

        return await stage.drain(handle, REQUESTS)


def _address(url: str, body: bytes) -> str:
    return f"{url}/v1/customers/{json.loads(body)['customerTenantId']}/qualifications"
