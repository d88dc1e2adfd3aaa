"""Sends webhooks from a process of its own, some at a time, and says how long each took.

    python -m sandbox.soak.client URL SECRET COUNT

One line of JSON on standard output: `seconds` for all, `latencies` (seconds each), `statuses` (how often each came), `health` (the same of the
health checks that go beside them, one for ten webhooks).
A webhook that is not accepted is sent again, as a CRM does.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from uuid import uuid4

import aiohttp

from qualification.webhooks.standard.sample import signed

CONCURRENCY = 32
PAUSE = 0.2
WEBHOOKS_A_CHECK = 10
TIMEOUT = aiohttp.ClientTimeout(total=30)
ACCEPTED = 202

REQUESTS = (
    {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"},
    {"qualification": "StateOwnedEntity"},
    {"qualification": "GovernmentCommunityCloud"},
)


class Client:
    """Sends webhooks about ever new customers, of all three qualifications."""

    def __init__(self, url: str, secret: str) -> None:
        self._url, self._secret = f"{url}/api/webhooks/standard", secret
        self._health_url = f"{url}/api/health"
        self.latencies: list[float] = []
        self.statuses: Counter[int] = Counter()
        self.health: Counter[int] = Counter()

    async def send(self, count: int) -> float:
        """Send so many, some at a time; how long it took."""
        numbers = iter(range(count))
        connector = aiohttp.TCPConnector(limit=CONCURRENCY)
        began = time.perf_counter()
        async with aiohttp.ClientSession(connector=connector, timeout=TIMEOUT) as session, asyncio.TaskGroup() as group:
            for _ in range(CONCURRENCY):
                group.create_task(self._work(session, numbers))
        return time.perf_counter() - began

    async def _work(self, session: aiohttp.ClientSession, numbers: Iterator[int]) -> None:
        for number in numbers:
            content = {"customerTenantId": str(uuid4()), **REQUESTS[number % len(REQUESTS)]}
            event_id = f"soak-{uuid4()}"
            if number % WEBHOOKS_A_CHECK == 0:
                await self._check(session)
            while await self._post(session, content, event_id) != ACCEPTED:  # noqa: ASYNC110  a sender's pause, not a poll
                await asyncio.sleep(PAUSE)

    async def _check(self, session: aiohttp.ClientSession) -> None:
        try:
            async with session.get(self._health_url) as answer:
                await answer.read()
                self.health[answer.status] += 1
        except (aiohttp.ClientError, TimeoutError):
            self.health[0] += 1

    async def _post(self, session: aiohttp.ClientSession, content: dict[str, str], event_id: str) -> int:
        body, headers = signed(content, self._secret, event_id=event_id)
        began = time.perf_counter()
        try:
            async with session.post(self._url, data=body, headers=headers) as answer:
                await answer.read()
                status = answer.status
        except (aiohttp.ClientError, TimeoutError):
            status = 0
        self.latencies.append(time.perf_counter() - began)
        self.statuses[status] += 1
        return status


async def main(url: str, secret: str, count: int) -> None:
    """Send, then print what it took."""
    client = Client(url, secret)
    seconds = await client.send(count)
    report = {"seconds": seconds, "latencies": client.latencies, "statuses": client.statuses, "health": client.health}
    sys.stdout.write(json.dumps(report) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
