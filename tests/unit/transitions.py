"""The statuses of a request, written down once more for whatever watches requests."""

from qualification.domain.status import Status

TRANSITIONS = {
    Status.QUEUED: {Status.SUBMITTING, Status.IN_REVIEW, Status.APPROVED, Status.FAILED, Status.CANCELLED},
    Status.SUBMITTING: {Status.QUEUED, Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.IN_REVIEW: {Status.APPROVED, Status.DENIED, Status.FAILED},
    Status.APPROVED: {Status.REVOKED},
    Status.DENIED: {Status.APPROVED},
    Status.REVOKED: {Status.APPROVED},
    Status.FAILED: {Status.APPROVED},
    Status.CANCELLED: set[Status](),
}
"""From each status to which: these transitions and no others."""
