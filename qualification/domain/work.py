"""What is to be done next about a request, and when; times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from qualification.domain.event import Event
from qualification.domain.request import CamelModel


class WorkAction(StrEnum):
    """What a due work item asks for."""

    PUBLISH = "publish"
    QUEUE = "queue"
    REVIEW = "review"


class Work(CamelModel):
    """The one thing to do next about an unfinished record, and when."""

    action: WorkAction
    due: datetime


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A hint that a record wants submitting; `number` distinguishes the hints for it."""

    customer_tenant_id: UUID
    request_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something due, as found in the store: `event` where the action is to publish one."""

    shard: str
    key: str
    action: WorkAction
    customer_tenant_id: UUID
    request_id: UUID
    event: Event | None = None
