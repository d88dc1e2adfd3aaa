"""Messages to send, and a way to wait."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

from pydantic import JsonValue

from qualification.domain.event import Event, EventType
from qualification.domain.work import QueueMessage

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
PATIENCE = 20.0


def hints(count: int = 1) -> list[QueueMessage]:
    """Some messages for the queue."""
    return [QueueMessage(uuid4(), uuid4(), 1) for _ in range(count)]


def event(subject: UUID | None = None, **data: JsonValue) -> Event:
    """A message for the topic, about a new customer unless one is named."""
    subject = subject or uuid4()
    about: dict[str, JsonValue] = {"requestId": str(uuid4()), "status": "Denied"}
    return Event(
        type=EventType.STATUS_CHANGED,
        stream=uuid4(),
        sequence=1,
        subject=subject,
        time=NOW,
        due=NOW,
        data=about | data,
    )


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait until it becomes true, or fail."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"not true after {PATIENCE:g} s"
        await asyncio.sleep(0.02)
