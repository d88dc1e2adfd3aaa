"""Connections: headers, sign-in, and frames for their sessions (AMQP 1.0 part 2, section 2.4, and part 5)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, override

from sandbox.service_bus.amqp import frames
from sandbox.service_bus.amqp.composites import Composite, Error
from sandbox.service_bus.amqp.errors import FRAMING_ERROR, INTERNAL_ERROR, AmqpError
from sandbox.service_bus.amqp.performatives import Begin, Close, Open, SaslInit, SaslMechanisms, SaslOutcome
from sandbox.service_bus.amqp.types import SYMBOL8, Array
from sandbox.service_bus.session import Session

if TYPE_CHECKING:
    from sandbox.service_bus.entities.namespace import Namespace

MAX_FRAME_SIZE = 65_536
_LEAST_FRAME_SIZE = 512  # what every peer takes (AMQP 1.0 part 2, section 2.7.1)
_MECHANISMS = ("ANONYMOUS", "PLAIN", "EXTERNAL", "MSSBCBS")
_logger = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """A client's connection.

    Args:
        namespace: what there is to attach to.
        gone: is called when the connection is lost.
    """

    def __init__(self, namespace: Namespace, gone: Callable[[Connection], None]) -> None:
        self._namespace = namespace
        self._gone = gone
        self._reader = frames.FrameReader(MAX_FRAME_SIZE)
        self._transport: asyncio.Transport | None = None
        self._sessions: dict[int, Session] = {}
        self._out: list[bytes] = []
        self.ended = asyncio.Event()
        self.max_frame_size = _LEAST_FRAME_SIZE

    def abort(self) -> None:
        """Cut the connection off without a word."""
        if self._transport:
            self._transport.abort()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        for session in self._sessions.values():
            session.closed()
        self._sessions.clear()
        self._gone(self)
        self.ended.set()

    @override
    def data_received(self, data: bytes) -> None:
        try:
            for unit in self._reader.feed(data):
                if isinstance(unit, bytes):
                    self._on_header(unit)
                elif unit.performative:
                    self._on_frame(unit.channel, unit.performative, unit.payload)
        except AmqpError as error:
            self._fail(error)
        except Exception as error:
            _logger.exception("a connection fails")
            self._fail(AmqpError(INTERNAL_ERROR, f"{type(error).__name__}: {error}"))
        self._flush()

    def send(self, channel: int, performative: Composite, payload: bytes = b"") -> None:
        """Send a frame, together with others that are sent in the same turn of the loop."""
        self._write(frames.write(performative, payload, channel=channel))

    def _on_header(self, header: bytes) -> None:
        if header == frames.SASL_HEADER:
            self._write(header)
            self._write_sasl(SaslMechanisms(Array(SYMBOL8, _MECHANISMS)))
        elif header == frames.AMQP_HEADER:
            self._write(header)
        else:
            raise AmqpError(FRAMING_ERROR, f"protocol header {header!r} is none of AMQP 1.0")

    def _on_frame(self, channel: int, performative: Composite, payload: bytes) -> None:
        match performative:
            case SaslInit(mechanism=mechanism):
                self._write_sasl(SaslOutcome(0 if mechanism in _MECHANISMS else 1))
            case Open():
                self.max_frame_size = min(MAX_FRAME_SIZE, performative.max_frame_size or MAX_FRAME_SIZE)
                self.send(0, Open("sandbox", max_frame_size=MAX_FRAME_SIZE, channel_max=performative.channel_max))
            case Begin():
                self._sessions[channel] = Session(self, channel, performative, self._namespace)
            case Close():
                self.send(0, Close())
                self._hang_up()
            case _ if channel in self._sessions:
                if not self._sessions[channel].receive(performative, payload):
                    del self._sessions[channel]
            case _:
                raise AmqpError(FRAMING_ERROR, f"no session has begun on channel {channel}")

    def _fail(self, error: AmqpError) -> None:
        self.send(0, Close(Error.from_exception(error)))
        self._hang_up()

    def _hang_up(self) -> None:
        self._flush()
        if self._transport:
            self._transport.close()

    def _write_sasl(self, performative: Composite) -> None:
        self._write(frames.write(performative, kind=frames.SASL_FRAME))

    def _write(self, data: bytes) -> None:
        if not self._out:
            asyncio.get_running_loop().call_soon(self._flush)
        self._out.append(data)

    def _flush(self) -> None:
        data = b"".join(self._out)
        self._out.clear()
        if data and self._transport:
            self._transport.write(data)
