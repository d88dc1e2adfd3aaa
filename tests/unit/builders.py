"""Valid samples; a test changes the one thing it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.call_errors import (
    AccessLost,
    Elsewhere,
    OutcomeUnknown,
    PartnerCenterError,
    PersonNeeded,
    Refused,
    Throttled,
    Unavailable,
)
from qualification.domain.customer import Customer
from qualification.domain.lifecycle import accepted, claimed
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest, parse_request
from qualification.domain.review import reviewed
from qualification.domain.timing import Moment, Policy
from qualification.domain.vetting import accepted_with
from qualification.use_cases.order import Order, fingerprint

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
POLICY = Policy()
AT = Moment(NOW, 1.0, POLICY)
PARTNER = UUID("d2f7ea3c-3e0f-4a3b-8c0b-6f0f3e1f6a11")
CUSTOMER = UUID("2a14b164-f983-4048-92e1-4f9591b87445")
OTHER_CUSTOMER = UUID("7b0d4f6e-5a0c-4a52-9a0e-0d6a1c1b2f33")
REQUEST = UUID("0f3a8f4e-58d2-5c0a-9a37-1c8b1f6f2a77")
MS_REQUEST = UUID("9c1f0b52-7c62-4d4f-8f0e-2f8a0f6f5d10")
CORRELATION = UUID("5b6f1c1e-0d44-4b9b-a1c3-6f6b7d0a9e21")
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CODE = "GCC-SECRET-0042"
OLD_DENIAL = "2025-11-20T08:00:00Z"
NEW_DENIAL = "2026-03-02T09:31:00Z"

EDUCATION: dict[str, Any] = {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}
GOVERNMENT: dict[str, Any] = {"qualification": "GovernmentCommunityCloud", "validationCode": CODE}
STATE_OWNED: dict[str, Any] = {"qualification": "StateOwnedEntity"}
CONTENTS = {
    Qualification.EDUCATION: EDUCATION,
    Qualification.GOVERNMENT_COMMUNITY_CLOUD: GOVERNMENT,
    Qualification.STATE_OWNED_ENTITY: STATE_OWNED,
}


def wanted(qualification: Qualification = Qualification.EDUCATION, **changes: Any) -> QualificationRequest:
    """A request as its caller words it; a change to None leaves the field out."""
    content = CONTENTS[qualification] | changes
    return parse_request({name: value for name, value in content.items() if value is not None})


def order(content: QualificationRequest | None = None, **changes: Any) -> Order:
    """A CRM's order."""
    fields: dict[str, Any] = {
        "customer_tenant_id": CUSTOMER,
        "request": content or wanted(),
        "source": "standard",
        "event_id": "evt-1",
        "joins": True,
        "traceparent": TRACEPARENT,
    }
    return Order(**fields | changes)


def queued(content: QualificationRequest | None = None, **changes: Any) -> Record:
    """A request that has just been accepted."""
    request = content or wanted()
    new = Record(
        request_id=REQUEST,
        customer_tenant_id=CUSTOMER,
        request=request,
        source="standard",
        fingerprint=fingerprint(request),
        first_fingerprint=fingerprint(request),
        traceparent=TRACEPARENT,
        created_at=NOW,
        updated_at=NOW,
        history=(),
        work=None,
    )
    return accepted(new, AT).record.changed(**changes)


def submitting(content: QualificationRequest | None = None, **changes: Any) -> Record:
    """A request whose POST is under way."""
    return claim(queued(content)).changed(**changes)


def in_review(content: QualificationRequest | None = None, **changes: Any) -> Record:
    """A request that Microsoft is vetting."""
    return answered(submitting(content), "InReview").changed(**changes)


def approved(content: QualificationRequest | None = None, **changes: Any) -> Record:
    """A request that was granted."""
    return answered(submitting(content), "Approved").changed(**changes)


def claim(record: Record, *, moment: Moment = AT, code: str | None = None) -> Record:
    """The record, claimed."""
    chosen = SecretStr(code) if code else None
    look = Look((), moment.now)
    return claimed(record, look, 0, ms_request_id=MS_REQUEST, validation_code=chosen, moment=moment).record


def answered(record: Record, vetting_status: str, moment: Moment = AT) -> Record:
    """The record after its write was accepted with this word."""
    return accepted_with(record, row(vetting_status, record.qualification), Look((), moment.now), moment).record


def reviewed_as(record: Record, vetting_status: str | None, now: datetime = NOW) -> Record:
    """The record after a read that showed this word, with a row of that moment."""
    look = Look((row(vetting_status, record.qualification, now.isoformat()),), now)
    seen = Customer(customer_tenant_id=record.customer_tenant_id).after(look)
    return reviewed(record, seen, 0, look, Moment(now, 1.0, POLICY)).record


def row(
    vetting_status: str | None = None, qualification: str = Qualification.EDUCATION, created: str | None = None
) -> CustomerQualification:
    """A row of Partner Center's."""
    return CustomerQualification(qualification=qualification, vetting_status=vetting_status, vetting_created=created)


REFUSED = Refused("2000", "The domain is not valid.", http_status=400, correlation_id=CORRELATION, remedy="Correct it.")
UNAVAILABLE = Unavailable("http-503", "Partner Center answered 503.", http_status=503, remedy="Wait.")
UNKNOWN = OutcomeUnknown("no-answer", "Partner Center did not answer.", remedy="Look.")
ACCESS_LOST = AccessLost("invalid_grant", "The refresh token has expired.", partner_wide=True, remedy="Sign in again.")
NO_RELATIONSHIP = AccessLost("900308", "No relationship with the customer.", partner_wide=False, remedy="Ask for it.")
ELSEWHERE = Elsewhere("http-404", "A page was answered.", partner_wide=True, http_status=404, remedy="Check it.")


def throttled(wait: timedelta = timedelta(minutes=7), now: datetime = NOW) -> Throttled:
    """A 429 that asks to wait."""
    return Throttled(now + wait, http_status=429)


PERSON_NEEDED: list[PersonNeeded] = [ACCESS_LOST, NO_RELATIONSHIP, ELSEWHERE]
TROUBLES: list[PartnerCenterError] = [UNAVAILABLE, UNKNOWN, throttled(), *PERSON_NEEDED]
"""One of each error that does not end a request."""
