"""An event that subscribers see, as it waits in the outbox; times are aware UTC."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import JsonValue

from qualification.domain.request import CamelModel

REFERENCE = "reference"
"""The sender's record: an object in `data`, and `type:id` as an application property."""


class EventType(StrEnum):
    """The events a subscriber may see."""

    STATUS_CHANGED = "qualification.status-changed.v1"
    ATTENTION_REQUIRED = "qualification.attention-required.v1"


class Event(CamelModel):
    """Something that is published to subscribers, as it waits in the outbox.

    Events about one request share its id as `stream` and are numbered from 1 without a gap.
    """

    type: EventType
    stream: UUID
    sequence: int
    subject: UUID
    time: datetime
    due: datetime
    traceparent: str | None = None
    data: dict[str, JsonValue]

    @property
    def id(self) -> str:
        """Unique: the same event published twice has the same id."""
        return f"{self.stream}:{self.sequence}"


def moment_text(at: datetime) -> str:
    """A moment as subscribers read it: ISO 8601, in UTC."""
    return at.isoformat().replace("+00:00", "Z")
