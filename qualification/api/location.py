"""Where a request is found."""

from uuid import UUID


def location(service_url: str, customer_id: UUID, request_id: UUID) -> str:
    """The URL of a request; its path where `service_url` is empty."""
    return f"{service_url}/api/customers/{customer_id}/qualifications/{request_id}"
