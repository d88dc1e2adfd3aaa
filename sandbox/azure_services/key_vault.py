"""A key vault over TLS with one secret, which can refuse as Azure's does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web

from sandbox.azure_services.certificate import Tls

HOST = "contoso.vault.azure.net"
CREATED = datetime(2026, 11, 1, 8, tzinfo=UTC)
CHALLENGE = 'Bearer authorization="https://login.microsoftonline.com/partner", resource="https://{}"'


class KeyVault:
    """Holds the versions of one secret.

    Attributes:
        versions: their values, the newest last.
        status: what it answers instead, if set, with `code` and `inner` as its codes.
        deleted: whether the secret is deleted and can be recovered.
        shows_deleted: the status of a look at deleted secrets, where it is not 200 or 404 by itself.
        updated: when the newest version's attributes or tags were last edited.
        audience: whom it asks a token for; by itself the domain under which it was called.
        token: the one that it accepts.
        port: where it listens.
    """

    def __init__(self) -> None:
        self.versions: list[str] = []
        self.status = 0
        self.code, self.inner = "Odd", ""
        self.deleted = False
        self.shows_deleted = 0
        self.updated = CREATED
        self.audience = ""
        self.token = "vault-token"  # noqa: S105  a simulated one
        self.port = 0

    @asynccontextmanager
    async def serving(self, tls: Tls) -> AsyncIterator[None]:
        """Listen until the end of the block."""
        application = web.Application()
        application.router.add_route("*", "/secrets/{name}{rest:/?}", self._serve)
        application.router.add_get("/deletedsecrets/{name}", self._serve_deleted)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server).start()
        self.port = int(runner.addresses[0][1])
        try:
            yield
        finally:
            await runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            # The SDK wants it to be a parent of the vault's own name, be that a name or an address.
            audience = self.audience or request.host.partition(".")[2]
            return web.Response(status=401, headers={"WWW-Authenticate": CHALLENGE.format(audience)})
        if self.status:
            return _refusal(self.status, self.code, self.inner)
        if self.deleted and request.method == "PUT":
            return _refusal(409, "Conflict", "ObjectIsDeletedButRecoverable")
        if request.method == "PUT":
            self.versions.append((await request.json())["value"])
        if not self.versions or self.deleted:
            return _refusal(404, "SecretNotFound")
        created, updated = int(CREATED.timestamp()), int(self.updated.timestamp())
        attributes = {"enabled": True, "created": created, "updated": updated}
        name = f"https://{HOST}/secrets/refresh-token/{len(self.versions)}"
        return web.json_response({"value": self.versions[-1], "id": name, "attributes": attributes})

    async def _serve_deleted(self, _: web.Request) -> web.Response:
        if self.shows_deleted:
            return _refusal(
                self.shows_deleted, "Conflict" if self.shows_deleted == HTTPStatus.CONFLICT else "Forbidden", self.inner
            )
        if not self.deleted:
            return _refusal(404, "SecretNotFound")
        seconds = int(CREATED.timestamp())
        name = f"https://{HOST}/secrets/refresh-token/{len(self.versions)}"
        recovery = {"recoveryId": f"https://{HOST}/deletedsecrets/refresh-token", "deletedDate": seconds}
        return web.json_response(
            {"id": name, "attributes": {"enabled": True}, "scheduledPurgeDate": seconds, **recovery}
        )


def _refusal(status: int, code: str, inner: str = "") -> web.Response:
    error: dict[str, Any] = {"code": code, "message": "No."}
    return web.json_response({"error": error | ({"innererror": {"code": inner}} if inner else {})}, status=status)
