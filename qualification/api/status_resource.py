"""A request as its caller sees it."""

from datetime import datetime
from math import ceil
from uuid import UUID

from qualification.api.location import location
from qualification.api.waiting_for import WaitingFor
from qualification.domain import budget
from qualification.domain.actions import Action, allowed
from qualification.domain.caller import Caller
from qualification.domain.etag import etag
from qualification.domain.hold import Hold
from qualification.domain.record import Record, RequestError
from qualification.domain.remedies import reason_code
from qualification.domain.request import (
    CamelModel,
    EducationRequest,
    EducationSegment,
    Mode,
    Qualification,
    Reference,
)
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.transition import CustomerState


class Links(CamelModel):
    """Where to go from here."""

    self: str


class Requested(CamelModel):
    """What Microsoft vets, as it was asked for; null where the qualification has none."""

    education_segment: EducationSegment | None
    website: str | None

    @classmethod
    def of(cls, record: Record) -> "Requested":
        """Of a request."""
        if isinstance(record.request, EducationRequest):
            return cls(education_segment=record.request.education_segment, website=record.request.website)
        return cls(education_segment=None, website=None)


class StatusResource(CamelModel):
    """The status of a request; it carries no secret and nothing of how the service works inside.

    Attributes:
        reason_code: a stable word for Microsoft's reason.
        attempts: writes that may have reached Microsoft.
        attempts_left: education verifications that the customer has left at least; null where nobody knows.
        allowed_actions: each would be accepted now, each other refused.
        etag: of status, content, attempts and what it waits for; `confirm` wants it as If-Match.
    """

    request_id: UUID
    customer_tenant_id: UUID
    customer_name: str | None
    qualification: Qualification
    requested: Requested
    mode: Mode
    status: Status
    vetting_status: str | None
    vetting_reason: str | None
    reason_code: str | None
    remedy: str | None
    error: RequestError | None
    attempts: int
    attempts_left: int | None
    source: str
    requested_by: Caller | None
    reference: Reference | None
    created_at: datetime
    updated_at: datetime
    checked_at: datetime | None
    next_check_at: datetime | None
    waiting_for: WaitingFor | None
    allowed_actions: tuple[Action, ...]
    retry_of: UUID | None
    etag: str
    history: tuple[HistoryEntry, ...]
    links: Links

    @classmethod
    def of(cls, record: Record, state: CustomerState, hold: Hold, now: datetime, service_url: str) -> "StatusResource":
        """The resource of a record.

        Args:
            record: the request.
            state: all that is stored of its customer.
            hold: what holds everybody.
            now: aware UTC.
            service_url: links begin with it, and are paths where it is empty.
        """
        education = record.qualification is Qualification.EDUCATION
        # Before the first read nobody knows what was spent elsewhere.
        was_read = any(each.record.checked_at for each in state.records)
        return cls(
            request_id=record.request_id,
            customer_tenant_id=record.customer_tenant_id,
            customer_name=record.request.customer_name,
            qualification=record.qualification,
            requested=Requested.of(record),
            mode=record.mode,
            status=record.status,
            vetting_status=record.vetting_status,
            vetting_reason=record.vetting_reason,
            reason_code=reason_code(record.vetting_reason),
            remedy=record.remedy,
            error=record.error,
            attempts=record.attempts,
            attempts_left=budget.left(state.customer, state.unreadable) if education and was_read else None,
            source=record.source,
            requested_by=record.requested_by,
            reference=record.request.reference,
            created_at=record.created_at,
            updated_at=record.updated_at,
            checked_at=record.checked_at,
            next_check_at=record.work.due if record.work else None,
            waiting_for=WaitingFor.of(record, hold, now),
            allowed_actions=allowed(record, state),
            retry_of=record.retry_of,
            etag=etag(record),
            history=record.history,
            links=Links(self=location(service_url, record.customer_tenant_id, record.request_id)),
        )

    def retry_after(self, now: datetime) -> int:
        """Seconds after which it is worth asking again, at least one."""
        due = self.next_check_at or now
        return max(1, ceil((due - now).total_seconds()))
