"""Before anything that speaks TCP: the broker's AMQP, or TLS that is passed through as it is."""

import asyncio
from types import TracebackType
from typing import Self

from sandbox.fault_proxy.faults import ON_BARE_CONNECTIONS, Faults, Mishap

CHUNK = 64 * 1024
TAKES_EFFECT = 0.05
"""Seconds that the far end gets for what it is sent before the connection breaks."""


class TcpProxy:
    """Passes bytes both ways; an asynchronous context manager. Each read from a client may be struck.

    Args:
        host: of the far end.
        upstream_port: of the far end.
        faults: what happens to what.
        port: to listen on, 0 is any free one.

    Attributes:
        port: where it listens.
        accepted: connections so far.
        open: connections that are open.
    """

    def __init__(self, host: str, upstream_port: int, faults: Faults, *, port: int = 0) -> None:
        self.port = port
        self.accepted = 0
        self.open = 0
        self._upstream = (host, upstream_port)
        self._faults = faults
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._server:
            self._server.close()
            self._server.close_clients()
            await self._server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self.open += 1
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._upstream)
            connection = _Connection(self._faults, reader, writer, far_reader, far_writer)
            await connection.run()
        except OSError:
            writer.transport.abort()
        finally:
            self.open -= 1


class _Connection:
    def __init__(
        self,
        faults: Faults,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        far_reader: asyncio.StreamReader,
        far_writer: asyncio.StreamWriter,
    ) -> None:
        self._faults = faults
        self._reader, self._writer = reader, writer
        self._far_reader, self._far_writer = far_reader, far_writer
        self._answers = Mishap.DELAY
        """What happens to the next answer: LOSE_ANSWER, HALF, or DELAY for nothing."""

    async def run(self) -> None:
        """Until either side ends, or a mishap does."""
        ways = [asyncio.ensure_future(self._requests()), asyncio.ensure_future(self._back())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._writer.close()
            self._far_writer.close()

    async def _requests(self) -> None:
        while data := await self._reader.read(CHUNK):
            struck = self._faults.strike("", data.decode("latin-1"), ON_BARE_CONNECTIONS)
            mishap = struck.mishap if struck else None
            if mishap is Mishap.RESET:
                self._writer.transport.abort()
                return
            if struck and mishap is Mishap.DELAY:
                await asyncio.sleep(struck.seconds)
            if mishap in {Mishap.LOSE_ANSWER, Mishap.HALF}:
                self._answers = mishap
            self._far_writer.write(data)
            await self._far_writer.drain()
            if mishap is Mishap.LOSE_ANSWER:
                await asyncio.sleep(TAKES_EFFECT)
                self._writer.transport.abort()
                return

    async def _back(self) -> None:
        while data := await self._far_reader.read(CHUNK):
            if self._answers is Mishap.LOSE_ANSWER:
                continue
            half = self._answers is Mishap.HALF
            self._writer.write(data[: len(data) // 2] if half else data)
            await self._writer.drain()
            if half:
                return
