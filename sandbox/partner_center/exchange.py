"""Carries each HTTP request to the state and its answer back, with the scripted mishaps in between."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from uuid import uuid4

from aiohttp import web

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.books import Call
from sandbox.partner_center.fault import Act, Fault, Moment
from sandbox.partner_center.incoming import Incoming
from sandbox.partner_center.state import PartnerCenter
from sandbox.partner_center.vocabulary import Operation

# Lingering for no time makes closing a socket a reset (POSIX close, SO_LINGER).
_RESET = struct.pack("ii", 1, 0)


class Exchange:
    """Serves calls; one that waits for its fault's delay, or for ever, does so until `release`."""

    def __init__(self, partner_center: PartnerCenter) -> None:
        self._partner_center = partner_center
        self._released = asyncio.Event()
        partner_center.on_reset.append(self.release)

    def release(self) -> None:
        """Reset every call that waits, without any further effect; later ones may wait again."""
        self._released.set()
        self._released = asyncio.Event()

    def handler(self, operation: Operation) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """Return the aiohttp handler of an operation."""

        async def serve(request: web.Request) -> web.StreamResponse:
            incoming = await _incoming(operation, request)
            call = self._partner_center.arrive(incoming)
            answer: Answer | None = None
            try:
                answer = await self._answer(incoming, call)
            finally:
                self._partner_center.books.close(call, answer.status if answer else None)
            return _response(answer) if answer else _reset(request)

        return serve

    async def _answer(self, incoming: Incoming, call: Call) -> Answer | None:
        fault = self._partner_center.mishap(incoming)
        if fault is not None and fault.moment is Moment.BEFORE and not await self._waited(fault):
            return None
        seen = self._partner_center.befall(fault, incoming, call)
        if fault is not None and fault.moment is Moment.AFTER and not await self._waited(fault):
            return None
        if seen is Act.HANG:
            await self._is_released(within=None)
        if latency := self._partner_center.settings.latency:
            await asyncio.sleep(latency)
        return None if isinstance(seen, Act) else self._partner_center.sealed(incoming, seen)

    async def _waited(self, fault: Fault) -> bool:
        return not fault.delay or not await self._is_released(within=fault.delay)

    async def _is_released(self, *, within: float | None) -> bool:
        try:
            async with asyncio.timeout(within):
                return await self._released.wait()
        except TimeoutError:
            return False


async def _incoming(operation: Operation, request: web.Request) -> Incoming:
    headers = request.headers
    customer = request.match_info.get("customer")
    return Incoming(
        operation=operation,
        method=request.method,
        path=request.path,
        customer=customer.lower() if customer is not None else None,
        headers=headers,
        query=request.query if request.query_string else {},
        body=await request.read() if request.can_read_body else b"",
        request_id=headers.get("MS-RequestId") or str(uuid4()),
        correlation_id=headers.get("MS-CorrelationId") or headers.get("client-request-id") or str(uuid4()),
    )


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, body=answer.body, headers=answer.headers)


def _reset(request: web.Request) -> web.Response:
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        request.transport.abort()
    # aiohttp wants a response; writing it to the closed connection is the "premature disconnection" that it passes over.
    return web.Response()
