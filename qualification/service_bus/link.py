"""One link to a queue or topic: opened once, however many tasks ask for it at the same time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.servicebus.aio import ServiceBusSender

OPENING = 20.0
"""Seconds for opening a link, retries of the SDK included."""
CLOSING = 5.0


class Link:
    """A sender of the SDK, which is not made for several tasks: two that open it at once leave it broken.

    An opening goes on when those who wait for it stop waiting, so a short ping does not begin it anew each time.

    Args:
        make: makes a sender that is not open yet.
    """

    def __init__(self, make: "Callable[[], Awaitable[ServiceBusSender]]") -> None:
        self._make = make
        self._sender: ServiceBusSender | None = None
        self._opening: asyncio.Task[ServiceBusSender] | None = None

    async def sender(self) -> "ServiceBusSender":
        """The open sender.

        Raises:
            Exception: whatever the SDK raised for the opening; the next call tries again.
        """
        if self._sender is not None:
            return self._sender
        if self._opening is None:
            self._opening = asyncio.create_task(self._open())
            self._opening.add_done_callback(_retrieved)
        return await asyncio.shield(self._opening)

    async def replace(self, sender: "ServiceBusSender") -> None:
        """Close a sender that has failed; the next call opens another."""
        if self._sender is sender:
            self._sender = None
        await _close(sender)

    async def close(self) -> None:
        """Close the sender, and give up one that is being opened."""
        if self._opening is not None:
            self._opening.cancel()
            await asyncio.gather(self._opening, return_exceptions=True)
        if self._sender is not None:
            await self.replace(self._sender)

    async def _open(self) -> "ServiceBusSender":
        try:
            try:
                async with asyncio.timeout(OPENING):
                    sender = await self._make()
                    await _opened(sender)
            except TimeoutError:
                raise TimeoutError(f"no answer within {OPENING:g} s") from None
            self._sender = sender
            return sender
        finally:
            self._opening = None


async def _opened(sender: "ServiceBusSender") -> None:
    try:
        await sender.create_message_batch()
    except BaseException:
        await _close(sender)
        raise


async def _close(sender: "ServiceBusSender") -> None:
    await asyncio.wait([asyncio.ensure_future(sender.close())], timeout=CLOSING)


def _retrieved(opening: "asyncio.Task[ServiceBusSender]") -> None:
    # Everybody who waited may have left; then nobody else asks for its error.
    if not opening.cancelled():
        opening.exception()
