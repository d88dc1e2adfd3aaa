"""A key vault over TLS, reached under its real name: the SDK's whole pipeline runs, from challenge to answer."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, TCPConnector, web
from aiohttp.abc import AbstractResolver, ResolveResult
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AioHttpTransport
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "contoso.vault.azure.net"
SECRET_URL = f"https://{HOST}/secrets/refresh-token"
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
        audience: whom it asks a token for.
    """

    def __init__(self) -> None:
        self.versions: list[str] = []
        self.status = 0
        self.code, self.inner = "Odd", ""
        self.deleted = False
        self.shows_deleted = 0
        self.updated = CREATED
        self.audience = "vault.azure.net"
        self.port = 0
        self.trust: ssl.SSLContext | None = None
        self.certificate: ssl.SSLContext | None = None

    @asynccontextmanager
    async def running(self, folder: Path) -> AsyncIterator[AioHttpTransport]:
        """Serve, and yield a transport that finds this vault under its name and trusts its certificate."""
        server_context, client_context = _contexts(folder)
        application = web.Application()
        application.router.add_route("*", "/secrets/{name}{rest:/?}", self._serve)
        application.router.add_get("/deletedsecrets/{name}", self._serve_deleted)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context)
        await site.start()
        self.port, self.trust = int(runner.addresses[0][1]), client_context
        self.certificate = server_context
        try:
            async with self.reached_at(self.port) as transport:
                yield transport
        finally:
            await runner.cleanup()

    @asynccontextmanager
    async def reached_at(self, port: int) -> AsyncIterator[AioHttpTransport]:
        """A transport that finds it there, under its name."""
        connector = TCPConnector(ssl=self.trust or True, resolver=_Resolver(port))
        async with ClientSession(connector=connector) as session:
            yield AioHttpTransport(session=session, session_owner=False)

    async def _serve(self, request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != "Bearer vault-token":
            return web.Response(status=401, headers={"WWW-Authenticate": CHALLENGE.format(self.audience)})
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
            return _refusal(self.shows_deleted, "Conflict" if self.shows_deleted == 409 else "Forbidden", self.inner)
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


class VaultCredential:
    """Gives a token for the vault, as a managed identity would."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token that the vault accepts."""
        self.scopes.extend(scopes)
        return AccessToken("vault-token", int(datetime.now(UTC).timestamp()) + 3600)

    async def close(self) -> None:
        """Nothing is held open."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


class _Resolver(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(self, host: str, port: int = 0, family: int = 0) -> list[ResolveResult]:
        del port
        return [ResolveResult(hostname=host, host="127.0.0.1", port=self._port, family=family or 2, proto=0, flags=0)]

    async def close(self) -> None:
        return None


def _contexts(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    chain = folder / "vault.pem"
    chain.write_bytes(private + pem)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(chain)
    return server_context, ssl.create_default_context(cadata=pem.decode())
