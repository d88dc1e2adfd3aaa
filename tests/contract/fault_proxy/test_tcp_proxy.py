"""What callers on a bare connection see of each mishap, and what the far end gets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from sandbox.fault_proxy import Faults, Mishap, Rule, TcpProxy


class Echo:
    """Gives back what it gets, in capitals."""

    def __init__(self) -> None:
        self.got = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the caller ends."""
        while data := await reader.read(1_000):
            self.got += data
            writer.write(data.upper())
        writer.close()


@pytest.fixture
def echo() -> Echo:
    """The far end."""
    return Echo()


@pytest.fixture
def faults() -> Faults:
    """What happens on the way: nothing yet."""
    return Faults()


@pytest.fixture
async def proxy(echo: Echo, faults: Faults) -> AsyncIterator[TcpProxy]:
    """The way to it."""
    async with await asyncio.start_server(echo.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with TcpProxy("127.0.0.1", port, faults) as running:
            yield running


async def _asked(proxy: TcpProxy, text: bytes) -> bytes:
    """What comes back until the connection ends, or so much as was sent."""
    reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
    try:
        writer.write(text)
        return await reader.readexactly(len(text))
    except asyncio.IncompleteReadError as cut:
        return cut.partial
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.parametrize(
    ("mishap", "arrives", "comes_back"),
    [
        (Mishap.RESET, b"", b""),
        (Mishap.LOSE_ANSWER, b"body", b""),
        (Mishap.HALF, b"body", b"BO"),
        (Mishap.DELAY, b"body", b"BODY"),
        (Mishap.HTML, b"body", b"BODY"),
    ],
)
async def test_what_arrives_and_what_comes_back(
    proxy: TcpProxy, echo: Echo, faults: Faults, mishap: Mishap, arrives: bytes, comes_back: bytes
) -> None:
    """Nobody answers in the name of the far end where no HTTP is spoken."""
    faults.add(Rule(mishap, matching="od", seconds=0.05))
    assert await _asked(proxy, b"body") == comes_back
    assert echo.got == arrives
    assert await _asked(proxy, b"next") == b"NEXT"
    assert proxy.accepted == 2


async def test_a_far_end_that_is_not_there_is_a_connection_that_breaks() -> None:
    """As it would be without the proxy."""
    async with TcpProxy("127.0.0.1", 1, Faults()) as proxy:
        assert await _asked(proxy, b"body") == b""
