"""Events of a CRM, and customers with the requests that they meet."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from qualification.domain.arrival import Arriving
from qualification.domain.customer import Customer
from qualification.domain.record import Record
from qualification.domain.request import QualificationRequest
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Newest, NewestEvent, Stored
from qualification.use_cases.order import fingerprint
from tests.unit.builders import CUSTOMER, NOW, POLICY, REQUEST, TRACEPARENT, wanted

CRM = "standard"
NEW = UUID("44444444-4444-4444-8444-444444444444")
OTHER = UUID("55555555-5555-4555-8555-555555555555")
LATER = Moment(NOW + timedelta(minutes=10), 1.0, POLICY)
"""When the event comes."""


def arriving(content: QualificationRequest | None = None, source: str = CRM, **changes: Any) -> Arriving:
    """An event that has just come."""
    request = content or wanted()
    new = Record(
        request_id=NEW,
        customer_tenant_id=CUSTOMER,
        request=request,
        source=source,
        fingerprint=fingerprint(request),
        first_fingerprint=fingerprint(request),
        traceparent=TRACEPARENT,
        created_at=LATER.now,
        updated_at=LATER.now,
        history=(),
        work=None,
    )
    return Arriving(new=new, **{"joins": True} | changes)


def customer(*records: Record, newest: NewestEvent | None = None) -> CustomerState:
    """A customer with these requests, each the newest of its qualification."""
    return CustomerState(
        Customer(customer_tenant_id=CUSTOMER),
        records=tuple(Stored(each, f"etag of {each.request_id}") for each in records),
        guards={each.qualification: Newest(each.request_id, each.status.is_active, "guard") for each in records},
        newest={CRM: newest} if newest else {},
    )


def dated(at: datetime, request_id: UUID | None = REQUEST) -> NewestEvent:
    """The newest event of the CRM, as it is kept."""
    return NewestEvent(at, request_id)


def denied(record: Record) -> Record:
    """The request, denied."""
    return record.entered(Status.DENIED, NOW, work=None, out=False)
