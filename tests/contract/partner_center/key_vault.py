"""A key vault reached under its real name: the SDK's whole pipeline runs, from challenge to answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from aiohttp import ClientSession, TCPConnector
from aiohttp.abc import AbstractResolver, ResolveResult
from azure.core.credentials import AccessToken
from azure.core.pipeline.transport import AioHttpTransport
from pydantic import SecretStr

from sandbox.azure_services import KeyVault, Tls
from sandbox.azure_services.key_vault import HOST

SECRET_URL = f"https://{HOST}/secrets/refresh-token"
TOKEN = SecretStr("1.the-refresh-token")


@asynccontextmanager
async def running(vault: KeyVault, folder: Path) -> AsyncIterator[AioHttpTransport]:
    """Serve, and yield a transport that finds this vault under its name and trusts its certificate."""
    tls = Tls.of(HOST, folder)
    async with vault.serving(tls), reached_at(vault.port, tls) as transport:
        yield transport


@asynccontextmanager
async def reached_at(port: int, tls: Tls) -> AsyncIterator[AioHttpTransport]:
    """A transport that finds the vault there, under its name."""
    connector = TCPConnector(ssl=tls.client, resolver=_Resolver(port))
    async with ClientSession(connector=connector) as session:
        yield AioHttpTransport(session=session, session_owner=False)


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
