"""A far end that counts what takes effect, and the way to it."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, web

from sandbox.fault_proxy import Faults, HttpProxy

ANSWER = "a" * 1_000


class FarEnd:
    """Answers every request with a thousand letters.

    Attributes:
        seen: method, path with query, Host and body of each request.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, bytes]] = []
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        self.seen.append((request.method, request.raw_path, request.headers["Host"], await request.read()))
        return web.Response(status=201, text=ANSWER, headers={"ETag": '"1"'})


@pytest.fixture
async def far_end() -> AsyncIterator[FarEnd]:
    """The far end, which is well."""
    served = FarEnd()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", served.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    served.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield served
    await runner.cleanup()


@pytest.fixture
def faults() -> Faults:
    """What happens on the way: nothing yet."""
    return Faults()


@pytest.fixture
async def proxy(far_end: FarEnd, faults: Faults) -> AsyncIterator[HttpProxy]:
    """The way to the far end."""
    async with HttpProxy(far_end.url, faults) as running:
        yield running


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """A client that repeats nothing by itself."""
    async with ClientSession() as opened:
        yield opened
