"""What a step reads, makes and stores: pure values between the rules and the store."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qualification.domain.record import Event, Record


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as read from the store, with the ETag that a step must present."""

    record: Record
    etag: str


@dataclass(frozen=True, slots=True)
class Transition:
    """What a step makes of a record, and the events it tells of it."""

    record: Record
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """An event of a sender that an already active request answers for."""

    request_id: UUID
    answered_by: UUID
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Owner:
    """The request that has noticed a cause first, and raises the alarm with its next step.

    Attributes:
        request_id: the request.
        customer_tenant_id: its customer.
        since: when it noticed, in aware UTC.
    """

    request_id: UUID
    customer_tenant_id: UUID
    since: datetime
