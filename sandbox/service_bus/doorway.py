"""The door of the broker: messages (AMQP) and administration (HTTP) come in by one port, told apart by their first bytes.

Azure has two ports for them; the SDK takes one address of an emulator, so both are behind it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import override

_METHODS = (b"GET ", b"HEAD", b"POST", b"PUT ", b"DELE", b"PATC", b"OPTI")
_ENOUGH = 4  # bytes


class Doorway(asyncio.Protocol):
    """A connection of which nobody knows yet what it is; hands it over as soon as that is clear.

    Args:
        amqp: makes the protocol of a client that does not speak HTTP.
        http: makes the protocol of one that does.
        gone: is called when the connection is handed over or lost.
    """

    def __init__(
        self,
        amqp: Callable[[], asyncio.Protocol],
        http: Callable[[], asyncio.Protocol],
        gone: Callable[[Doorway], None],
    ) -> None:
        self._amqp = amqp
        self._http = http
        self._gone = gone
        self._heard = b""
        self._transport: asyncio.Transport | None = None
        self.ended = asyncio.Event()

    def abort(self) -> None:
        """Cut the connection off without a word."""
        if self._transport:
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        self._heard += data
        if len(self._heard) < _ENOUGH or self._transport is None:
            return
        protocol = self._http() if self._heard.startswith(_METHODS) else self._amqp()
        self._transport.set_protocol(protocol)
        protocol.connection_made(self._transport)
        protocol.data_received(self._heard)
        self._leave()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._leave()

    def _leave(self) -> None:
        self._transport = None
        self._gone(self)
        self.ended.set()
