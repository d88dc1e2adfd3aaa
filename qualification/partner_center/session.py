"""The connections to one origin: httpx over aiohttp. Imported at the first call only, both cost start-up time."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

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
        connect = min(timeout / 2, LONGEST_CONNECT).total_seconds()
        self._extensions = {"timeout": {"connect": connect, "pool": connect}}
        self._origin, self._origin_url = origin, httpx.URL(origin)
        self._transport = _Transport(
            verify=_trusted(), limits=httpx.Limits(max_connections=max_connections), proxy=_proxy(origin)
        )

    async def exchange(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        """Send one request and read its answer.

        Raises:
            NotSent: no connection came about.
            NoAnswer: the request may have arrived, but no complete answer came back.
        """
        try:
            # `stream` instead of `content`: httpx would work out Host and Content-Length, which aiohttp does again.
            request = httpx.Request(
                method,
                self._origin_url,
                headers=headers,
                stream=httpx.ByteStream(content),
                extensions=self._extensions,
            )
            request.read()
            request.url = _Address(self._origin_url, f"{self._origin}{path}")
            response = await self._transport.handle_async_request(request)
            try:
                body = await _read(response)
            finally:
                await response.aclose()
            return Answer(response.status_code, response.headers, body)
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


class _Transport(AiohttpTransport):
    def get_client(self) -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self.ssl_context, limit=self.limits.max_connections or 0),
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_send_once,),
        )


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a PUT by itself when the connection breaks; a GET may be repeated."""
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method == "GET" or isinstance(error, BEFORE_SENDING):
            raise
        raise aiohttp.ClientPayloadError(type(error).__name__) from error


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    # The raw bytes are the body, unless the other side encodes what it was asked to send as it is.
    async for chunk in response.aiter_bytes() if "content-encoding" in response.headers else response.aiter_raw():
        body += chunk
        if len(body) > LONGEST_BODY:
            return b""
    return bytes(body)


def _failure(error: Exception) -> NotSent | NoAnswer:
    # httpx-aiohttp calls a connection that breaks after sending a ConnectTimeout; only aiohttp's own error tells.
    cause = error.__cause__ if isinstance(error, httpx.HTTPError) and error.__cause__ else error
    name = type(cause).__name__
    return NotSent(name) if isinstance(cause, BEFORE_SENDING) else NoAnswer(name)


def _proxy(origin: str) -> httpx.Proxy | None:
    parts = urlsplit(origin)
    proxies = getproxies()
    url = proxies.get(parts.scheme) or proxies.get("all")
    return httpx.Proxy(url) if url and not proxy_bypass(parts.netloc) else None
