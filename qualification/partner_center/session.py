"""The connections to one origin: httpx over aiohttp. Imported at the first call only, both cost start-up time."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from yarl import URL

from qualification.partner_center.answer import LONGEST_BODY, Answer, NoAnswer, NotSent

LONGEST_CONNECT = timedelta(seconds=10)
BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


class Session:
    """Sends requests to `origin` and reads the answers whole; redirects and cookies are not followed.

    The transport is used without httpx.AsyncClient, which logs each URL: the URL of a PUT carries a validation code.

    Args:
        origin: scheme, host and port; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured for it.
        timeout: for each step of a call; connecting gets at most half of it, so that it ends first.
        max_connections: how many connections are open at a time.
    """

    def __init__(self, origin: str, timeout: timedelta, max_connections: int) -> None:
        self._origin, self._origin_url = origin, httpx.URL(origin)
        connect = min(timeout / 2, LONGEST_CONNECT).total_seconds()
        self._transport = _Transport(connect, max_connections, _proxy(origin))

    async def exchange(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send one request and read its answer.

        Raises:
            NotSent: no connection came about.
            NoAnswer: the request may have arrived, but no complete answer came back.
        """
        try:
            # `stream` instead of `content`: httpx would work out Host and Content-Length, which aiohttp does again.
            request = httpx.Request(method, self._origin_url, headers=headers, stream=httpx.ByteStream(content))
            request.url = _Address(self._origin_url, f"{self._origin}{path}")
            response = await self._transport.handle_async_request(request)
            return Answer(response.status_code, response.headers, b"".join(cast("httpx.ByteStream", response.stream)))
        except (httpx.HTTPError, aiohttp.ClientError, OSError, ValueError) as error:
            failed = _failure(error)
        # Raised out here, because the error above leads to the request and with it to the bearer token.
        raise failed

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    # Reading all root certificates takes some 20 ms, so the API and its sign-in share them.
    return httpx.create_ssl_context()


class _Address(httpx.URL):
    """A URL of `origin` that only its text tells; for httpx to take it apart costs half as much as aiohttp's whole call."""

    def __init__(self, origin: httpx.URL, text: str) -> None:
        super().__init__(origin)
        self._text = text

    def __str__(self) -> str:
        return self._text


class _Transport(httpx.AsyncBaseTransport):
    """httpx's end of an aiohttp session ("Custom transports" in httpx's documentation)."""

    def __init__(self, connect_timeout: float, max_connections: int, proxy: str | None) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=_trusted(), limit=max_connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(connect=connect_timeout, sock_connect=connect_timeout),
            proxy=proxy,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        async with self._session.request(
            request.method,
            URL(str(request.url), encoded=True),
            headers={name.decode(): value.decode() for name, value in request.headers.raw},
            data=b"".join(cast("httpx.ByteStream", request.stream)) or None,
            allow_redirects=False,
            middlewares=(_send_once,) if request.method == "PUT" else (),
        ) as response:
            body = httpx.ByteStream(await _read(response.content))
            return httpx.Response(response.status, headers=response.raw_headers, stream=body)

    async def aclose(self) -> None:
        await self._session.close()


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a PUT by itself when the connection breaks; a GET may be repeated, a POST never is."""
    try:
        return await handler(request)
    except BEFORE_SENDING:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise aiohttp.ClientPayloadError(type(error).__name__) from error


async def _read(content: aiohttp.StreamReader) -> bytes:
    body = b""
    while not content.at_eof():
        body += await content.readany()
        if len(body) > LONGEST_BODY:
            return b""
    return body


def _failure(error: Exception) -> NotSent | NoAnswer:
    name = type(error).__name__
    return NotSent(name) if isinstance(error, BEFORE_SENDING) else NoAnswer(name)


def _proxy(origin: str) -> str | None:
    parts = urlsplit(origin)
    proxies = getproxies()
    return None if proxy_bypass(parts.netloc) else proxies.get(parts.scheme) or proxies.get("all")
