"""Outages of Service Bus that begin at any moment."""

import asyncio
import socket
from contextlib import suppress

import pytest

from sandbox.service_bus import Broker, Topology
from sandbox.world import TOPOLOGY


@pytest.mark.parametrize("turns", range(8))
async def test_an_outage_may_begin_while_a_client_connects(turns: int) -> None:
    """However far the connection has come, in turns of the event loop, it is gone when the outage has begun."""
    broker = Broker(Topology.load(TOPOLOGY))
    await broker.start()
    with socket.create_connection(("127.0.0.1", broker.port)) as client:
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await broker.interrupt()
        client.setblocking(False)  # noqa: FBT003  the standard library's own signature
        async with asyncio.timeout(10):
            with suppress(ConnectionError):
                assert await asyncio.get_running_loop().sock_recv(client, 1) == b""
    await broker.resume()
    await broker.stop()
