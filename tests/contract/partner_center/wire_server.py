"""A server that writes exact bytes: what no HTTP library would let a test send."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class WireServer:
    """Answers each request with `answer`, then keeps the connection or closes it; counts connections and requests.

    `pace` is the time between two bytes of the answer, in seconds.
    """

    def __init__(self) -> None:
        self.answer = b""
        self.closes = False
        self.pace = 0.0
        self.connections = 0
        self.requests: list[bytes] = []
        self.url = ""

    def answers(self, body: bytes, *, status: str = "200 OK", headers: str = "") -> None:
        """Answer with this body from now on."""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
        self.answer = head.encode() + body

    @asynccontextmanager
    async def running(self) -> AsyncIterator["WireServer"]:
        """Serve on a free port of the loopback."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.close()
            server.close_clients()
            await server.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
                )
                self.requests.append(head + await reader.readexactly(length))
                await self._write(writer)
                if self.closes:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _write(self, writer: asyncio.StreamWriter) -> None:
        size = 1 if self.pace else max(len(self.answer), 1)
        for start in range(0, len(self.answer), size):
            writer.write(self.answer[start : start + size])
            await writer.drain()
            if self.pace:
                await asyncio.sleep(self.pace)
