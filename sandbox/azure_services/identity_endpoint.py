"""An identity endpoint as Azure Functions has it, which can answer oddly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web

PATH = "/msi/token"
HEADER = "shown"
"""The secret that it wants to see."""


class IdentityEndpoint:
    """Gives a token to whoever shows the secret header ("How to use managed identities for App Service").

    Attributes:
        queries: what was asked for.
        status: of its answers.
        answer: what it says where the status is 200.
        page: what it says instead of JSON, if set.
        port: where it listens.
    """

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.status = 200
        self.page = ""
        self.port = 0
        expires = str(int(datetime.now(UTC).timestamp()) + 3600)
        self.answer: dict[str, Any] = {
            "access_token": "a.b.c",
            "token_type": "Bearer",
            "resource": "api://AzureADTokenExchange",
            "expires_on": expires,
        }

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Listen until the end of the block."""
        application = web.Application()
        application.router.add_get(PATH, self._serve)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.port = int(runner.addresses[0][1])
        try:
            yield
        finally:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self.queries.append(dict(request.query))
        if self.page:
            return web.Response(text=self.page, content_type="text/html", status=self.status)
        if self.status != HTTPStatus.OK or request.headers.get("X-IDENTITY-HEADER") != HEADER:
            return web.json_response({"statusCode": self.status, "message": "No such identity."}, status=self.status)
        return web.json_response(self.answer)
