"""Partner Center on a loopback port, which can be taken away and given back."""

import asyncio
import os
import socket
from typing import Self

from aiohttp import web

from sandbox.partner_center.application import application
from sandbox.partner_center.credentials import Credentials
from sandbox.partner_center.endpoint import Endpoint
from sandbox.partner_center.exchange import Exchange
from sandbox.partner_center.state import PartnerCenter

_BACKLOG = 1024


class PartnerCenterServer(Endpoint):
    """The simulator over HTTP, in the running event loop; an asynchronous context manager.

    Args:
        host: Loopback address to listen on.
        port: 0 for a free one.
        partner_center: The state to serve; a fresh one if not given.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, partner_center: PartnerCenter | None = None) -> None:
        self.partner_center = partner_center or PartnerCenter()
        self._host = host
        self._port = port
        self._exchange: Exchange | None = None
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None
        self._reserved: socket.socket | None = None

    @property
    def url(self) -> str:
        """The API's base address, without a path."""
        return f"http://{self._host}:{self._port}"

    @property
    def credentials(self) -> Credentials:
        """Tenant, client and the first refresh token."""
        return self.partner_center.credentials

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: The port is taken.
        """
        self._reserve()
        self._exchange = Exchange(self.partner_center)
        app = application(self.partner_center, self._exchange)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await self.resume()

    async def stop(self) -> None:
        """Reset all connections and give the port back."""
        await self.interrupt()
        if self._reserved is not None:
            self._reserved.close()
            self._reserved = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def interrupt(self) -> None:
        """Reset all connections and refuse new ones, until `resume`; the state stays."""
        if self._exchange is not None:
            self._exchange.release()
        if self._listener is not None:
            self._listener.close()
            self._listener.abort_clients()
            await self._listener.wait_closed()
            self._listener = None
            self._reserve()

    async def resume(self) -> None:
        """Accept connections again, at the same port."""
        if self._reserved is None or self._runner is None or self._runner.server is None:
            return
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(self._runner.server, sock=self._reserved, backlog=_BACKLOG)
        self._reserved = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _reserve(self) -> None:
        """Hold the port without listening: connections are refused, and nobody else gets it."""
        reserved = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # On Windows the option means that anybody may take the port.
                reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            reserved.bind((self._host, self._port))
        except OSError:
            reserved.close()
            raise
        self._port = reserved.getsockname()[1]
        self._reserved = reserved
