"""What the service keeps and tells: records, work items, statuses, events. Pure data, no I/O; times are aware UTC."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field, JsonValue

from qualification.domain.errors import PartnerCenterError
from qualification.domain.request import CamelModel, GovernmentRequest, Mode, Qualification, QualificationRequest


class Status(StrEnum):
    """Where a request stands."""

    QUEUED = "Queued"
    SUBMITTING = "Submitting"
    IN_REVIEW = "InReview"
    APPROVED = "Approved"
    DENIED = "Denied"
    FAILED = "Failed"
    REVOKED = "Revoked"

    @property
    def is_active(self) -> bool:
        """Whether the request is unfinished and so keeps others for the same qualification out."""
        return self in {Status.QUEUED, Status.SUBMITTING, Status.IN_REVIEW}


class Posted(StrEnum):
    """Whether this request's POST or PUT has taken effect at Partner Center."""

    NO = "no"
    PERHAPS = "perhaps"
    YES = "yes"


class WorkAction(StrEnum):
    """What a due work item asks for."""

    PUBLISH = "publish"
    QUEUE = "queue"
    REVIEW = "review"


class Work(CamelModel):
    """The one thing to do next about an unfinished record, and when."""

    action: WorkAction
    due: datetime


class HistoryEntry(CamelModel):
    """A status the request has been in, and since when."""

    status: Status
    at: datetime


class RequestError(CamelModel):
    """What last went wrong with a request, for a person."""

    code: str
    description: str
    http_status: int | None = None
    correlation_id: UUID | None = None

    @classmethod
    def of(cls, error: PartnerCenterError) -> "RequestError":
        """What to keep of an error."""
        return cls(
            code=error.code,
            description=error.description,
            http_status=error.http_status,
            correlation_id=error.correlation_id,
        )


class CustomerQualification(CamelModel):
    """One qualification of a customer as Partner Center reports it; words are kept as they came."""

    qualification: str
    vetting_status: str | None = None
    vetting_reason: str | None = None
    vetting_created: str | None = None


@dataclass(frozen=True, slots=True)
class QueueMessage:
    """A hint that a record wants submitting; `number` tells one hint for it from the next."""

    customer_tenant_id: UUID
    request_id: UUID
    number: int


class Record(CamelModel):
    """One request and all that is known about it; the truth that messages only point to."""

    request_id: UUID
    customer_tenant_id: UUID
    request: QualificationRequest
    source: str
    fingerprint: str
    traceparent: str | None = None
    status: Status = Status.QUEUED
    vetting_status: str | None = None
    vetting_reason: str | None = None
    error: RequestError | None = None
    remedy: str | None = None
    created_at: datetime
    updated_at: datetime
    history: tuple[HistoryEntry, ...]
    work: Work | None
    attempts: int = Field(default=0, description="tries to submit, whether or not Partner Center answered")
    messages: int = Field(default=1, description="queue messages written for it so far")
    failures: int = Field(default=0, description="failures in a row, for back-off")
    failing_since: datetime | None = None
    not_before: datetime | None = Field(default=None, description="no try before this")
    lease_until: datetime | None = Field(default=None, description="while Submitting: nobody else tries before this")
    ms_request_id: UUID | None = Field(default=None, description="kept until the call it names is answered")
    posted: Posted = Posted.NO
    in_doubt: bool = Field(default=False, description="an earlier call was never answered and may have taken effect")
    denied_before: str | None = Field(default=None, description="creation of an older denial seen before the POST")
    sequence: int = Field(default=0, description="number of its newest event")
    event_due: datetime | None = Field(default=None, description="when the outbox row of its newest event is due")
    raised: frozenset[str] = Field(default=frozenset(), description="attention events already raised")
    waiting_for: str | None = Field(default=None, description="the cause that a person must mend first")

    @property
    def qualification(self) -> Qualification:
        """The qualification asked for."""
        return self.request.qualification

    @property
    def mode(self) -> Mode:
        """How Partner Center is asked."""
        return self.request.mode

    @property
    def in_review_since(self) -> datetime:
        """When vetting began; before that, when the request came in."""
        return next((entry.at for entry in self.history if entry.status is Status.IN_REVIEW), self.created_at)

    def is_due(self, action: WorkAction, now: datetime) -> bool:
        """Whether its work item asks for this, by now."""
        return self.work is not None and self.work.action is action and self.work.due <= now

    def message(self, number: int) -> QueueMessage:
        """A hint for the queue that this request wants submitting."""
        return QueueMessage(self.customer_tenant_id, self.request_id, number)

    def changed(self, **fields: Any) -> "Record":
        """A copy with these fields changed."""
        return self.model_copy(update=fields)

    def entered(self, status: Status, now: datetime, **fields: Any) -> "Record":
        """A copy in `status` since `now`, with these fields changed as well.

        A try that came to nothing leaves no trace in the history, `attempts` counts it. A finished request does not
        need its validation code any more, so it is not kept.
        """
        history = self.history
        if status is Status.QUEUED and history[-1].status is Status.SUBMITTING:
            history = history[:-1]
        if history[-1].status is not status:
            history = (*history, HistoryEntry(status=status, at=now))
        request = self.request
        if not status.is_active and isinstance(request, GovernmentRequest):
            request = request.model_copy(update={"validation_code": None})
        return self.changed(status=status, updated_at=now, history=history, **{"request": request, **fields})


class EventType(StrEnum):
    """The events a subscriber may see."""

    STATUS_CHANGED = "qualification.status-changed.v1"
    ATTENTION_REQUIRED = "qualification.attention-required.v1"


class Event(CamelModel):
    """Something a subscriber is told, as it waits in the outbox.

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
        """Unique: the same event told twice has the same id."""
        return f"{self.stream}:{self.sequence}"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something due, as found in the store: `event` where the action is to publish one."""

    shard: str
    key: str
    action: WorkAction
    customer_tenant_id: UUID
    request_id: UUID
    event: Event | None = None
