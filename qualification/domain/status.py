"""Where a request stands, and where it has stood."""

from datetime import datetime
from enum import StrEnum

from qualification.domain.request import CamelModel


class Status(StrEnum):
    """Where a request stands."""

    QUEUED = "Queued"
    SUBMITTING = "Submitting"
    IN_REVIEW = "InReview"
    APPROVED = "Approved"
    DENIED = "Denied"
    FAILED = "Failed"
    REVOKED = "Revoked"
    CANCELLED = "Cancelled"

    @property
    def is_active(self) -> bool:
        """Whether the request is unfinished and so keeps others for the same qualification out."""
        return self in {Status.QUEUED, Status.SUBMITTING, Status.IN_REVIEW}


class HistoryEntry(CamelModel):
    """A status the request has been in, and since when."""

    status: Status
    at: datetime
    by: str | None = None
    note: str | None = None
