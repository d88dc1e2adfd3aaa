"""A deployed app whose report a server gives, and nobody signed in to Azure here."""

import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY
from tests.contract.partner_center.wire_server import WireServer

WELL = {"settings": "ok", "sources": "ok", "recordStore": "ok", "serviceBus": "ok"}


@pytest.fixture
async def server() -> AsyncIterator[WireServer]:
    """Where the app answers, which is healthy."""
    async with WireServer().running() as server:
        server.answers(json.dumps({"status": "healthy", "checks": WELL}).encode())
        yield server


@pytest.fixture
def host(server: WireServer) -> str:
    """Its host, as Azure gives it."""
    return urlsplit(server.url).netloc


@pytest.fixture(scope="module")
def broker() -> Iterator[BrokerThread]:
    """A Service Bus of its own."""
    with BrokerThread(Topology.load(TOPOLOGY)) as broker:
        yield broker


@pytest.fixture
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An az to which nobody is signed in."""
    program = tmp_path / "az"
    program.write_text("#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential")
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
