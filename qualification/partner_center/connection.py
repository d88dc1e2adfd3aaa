"""The connections to one origin: httpx over aiohttp. Imported at the first call only, both cost start-up time."""

import asyncio
import logging
import ssl
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

from qualification.partner_center.answer import LONGEST_BODY, Answer, NoAnswer, NotSent

LONGEST_CONNECT = timedelta(seconds=10)
BEFORE_SENDING = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


class Connection:
    """Sends to `origin` and nowhere else, so a token cannot travel elsewhere; follows no redirect, keeps no cookie.

    Args:
        origin: an http(s) URL without a path; HTTPS_PROXY, HTTP_PROXY and NO_PROXY are honoured for it.
        timeout: for a whole call, from connecting to the last byte of the answer, where nothing else is said;
            connecting gets at most half of it.
        max_connections: how many connections are open at a time.
    """

    def __init__(self, origin: str, *, timeout: timedelta, max_connections: int) -> None:
        self._origin = httpx.URL(origin)
        self._timeout = timeout
        self._client = _client(origin, min(timeout / 2, LONGEST_CONNECT), max_connections)

    async def exchange(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        content: bytes = b"",
        *,
        timeout: timedelta | None = None,
    ) -> Answer:
        """Send one request and read its answer, whatever its status; `timeout` instead of the usual one.

        Raises:
            NotSent: no connection came about.
            NoAnswer: the request may have arrived, but no complete answer came back in time.
        """
        failed: NotSent | NoAnswer
        limit = (timeout or self._timeout).total_seconds()
        try:
            async with asyncio.timeout(limit):
                return await self._exchange(method, path, headers, content)
        except TimeoutError:
            failed = NoAnswer(f"no answer within {limit:g} s")
        except (httpx.HTTPError, httpx.InvalidURL, aiohttp.ClientError, OSError, ValueError) as error:
            failed = _failure(error)
        # Raised out here, because the error above leads to the request and with it to the bearer token.
        raise failed

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def _exchange(self, method: str, path: str, headers: Mapping[str, str], content: bytes) -> Answer:
        url = self._origin.copy_with(raw_path=path.encode())
        async with self._client.stream(method, url, headers=headers, content=content) as response:
            body = await _read(response)
            return Answer(response.status_code, response.headers, body or b"", is_whole=body is not None)


def _client(origin: str, connect: timedelta, max_connections: int) -> httpx.AsyncClient:
    def open_session() -> aiohttp.ClientSession:
        return aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=_trusted(), limit=max_connections),
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_send_once,),
            proxy=_proxy(origin),
        )

    # httpx logs the URL of each request, and that of a PUT carries a validation code.
    logging.getLogger("httpx").addFilter(_nothing)
    return httpx.AsyncClient(
        # Its own transport is a fifth as fast at 64 calls at a time.
        transport=AiohttpTransport(verify=_trusted(), client=open_session),
        # The transport hands `pool` to aiohttp as the limit of all that comes before sending: a turn, the name, TCP, TLS.
        timeout=httpx.Timeout(None, pool=connect.total_seconds()),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        event_hooks={"response": [_forget_location]},
    )


@cache
def _trusted() -> ssl.SSLContext:
    # Reading all root certificates takes some 20 ms, so the API and its sign-in share them.
    return httpx.create_ssl_context()


def _nothing(_: logging.LogRecord) -> bool:
    return False


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Keep aiohttp from repeating a PUT by itself when the connection breaks; a GET may be repeated, a POST never is."""
    try:
        return await handler(request)
    except BEFORE_SENDING:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        if request.method == "GET":
            raise
        raise aiohttp.ClientPayloadError(type(error).__name__) from error


async def _forget_location(response: httpx.Response) -> None:
    """Keep httpx from working out a redirect that it does not follow: it would fail where the place is no URL."""
    response.headers.pop("Location", None)


async def _read(response: httpx.Response) -> bytes | None:
    # Asked for unpacked; what is packed twice can swell a million times before its size is seen.
    if len(response.headers.get_list("Content-Encoding", split_commas=True)) > 1:
        return None
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > LONGEST_BODY:
            return None
    return body


def _failure(error: Exception) -> NotSent | NoAnswer:
    # aiohttp's error decides: the transport reports a connection that breaks after sending as httpx.ConnectTimeout.
    cause = error.__cause__ if isinstance(error.__cause__, aiohttp.ClientError) else error
    name = type(cause).__name__
    return NotSent(name) if isinstance(cause, BEFORE_SENDING) else NoAnswer(name)


def _proxy(origin: str) -> str | None:
    # httpx reads no proxy from the environment where it is given a transport.
    parts = urlsplit(origin)
    proxies = getproxies()
    return None if proxy_bypass(parts.netloc) else proxies.get(parts.scheme) or proxies.get("all")
