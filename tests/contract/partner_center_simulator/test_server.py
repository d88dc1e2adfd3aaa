"""The simulator in an event loop, on a thread, and as a process."""

import asyncio
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aiohttp
import httpx
import pytest

from sandbox.partner_center import (
    Act,
    Credentials,
    Fault,
    Operation,
    PartnerCenter,
    PartnerCenterServer,
    PartnerCenterThread,
    Qualification,
    Settings,
)

ROOT = Path(__file__).parents[3]


async def test_an_interrupted_server_refuses_connections_and_comes_back_at_the_same_port() -> None:
    """Open connections are cut, new ones refused; the state outlives it."""
    async with PartnerCenterServer() as server, aiohttp.ClientSession(server.url) as session:
        customer, url = str(uuid4()), server.url
        server.partner_center.decide(customer, Qualification.NONPROFIT, "Approved")
        async with session.get("/_control/settings") as answer:
            assert answer.status == 200
        await server.interrupt()
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get("/_control/settings")
        await server.resume()
        assert server.url == url
        async with session.get(f"/_control/customers/{customer}") as answer:
            assert (await answer.json())["statuses"] == {"Nonprofit": "Approved"}


async def test_stopping_ends_calls_that_hang() -> None:
    """A call that is never answered does not keep the server from stopping."""
    async with PartnerCenterServer() as server, aiohttp.ClientSession(server.url) as session:
        server.partner_center.fault(Fault(operation=Operation.OTHER, then=Act.HANG))
        call = asyncio.create_task(session.get("/somewhere"))
        async with asyncio.timeout(30):
            while not server.partner_center.books.api.now:  # noqa: ASYNC110  the books have no event to wait for
                await asyncio.sleep(0.01)
        await server.stop()
        with pytest.raises(aiohttp.ClientConnectionError):
            await call
        assert server.partner_center.books.api.now == 0


async def test_a_stopped_server_gives_its_port_back() -> None:
    """Another one can take it, and a third can not while the second runs."""
    async with PartnerCenterServer() as first:
        port = int(first.url.rsplit(":", 1)[1])
    async with PartnerCenterServer(port=port) as second:
        assert second.url == first.url
        third = PartnerCenterServer(port=port)
        with pytest.raises(OSError, match="in use"):
            await third.start()
        await third.stop()


def test_a_thread_that_can_not_start_says_why() -> None:
    """The failure reaches whoever started it."""
    with PartnerCenterThread() as running:
        port = int(running.url.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"), PartnerCenterThread(port):
            pass


def test_a_thread_is_interrupted_and_resumed() -> None:
    """The same from outside the loop."""
    with PartnerCenterThread() as running, httpx.Client(base_url=running.url, trust_env=False) as client:
        assert client.get("/_control/books").status_code == 200
        running.interrupt()
        with pytest.raises(httpx.TransportError):
            client.get("/_control/books")
        running.resume()
        assert client.get("/_control/books").status_code == 200
    with pytest.raises(RuntimeError):
        running.reset()


async def test_clock_settings_and_credentials_can_be_given() -> None:
    """The state takes them as arguments, and a reset goes back to them."""
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    credentials = Credentials(refresh_token="kept-elsewhere")
    given = PartnerCenter(clock=lambda: noon, settings=Settings(vetting_seconds=9), credentials=credentials)
    given.settings.vetting_seconds = 1
    given.advance(60)
    assert given.now() == datetime(2026, 3, 1, 12, 1, tzinfo=UTC)
    given.reset()
    assert (given.settings.vetting_seconds, given.now()) == (9, noon)
    assert PartnerCenterServer(partner_center=given).refresh_token == "kept-elsewhere"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_process_says_where_it_is_and_ends_at_a_signal(number: signal.Signals) -> None:
    """One JSON line with addresses and credentials that work; then it ends cleanly."""
    command = [sys.executable, "-m", "sandbox.partner_center", "--vetting-seconds", "5"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        form = {
            "grant_type": "refresh_token",
            "client_id": ready["clientId"],
            "client_secret": ready["clientSecret"],
            "refresh_token": ready["refreshToken"],
            "scope": "https://api.partnercenter.microsoft.com/.default",
        }
        with httpx.Client(trust_env=False) as client:
            token = client.post(f"{ready['loginUrl']}/{ready['tenantId']}/oauth2/v2.0/token", data=form)
            settings = client.get(f"{ready['url']}/_control/settings").json()
        process.send_signal(number)
        assert process.wait(30) == 0
    assert (token.status_code, settings["vettingSeconds"]) == (200, 5)
