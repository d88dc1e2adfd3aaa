"""An identity endpoint behind a proxy, announced to the service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sandbox.azure_services import IdentityEndpoint
from sandbox.azure_services.identity_endpoint import HEADER, PATH
from sandbox.fault_proxy import Faults, HttpProxy


class ProxiedEndpoint(IdentityEndpoint):
    """An identity endpoint.

    Attributes:
        faults: what happens on the way to it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults = Faults()


@asynccontextmanager
async def announced(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ProxiedEndpoint]:
    """An endpoint behind a proxy, announced in the environment as in a function app."""
    endpoint = ProxiedEndpoint()
    async with (
        endpoint.serving(),
        HttpProxy(f"http://127.0.0.1:{endpoint.port}", endpoint.faults) as proxy,
    ):
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{proxy.url}{PATH}")
        monkeypatch.setenv("IDENTITY_HEADER", HEADER)
        yield endpoint
