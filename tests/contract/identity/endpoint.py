"""An identity endpoint as Azure Functions has it, which can answer oddly."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from sandbox.fault_proxy import Faults, HttpProxy


class IdentityEndpoint:
    """Gives a token to whoever shows the secret header ("How to use managed identities for App Service").

    Attributes:
        queries: what was asked for.
        status: of its answers.
        answer: what it says where the status is 200.
        page: what it says instead of JSON, if set.
        faults: what happens on the way to it.
    """

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.status = 200
        self.page = ""
        self.faults = Faults()
        expires = str(int(datetime.now(UTC).timestamp()) + 3600)
        self.answer: dict[str, Any] = {
            "access_token": "a.b.c",
            "token_type": "Bearer",
            "resource": "api://AzureADTokenExchange",
            "expires_on": expires,
        }

    async def serve(self, request: web.Request) -> web.Response:
        """Answer a token request."""
        self.queries.append(dict(request.query))
        if self.page:
            return web.Response(text=self.page, content_type="text/html", status=self.status)
        if self.status != 200 or request.headers.get("X-IDENTITY-HEADER") != "shown":
            return web.json_response({"statusCode": self.status, "message": "No such identity."}, status=self.status)
        return web.json_response(self.answer)


@asynccontextmanager
async def announced(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IdentityEndpoint]:
    """An endpoint behind a proxy, announced in the environment as in a function app."""
    served = IdentityEndpoint()
    application = web.Application()
    application.router.add_get("/msi/token", served.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with HttpProxy(f"http://127.0.0.1:{runner.addresses[0][1]}", served.faults) as proxy:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{proxy.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "shown")
        yield served
    await runner.cleanup()
