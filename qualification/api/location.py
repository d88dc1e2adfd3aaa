"""Where a request is found."""

from uuid import UUID


def location(customer_id: UUID, request_id: UUID) -> str:
    """The path of a request on this host."""
    return f"/api/customers/{customer_id}/qualifications/{request_id}"
