"""A listening socket that can be closed at any moment without a connection getting lost between two states.

`asyncio.Server` drops one that it has accepted and not yet made when it is closed: neither end would hear of it.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

_BACKLOG = 128
_PAUSE = 0.05  # seconds, when the system has no socket to give


class Listener:
    """Accepts connections from its start until `close`; lives on the running event loop.

    Args:
        host: the address to listen on.
        port: the port, 0 for any free one.
        protocol: makes the protocol of a connection.

    Raises:
        OSError: the port is taken.
    """

    def __init__(self, host: str, port: int, protocol: Callable[[], asyncio.BaseProtocol]) -> None:
        self._protocol = protocol
        self._socket = socket.create_server((host, port), backlog=_BACKLOG)
        self._socket.setblocking(False)  # noqa: FBT003  the standard library's own signature
        self._closing = False
        self._accepting = asyncio.create_task(self._accept())

    @property
    def port(self) -> int:
        """The port."""
        port: int = self._socket.getsockname()[1]
        return port

    async def close(self) -> None:
        """Accept no more; every connection accepted before has been made by then."""
        self._closing = True
        # A last connection wakes the loop below: cancelling it might lose one that was just accepted.
        with socket.socket() as last, suppress(OSError):
            last.setblocking(False)  # noqa: FBT003  as above
            await asyncio.get_running_loop().sock_connect(last, self._socket.getsockname())
            await self._accepting
        self._socket.close()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                client, _ = await loop.sock_accept(self._socket)
                if self._closing:
                    client.close()
                    return
                await loop.connect_accepted_socket(self._protocol, client)
            except OSError:
                await asyncio.sleep(_PAUSE)
