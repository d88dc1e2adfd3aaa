"""Before anything that speaks HTTP: Azurite, Partner Center, an identity endpoint, a vault whose TLS is terminated here."""

import asyncio
import ssl
from types import TracebackType
from typing import Self

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector, web
from yarl import URL

from sandbox.fault_proxy.faults import Faults, Mishap, Rule

HOP_BY_HOP = frozenset({"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"})
PAGE = "<!DOCTYPE html><html><body><h1>We will be back soon</h1></body></html>"
LARGEST_BODY = 64 * 1024 * 1024


class HttpProxy:
    """Passes requests on under the name that they were sent to; an asynchronous context manager.

    Args:
        upstream: scheme, host and port of the far end.
        faults: what happens to what; rules match path and query.
        port: to listen on, 0 is any free one.
        certificate: of the name that callers expect, to terminate TLS with; None serves plain HTTP.
        trust: what the far end's certificate is checked with; None is the system's own.
        name: whose certificate it is, where that is not the host of `upstream`.

    Attributes:
        port: where it listens.
        requests: how many have come.
    """

    def __init__(
        self,
        upstream: str,
        faults: Faults,
        *,
        port: int = 0,
        certificate: ssl.SSLContext | None = None,
        trust: ssl.SSLContext | None = None,
        name: str | None = None,
    ) -> None:
        self.port = port
        self.requests = 0
        self._upstream = upstream.rstrip("/")
        self._faults = faults
        self._certificate, self._trust = certificate, trust
        self._name = name
        self._session: ClientSession | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Scheme, host and port that clients use instead of the far end's."""
        return f"{'https' if self._certificate else 'http'}://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        connector = TCPConnector(ssl=self._trust or True)
        self._session = ClientSession(
            connector=connector, auto_decompress=False, cookie_jar=DummyCookieJar(), timeout=ClientTimeout(total=300)
        )
        application = web.Application(client_max_size=LARGEST_BODY)
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, ssl_context=self._certificate).start()
        self.port = int(self._runner.addresses[0][1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()
        if self._session:
            await self._session.close()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.requests += 1
        struck = self._faults.strike(request.method, request.path_qs)
        body = await request.read()
        early = await self._before(request, struck)
        if early is not None:
            return early
        try:
            status, headers, answer = await self._forward(request, body)
        except (ClientError, OSError):
            return self._broken(request)
        if struck and struck.mishap is Mishap.LOSE_ANSWER:
            return self._broken(request)
        if struck and struck.mishap is Mishap.UNAVAILABLE_AFTER:
            return _unavailable()
        response = web.Response(status=status, headers=headers, body=answer)
        if struck and struck.mishap is Mishap.HALF:
            return await self._halved(request, response, answer)
        return response

    async def _before(self, request: web.Request, struck: Rule | None) -> web.StreamResponse | None:
        match struck.mishap if struck else None:
            case Mishap.RESET:
                return self._broken(request)
            case Mishap.UNAVAILABLE:
                return _unavailable()
            case Mishap.HTML:
                return web.Response(status=200, text=PAGE, content_type="text/html")
            case Mishap.DELAY:
                await asyncio.sleep(struck.seconds if struck else 0)
        return None

    async def _forward(self, request: web.Request, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        assert self._session  # noqa: S101  nobody is served before it is open
        headers = [(name, value) for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP]
        url = URL(self._upstream + request.raw_path, encoded=True)
        async with self._session.request(
            request.method, url, headers=headers, data=body or None, allow_redirects=False, server_hostname=self._name
        ) as answer:
            kept = [(name, value) for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP]
            return answer.status, kept, await answer.read()

    async def _halved(self, request: web.Request, response: web.Response, answer: bytes) -> web.StreamResponse:
        half = web.StreamResponse(status=response.status, headers=response.headers)
        half.content_length = len(answer) + 1
        await half.prepare(request)
        await half.write(answer[: len(answer) // 2])
        return self._broken(request, half)

    def _broken(self, request: web.Request, response: web.StreamResponse | None = None) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return response or web.Response()


def _unavailable() -> web.Response:
    return web.Response(status=503, text="Service Unavailable")
