"""Draining the queue: from a message to a request in vetting, beside a loop that stores nothing and tells nobody."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp
from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver

from benchmarks.backlog import fill, queued
from benchmarks.line import Line, Target
from benchmarks.reviews import HEADERS, bare_httpx
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import CONCURRENCY, database, settings, subject
from qualification.bootstrap import Service
from qualification.domain.work import QueueMessage, WorkAction
from qualification.use_cases.hint import parse_message

type Handler = Callable[[bytes], Awaitable[None]]

REQUESTS, FEWER = 5_000, 500
QUEUE = "qualification-requests"
RECEIVERS = 4
"""Several, so that one handles its messages while another receives."""
PATIENCE = 1.0
"""Seconds without a message, after which the queue is taken for empty."""
REQUEST = {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}


async def queue(rounds: int = 3) -> list[Line]:
    """`submit_request`'s use case, and bare loops of receive, GET, POST and complete."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        broker = stack.enter_context(server("sandbox.service_bus"))["connectionString"]
        url = stack.enter_context(server("benchmarks.partner_center", "--nothing"))["url"]
        service = subject(settings(folder, url, broker))
        stack.push_async_callback(service.close)
        client = await stack.enter_async_context(ServiceBusClient.from_connection_string(broker))
        # Opened once for all: the SDK takes a second to close each.
        receivers = [await stack.enter_async_context(client.get_queue_receiver(QUEUE)) for _ in range(RECEIVERS)]
        stage = _Stage(database(folder), service, receivers)
        contestants = {
            "ours": partial(_submit, stage),
            "httpx": partial(_httpx, stage, url),
            "aiohttp": partial(_aiohttp, stage, url),
        }
        found = await medians(contestants, rounds)
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

    def __init__(self, records: Path, service: Service, receivers: Sequence[ServiceBusReceiver]) -> None:
        self.service = service
        self._records, self._receivers = records, receivers
        self._filled = 0

    async def drain(self, handle: Handler, number: int) -> float:
        """Messages a second, from the first that is asked for to the last that is completed."""
        self._filled += 1
        ids = await fill(self._records, queued(datetime.now(UTC)), number, seed=self._filled)
        await self.service.adapters.bus.enqueue([QueueMessage(customer, request, 1) for customer, request in ids])
        began = time.perf_counter()
        ended = await asyncio.gather(*(_receive(receiver, handle) for receiver in self._receivers))
        return len(ids) / (max(ended) - began)

    def work_items(self, action: WorkAction) -> int:
        """How many work items of a kind are stored."""
        with closing(sqlite3.connect(self._records)) as connection:
            query = "SELECT count(*) FROM rows WHERE key LIKE 'work|%|' || ? || '|%'"
            found: int = connection.execute(query, (action,)).fetchone()[0]
            return found


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

    before = stage.work_items(WorkAction.REVIEW)
    rate = await stage.drain(handle, REQUESTS)
    in_review, untold = stage.work_items(WorkAction.REVIEW) - before, stage.work_items(WorkAction.PUBLISH)
    if (in_review, untold) != (REQUESTS, 0):
        raise RuntimeError(f"{in_review} of {REQUESTS} requests are in review, {untold} events are not on the topic")
    return rate


async def _httpx(stage: _Stage, url: str) -> float:
    async with bare_httpx() as client:

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
