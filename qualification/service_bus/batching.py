"""Gathers what many callers send at the same time into one batch after another, in order."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence


class Mailbox[Message]:
    """The sending end of one queue or topic.

    A caller that stops waiting takes its messages back if they have not left yet; others are not disturbed.

    Args:
        send: sends one batch; at most one call runs at a time.
        largest_batch: how many messages go in one batch, unless a single caller brings more.
    """

    def __init__(self, send: Callable[[Sequence[Message]], Awaitable[None]], largest_batch: int) -> None:
        self._send = send
        self._largest_batch = largest_batch
        self._waiting: deque[tuple[Sequence[Message], asyncio.Future[None]]] = deque()
        self._sender: asyncio.Task[None] | None = None

    async def post(self, messages: Sequence[Message]) -> None:
        """Send messages, together with those of other callers.

        Raises:
            Exception: whatever `send` raised for the batch they were in.
        """
        if not messages:
            return
        sent = asyncio.get_running_loop().create_future()
        self._waiting.append((messages, sent))
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._send_all())
        await sent

    async def _send_all(self) -> None:
        while self._waiting:
            batch, callers = self._next_batch()
            if batch:
                await self._send_batch(batch, callers)

    async def _send_batch(self, batch: list[Message], callers: list[asyncio.Future[None]]) -> None:
        try:
            await self._send(batch)
        except asyncio.CancelledError:
            for caller in callers:
                caller.cancel()
            raise
        except Exception as error:  # noqa: BLE001  each caller gets it, and decides
            for caller in callers:
                if not caller.done():
                    caller.set_exception(error)
        else:
            for caller in callers:
                if not caller.done():
                    caller.set_result(None)

    def _next_batch(self) -> tuple[list[Message], list[asyncio.Future[None]]]:
        batch: list[Message] = []
        callers: list[asyncio.Future[None]] = []
        while self._waiting and (not batch or len(batch) + len(self._waiting[0][0]) <= self._largest_batch):
            messages, caller = self._waiting.popleft()
            if not caller.done():
                batch.extend(messages)
                callers.append(caller)
        return batch, callers

    async def close(self) -> None:
        """Stop sending; those still waiting are cancelled."""
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        for _, caller in self._waiting:
            caller.cancel()
        self._waiting.clear()
