"""Accepting webhooks over HTTP, 64 at a time: signature, store and queue included, under the sandbox's host."""

import asyncio
import time
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import aiohttp
from azure.servicebus.aio import ServiceBusClient

from benchmarks.line import Line, Target
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import CONCURRENCY, settings
from qualification.webhooks.standard.sample import signed
from sandbox.host_process import ROOT, HostProcess
from sandbox.service_settings import UNLIMITED, webhook_secret

APPS = ROOT / "benchmarks" / "apps"
WEBHOOKS, FEW = 4_000, 128
QUEUE = "qualification-requests"


async def webhooks(rounds: int = 3) -> list[Line]:
    """This app, an empty one, and one that opens a sender for each request."""
    secret = webhook_secret()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        broker = stack.enter_context(server("sandbox.service_bus"))

        def host(name: str, app: Path) -> str:
            process = HostProcess(_settings(folder, broker["connectionString"], secret), folder / f"{name}.log", app)
            return stack.enter_context(process).address.url

        urls = {
            "ours": host("ours", ROOT),
            "empty": host("empty", APPS / "empty"),
            "sender": host("sender", APPS / "sender_per_request"),
        }
        for url in urls.values():
            await _post(url, secret, CONCURRENCY)
        numbers = {"ours": WEBHOOKS, "empty": WEBHOOKS, "sender": FEW}
        found = await medians({name: partial(_post, url, secret, numbers[name]) for name, url in urls.items()}, rounds)
        await _check(broker["connectionString"], rounds * (WEBHOOKS + FEW) + 2 * CONCURRENCY)
    return [
        _line(found, "empty", "an empty function under the same host", 0.3),
        _line(found, "sender", "a function that opens a sender for each request", 10),
    ]


def content() -> dict[str, str]:
    """A request for a customer of its own."""
    return {
        "customerTenantId": str(uuid4()),
        "qualification": "Education",
        "educationSegment": "K12",
        "website": "contoso.edu",
    }


def _line(found: dict[str, float], key: str, baseline: str, least: float) -> Line:
    return Line(
        row="Accept webhooks over HTTP, 64 at a time",
        unit="webhooks/s",
        ours=found["ours"],
        baseline=baseline,
        theirs=found[key],
        target=Target(least=least),
    )


def _settings(folder: Path, service_bus: str, secret: str) -> dict[str, str]:
    return settings(folder, service_bus=service_bus) | {
        "FUNCTIONS_WORKER_RUNTIME": "python",
        "QUALIFICATION_QUEUE": QUEUE,
        "ADVANCE_SCHEDULE": "0 0 0 1 1 *",
        "WEBHOOK_STANDARD_SECRETS": secret,
        **UNLIMITED,
        # Only the accepting is measured; in Azure other instances do the rest.
        "AzureWebJobs.submit_request.Disabled": "true",
        "AzureWebJobs.advance_requests.Disabled": "true",
    }


async def _post(url: str, secret: str, number: int) -> float:
    waiting = iter([signed(content(), secret) for _ in range(number)])
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(connector=connector, raise_for_status=True) as session:

        async def work() -> None:
            for body, headers in waiting:
                async with session.post(f"{url}/api/webhooks/standard", data=body, headers=headers) as response:
                    await response.read()

        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for _ in range(CONCURRENCY):
                group.create_task(work())
    return number / (time.perf_counter() - began)


async def _check(connection: str, number: int) -> None:
    """Make sure that so many messages are on the queue: a webhook is accepted even where none can be sent.

    Raises:
        RuntimeError: there are fewer, or more.
    """
    async with (
        ServiceBusClient.from_connection_string(connection) as client,
        client.get_queue_receiver(QUEUE) as receiver,
    ):
        last = await receiver.peek_messages(1, sequence_number=number)
        further = await receiver.peek_messages(1, sequence_number=number + 1)
    if not last or further:
        raise RuntimeError(f"not {number} messages are on the queue, but {'more' if further else 'fewer'}")
