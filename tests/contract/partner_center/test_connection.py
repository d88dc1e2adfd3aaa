"""What a connection tells apart: answered, not sent, in doubt; and what its errors do not lead to."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from qualification.partner_center.answer import NoAnswer, NotSent
from qualification.partner_center.connection import Connection
from tests.contract.partner_center.wire_server import WireServer

PATIENCE = timedelta(seconds=10)
IMPATIENCE = timedelta(seconds=0.4)
TOKEN = {"Authorization": "Bearer s3cret"}
PATH = "/v1/customers/x/qualification?code=S3CRET%2FC0DE"

type Open = Callable[..., Connection]


@pytest.fixture
async def connect() -> AsyncIterator[Open]:
    """Opens a connection to an origin."""
    async with AsyncExitStack() as stack:

        def open_one(origin: str, timeout: timedelta = PATIENCE) -> Connection:
            connection = Connection(origin, timeout=timeout, max_connections=4)
            stack.push_async_callback(connection.close)
            return connection

        yield open_one


def leads_nowhere(error: Exception) -> bool:
    """Whether neither the error nor anything behind it holds the request."""
    return error.__cause__ is None and error.__context__ is None and "S3CRET" not in repr(error)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_a_connection_that_breaks_after_sending_is_no_answer(
    connect: Open, wire_server: WireServer, method: str
) -> None:
    """The transport says ConnectTimeout of it, as of a connection that never came about; a write is sent once."""
    wire_server.closes = True
    with pytest.raises(NoAnswer) as silent:
        await connect(wire_server.url).exchange(method, PATH, TOKEN, b"" if method == "GET" else b"3")
    assert leads_nowhere(silent.value)
    assert len(wire_server.requests) == (2 if method == "GET" else 1)


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_kept_connection_that_breaks_does_not_send_a_write_again(
    connect: Open, wire_server: WireServer, method: str
) -> None:
    """Not even on one that has served before, where aiohttp takes the break for an old connection's end."""
    connection = connect(wire_server.url)
    wire_server.answers(b"[]")
    await connection.exchange("GET", "/", TOKEN)
    wire_server.answer, wire_server.closes = b"", True
    with pytest.raises(NoAnswer):
        await connection.exchange(method, PATH, TOKEN, b"3")
    assert len(wire_server.requests) == 2


async def test_a_refused_connection_is_not_sent(connect: Open) -> None:
    """ClientConnectorError: nobody listens there."""
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(NotSent, match="ClientConnectorError") as unsent:
            await connect(f"http://127.0.0.1:{nobody.getsockname()[1]}").exchange("PUT", PATH, TOKEN, b"3")
    assert leads_nowhere(unsent.value)


async def test_a_connection_that_does_not_come_about_in_time_is_not_sent(connect: Open) -> None:
    """ConnectionTimeoutError, whose text holds the whole URL: TLS is never answered."""
    with socket.create_server(("127.0.0.1", 0)) as mute:
        origin = f"https://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(NotSent, match="ConnectionTimeoutError") as unsent:
            await connect(origin, IMPATIENCE).exchange("PUT", PATH, TOKEN, b"3")
    assert leads_nowhere(unsent.value)


async def test_a_call_that_gets_no_connection_in_time_is_not_sent(wire_server: WireServer) -> None:
    """While others hold all connections, it waits its turn as long as for a connection to come about."""
    wire_server.answers(b" " * 1_000)
    wire_server.pace = 0.05
    connection = Connection(wire_server.url, timeout=IMPATIENCE, max_connections=1)
    calls = [connection.exchange("POST", PATH, TOKEN, b"{}") for _ in range(2)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    await connection.close()
    assert [type(outcome) for outcome in outcomes] == [NoAnswer, NotSent]
    assert len(wire_server.requests) == 1


@pytest.mark.parametrize("status", ["407 Proxy Authentication Required", "502 Bad Gateway"])
async def test_a_proxy_that_opens_no_tunnel_has_sent_nothing(
    connect: Open, wire_server: WireServer, monkeypatch: pytest.MonkeyPatch, status: str
) -> None:
    """ClientHttpProxyError; the proxy hears where to, and neither token nor code."""
    wire_server.answers(b"", status=status)
    monkeypatch.setenv("HTTPS_PROXY", wire_server.url)
    with pytest.raises(NotSent, match="ClientHttpProxyError") as unsent:
        await connect("https://partner-center.invalid").exchange("POST", PATH, TOKEN, b"{}")
    assert leads_nowhere(unsent.value)
    (heard,) = wire_server.requests
    assert heard.startswith(b"CONNECT partner-center.invalid:443 ")
    assert b"s3cret" not in heard.lower()


async def test_a_time_limit_that_ends_is_no_answer(connect: Open, wire_server: WireServer) -> None:
    """It is for the whole call."""
    wire_server.answers(b" " * 1_000)
    wire_server.pace = 0.05
    with pytest.raises(NoAnswer, match=r"no answer within 0\.4 s") as silent:
        await connect(wire_server.url, IMPATIENCE).exchange("PUT", PATH, TOKEN, b"3")
    assert leads_nowhere(silent.value)


async def test_headers_that_cannot_be_written_are_no_answer(connect: Open, wire_server: WireServer) -> None:
    """A ValueError of aiohttp, which holds the token."""
    with pytest.raises(NoAnswer) as silent:
        await connect(wire_server.url).exchange("GET", "/", {"Authorization": "Bearer S3CRET\r\nX: 1"})
    assert leads_nowhere(silent.value)
    assert not wire_server.requests


@pytest.mark.parametrize("status", ["400 Bad", "404 Not Found", "429 Slow", "500 Broken", "503 Later", "799 Odd"])
async def test_whatever_status_came_is_an_answer(connect: Open, wire_server: WireServer, status: str) -> None:
    """What it means is decided elsewhere."""
    wire_server.answers(b"{}", status=status, headers="Retry-After: 7\r\n")
    answer = await connect(wire_server.url).exchange("PUT", PATH, TOKEN, b"3")
    assert (answer.status, answer.headers["retry-after"], answer.body) == (int(status[:3]), "7", b"{}")


@pytest.mark.parametrize("size", [1024 * 1024, 1024 * 1024 + 1])
async def test_a_body_is_read_up_to_its_limit(connect: Open, wire_server: WireServer, size: int) -> None:
    """One byte more, and it is left out; the status stays known."""
    wire_server.answers(b" " * size)
    answer = await connect(wire_server.url).exchange("GET", "/", TOKEN)
    assert (answer.status, len(answer.body)) == (200, size if size <= 1024 * 1024 else 0)


async def test_the_rest_of_a_body_beyond_the_limit_is_not_awaited(connect: Open, wire_server: WireServer) -> None:
    """Reading stops there, though the server promised more and never sends it."""
    wire_server.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b" " * (1024 * 1024 + 1)
    answer = await connect(wire_server.url).exchange("GET", "/", TOKEN)
    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(("times", "body"), [(1, b"[1]"), (2, b"")])
async def test_a_body_packed_more_than_once_is_left_out(
    connect: Open, wire_server: WireServer, times: int, body: bytes
) -> None:
    """Each packing multiplies what a few bytes can swell to, before their size is seen."""
    packed = b"[1]"
    for _ in range(times):
        packed = gzip.compress(packed)
    wire_server.answers(packed, headers=f"Content-Encoding: {', '.join(['gzip'] * times)}\r\n")
    assert (await connect(wire_server.url).exchange("GET", "/", TOKEN)).body == body
