"""Packs messages into batches by their size, as the SDK and the far end count it."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
    from azure.servicebus.aio import ServiceBusSender

SENDING = 20.0
"""Seconds for one batch, retries of the SDK included."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message, and a shorter form of it for where it is too large even alone; None where there is none."""

    message: "ServiceBusMessage"
    shorter: "Callable[[], ServiceBusMessage] | None" = None


async def send_in_batches(sender: "ServiceBusSender", parcels: Sequence[Parcel]) -> None:
    """Send messages in order, in as few batches as their sizes allow.

    One that is too large even alone holds up no other: it goes in its shorter form. If there is none, or that is too
    large too, it is dropped and logged, because it would come back for ever.

    Raises:
        Exception: whatever the SDK raised; some batches may have been sent.
        TimeoutError: a batch was not taken in time.
    """
    waiting = deque(parcels)
    while waiting:
        batch, packed = await _packed(sender, waiting)
        if not packed:
            waiting.extendleft(_shorter(waiting.popleft()))
        elif not await _sent(sender, batch):
            # The far end takes less than its link has promised.
            half = len(packed) // 2
            if half:
                await send_in_batches(sender, packed[:half])
                await send_in_batches(sender, packed[half:])
            else:
                waiting.extendleft(_shorter(packed[0]))


async def _packed(sender: "ServiceBusSender", waiting: deque[Parcel]) -> tuple["ServiceBusMessageBatch", list[Parcel]]:
    from azure.servicebus.exceptions import MessageSizeExceededError  # noqa: PLC0415  0.2 s, see bus.py

    batch = await sender.create_message_batch()
    packed: list[Parcel] = []
    while waiting:
        try:
            batch.add_message(waiting[0].message)
        except MessageSizeExceededError:
            break
        packed.append(waiting.popleft())
    return batch, packed


async def _sent(sender: "ServiceBusSender", batch: "ServiceBusMessageBatch") -> bool:
    """Whether the far end took it; False where it is too large for it."""
    from azure.servicebus.exceptions import MessageSizeExceededError  # noqa: PLC0415  as above

    try:
        async with asyncio.timeout(SENDING):
            await sender.send_messages(batch)
    except MessageSizeExceededError:
        return False
    except TimeoutError:
        raise TimeoutError(f"a batch of {len(batch)} was not taken within {SENDING:g} s") from None
    return True


def _shorter(parcel: Parcel) -> list[Parcel]:
    name = parcel.message.message_id
    if parcel.shorter is None:
        log.error("message %s is dropped: it is too large for Service Bus, and cannot be made shorter", name)
        return []
    log.warning("message %s is too large for Service Bus: it is sent with its long texts cut", name)
    return [Parcel(parcel.shorter())]
