"""A request as its caller sees it."""

from datetime import datetime
from math import ceil
from uuid import UUID

from qualification.api.location import location
from qualification.domain.record import HistoryEntry, Record, RequestError, Status
from qualification.domain.request import CamelModel, Mode, Qualification


class Links(CamelModel):
    """Where to go from here."""

    self: str


class StatusResource(CamelModel):
    """The status of a request; it carries no secret and nothing of how the service works inside."""

    request_id: UUID
    customer_tenant_id: UUID
    qualification: Qualification
    mode: Mode
    status: Status
    vetting_status: str | None
    vetting_reason: str | None
    remedy: str | None
    error: RequestError | None
    attempts: int
    source: str
    created_at: datetime
    updated_at: datetime
    next_check_at: datetime | None
    history: tuple[HistoryEntry, ...]
    links: Links

    @classmethod
    def of(cls, record: Record, service_url: str) -> "StatusResource":
        """The resource of a record; its links begin with `service_url`, and are paths where that is empty."""
        return cls(
            request_id=record.request_id,
            customer_tenant_id=record.customer_tenant_id,
            qualification=record.qualification,
            mode=record.mode,
            status=record.status,
            vetting_status=record.vetting_status,
            vetting_reason=record.vetting_reason,
            remedy=record.remedy,
            error=record.error,
            attempts=record.attempts,
            source=record.source,
            created_at=record.created_at,
            updated_at=record.updated_at,
            next_check_at=record.work.due if record.work else None,
            history=record.history,
            links=Links(self=location(service_url, record.customer_tenant_id, record.request_id)),
        )

    def retry_after(self, now: datetime) -> int:
        """Seconds after which it is worth asking again, at least one."""
        due = self.next_check_at or now
        return max(1, ceil((due - now).total_seconds()))
