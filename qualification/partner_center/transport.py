"""Calls to one origin within a time limit, over connections that open at the first call."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from qualification.partner_center.answer import Answer, NoAnswer

if TYPE_CHECKING:
    from qualification.partner_center.session import Session


class Transport:
    """Sends to `origin` and nowhere else, so a token cannot travel elsewhere.

    Args:
        origin: an http(s) URL without a path.
        timeout: for a whole call, from connecting to the last byte of the answer.
        max_connections: how many connections are open at a time.
    """

    def __init__(self, origin: str, *, timeout: timedelta, max_connections: int) -> None:
        self._origin = origin.rstrip("/")
        self._timeout = timeout
        self._max_connections = max_connections
        self._session: Session | None = None

    async def exchange(self, method: str, path: str, headers: Mapping[str, str], content: bytes = b"") -> Answer:
        """Send one request and read its answer, whatever its status.

        Raises:
            NotSent: no connection came about.
            NoAnswer: the request may have arrived, but no complete answer came back in time.
        """
        session = self._session or self._open()
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await session.exchange(method, path, headers, content)
        except TimeoutError:
            raise NoAnswer(f"no answer within {self._timeout.total_seconds():g} s") from None

    async def close(self) -> None:
        """Close all connections; a later call opens new ones."""
        session, self._session = self._session, None
        if session:
            await session.close()

    def _open(self) -> "Session":
        from qualification.partner_center.session import Session  # noqa: PLC0415  a refused webhook must not pay for it

        self._session = Session(self._origin, self._timeout, self._max_connections)
        return self._session
