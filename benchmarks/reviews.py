"""Reviewing customers in vetting: one run of the timer, beside loops that only ask Partner Center."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import aiohttp
import httpx

from benchmarks.backlog import fill, in_review
from benchmarks.line import Line, Target
from benchmarks.partner_center import TOKEN
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import CONCURRENCY, PresetClock, database, settings, subject

HEADERS = {"Authorization": f"Bearer {TOKEN['access_token']}", "Accept": "application/json"}
CUSTOMERS = 10_000
SOONEST = timedelta(hours=5)
"""Later than REVIEW_MAX, so that all are due again in the next round."""


async def slow(rounds: int = 3) -> list[Line]:
    """The server answers in 100 ms: what counts is how well the waiting overlaps."""
    with _stage("--latency", "0.1") as (folder, url):
        ids = await _customers(folder)
        contestants = {
            "ours": partial(_advance, folder, url, PresetClock()),
            # Their rates do not depend on how many there are, so these take fewer.
            "sequential": partial(_sequential, url, ids[:20]),
            "httpx": partial(_httpx, url, ids[:640]),
            "aiohttp": partial(_aiohttp, url, ids[:2_560]),
        }
        found = await medians(contestants, rounds)
    row = "Review 10,000 customers, server answers in 100 ms"
    return [
        _line(row, found, "sequential", "one after another, a fresh httpx client each", 50),
        _line(row, found, "httpx", "bare httpx, 64 at a time", None),
        _line(row, found, "aiohttp", "bare aiohttp, 64 at a time", 0.9),
    ]


async def quick(rounds: int = 3) -> list[Line]:
    """The server answers at once: what counts is our own work."""
    with _stage() as (folder, url):
        ids = await _customers(folder)
        contestants = {
            "ours": partial(_advance, folder, url, PresetClock()),
            "httpx": partial(_httpx, url, ids[:1_000]),
            "aiohttp": partial(_aiohttp, url, ids),
        }
        found = await medians(contestants, rounds)
    row = "Review 10,000 customers, server answers at once"
    return [
        _line(row, found, "httpx", "bare httpx, 64 at a time", 2),
        _line(row, found, "aiohttp", "bare aiohttp, 64 at a time", 0.2),
    ]


@contextmanager
def _stage(*arguments: str) -> Iterator[tuple[Path, str]]:
    with TemporaryDirectory() as folder, server("benchmarks.partner_center", *arguments) as ready:
        yield Path(folder), ready["url"]


async def _customers(folder: Path) -> list[UUID]:
    sample = in_review(datetime.now(UTC) - timedelta(hours=1))
    return [customer for customer, _ in await fill(database(folder), sample, CUSTOMERS, seed=1)]


def _line(row: str, found: dict[str, float], key: str, baseline: str, least: float | None) -> Line:
    return Line(
        row=row,
        unit="customers/s",
        ours=found["ours"],
        baseline=baseline,
        theirs=found[key],
        target=Target(least=least),
    )


async def _advance(folder: Path, url: str, clock: PresetClock) -> float:
    clock.ahead += SOONEST
    service = subject(settings(folder, url), clock)
    began = time.perf_counter()
    run = await service.due_work.advance()
    rate = run.reviewed.customers / (time.perf_counter() - began)
    left = await service.due_work.advance()
    await service.close()
    if (run.reviewed.customers, left.reviewed.customers) != (CUSTOMERS, 0):
        raise RuntimeError(
            f"looked at {run.reviewed.customers}, and {left.reviewed.customers} were still due afterwards"
        )
    return rate


def bare_httpx() -> httpx.AsyncClient:
    """A client with httpx's own limits: it keeps 20 idle connections, and with 64 it would be half as fast."""
    return httpx.AsyncClient(headers=HEADERS)


async def _sequential(url: str, customers: list[UUID]) -> float:
    began = time.perf_counter()
    for customer in customers:
        async with httpx.AsyncClient() as client:
            (await client.get(_address(url, customer), headers=HEADERS)).raise_for_status().json()
    return len(customers) / (time.perf_counter() - began)


async def _httpx(url: str, customers: list[UUID]) -> float:
    async with bare_httpx() as client:

        async def look(customer: UUID) -> None:
            (await client.get(_address(url, customer))).raise_for_status().json()

        return await _rate(customers, look)


async def _aiohttp(url: str, customers: list[UUID]) -> float:
    connector = aiohttp.TCPConnector(limit=CONCURRENCY)
    async with aiohttp.ClientSession(headers=HEADERS, connector=connector, raise_for_status=True) as session:

        async def look(customer: UUID) -> None:
            async with session.get(_address(url, customer)) as response:
                await response.json()

        return await _rate(customers, look)


async def _rate(customers: list[UUID], look: Callable[[UUID], Awaitable[None]]) -> float:
    left = iter(customers)

    async def work() -> None:
        for customer in left:
            await look(customer)

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENCY):
            group.create_task(work())
    return len(customers) / (time.perf_counter() - began)


def _address(url: str, customer: UUID) -> str:
    return f"{url}/v1/customers/{customer}/qualifications"
