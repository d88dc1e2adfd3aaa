"""What subscribers get: the two events, numbered within their request."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from pydantic import JsonValue

from qualification.domain.errors import Fault
from qualification.domain.event import REFERENCE, Event, EventType, moment_text
from qualification.domain.record import Record
from qualification.domain.request import Reference
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason

NEWS = frozenset({Status.IN_REVIEW, Status.APPROVED, Status.DENIED, Status.FAILED, Status.REVOKED, Status.CANCELLED})
"""Statuses that are published; Queued and Submitting are not news to anybody."""


class Attention(StrEnum):
    """Why a person is alerted to something that no request waits for; see Reason for the others."""

    REFRESH_TOKEN_EXPIRING = "refresh-token-expiring"  # noqa: S105  an event's reason, not a secret
    REQUEST_REJECTED = "request-rejected"
    CORRECTION_IGNORED = "correction-ignored"
    REQUEST_REPEATED = "request-repeated"
    STOPPED = "stopped"
    SOURCE_MISCONFIGURED = "source-misconfigured"
    CLOCK_WRONG = "clock-wrong"


def status_changed(record: Record, previous: Status, moment: Moment) -> tuple[Record, tuple[Event, ...]]:
    """The record with its event counted, and the event, if its new status is news."""
    if record.status is previous or record.status not in NEWS:
        return record, ()
    data = _about(record) | {
        "previousStatus": previous.value,
        "vettingStatus": record.vetting_status,
        "vettingReason": record.vetting_reason,
        "remedy": record.remedy,
        "error": record.error.model_dump(mode="json", by_alias=True) if record.error else None,
    }
    return _numbered(record, EventType.STATUS_CHANGED, data, moment)


def attention_required(
    record: Record, reason: Reason | Attention, detail: str, remedy: str, moment: Moment
) -> tuple[Record, tuple[Event, ...]]:
    """The record with its event counted, and an event that alerts a person."""
    data = _about(record) | {"reason": reason.value, "detail": detail, "remedy": remedy}
    return _numbered(record, EventType.ATTENTION_REQUIRED, data, moment)


def refresh_token_expiring(partner_tenant_id: UUID, stream: UUID, stored_at: datetime, now: datetime) -> Event:
    """An event about the partner itself: the refresh token has not been renewed for too long."""
    return _alert(
        partner_tenant_id,
        stream,
        reason=Attention.REFRESH_TOKEN_EXPIRING.value,
        detail=f"The refresh token was last renewed at {moment_text(stored_at)}; it dies 90 days after that.",
        remedy="Sign in again as the service account: python -m qualification sign-in.",
        now=now,
    )


def partner_attention(partner_tenant_id: UUID, reason: str, detail: str, remedy: str, now: datetime) -> Event:
    """An event about the partner itself; each time its cause is raised it is another one."""
    stream = uuid5(partner_tenant_id, f"{reason}:{now.isoformat()}")
    return _alert(partner_tenant_id, stream, reason=reason, detail=detail, remedy=remedy, now=now)


def unreadable_rows(customer_id: UUID, number: int, moment: Moment) -> Event:
    """An event about a customer of whom this version cannot read all rows, so that nothing is sent for it."""
    return _alert(
        customer_id,
        uuid5(customer_id, f"unreadable-rows:{number}"),
        reason=Reason.STATUS_UNCLEAR.value,
        detail=f"{number} stored row(s) of customer {customer_id} cannot be read by this version of the service; "
        "nothing is sent for this customer.",
        remedy="The log names the rows. Where a newer version wrote them, deploy it again; where they are damaged, "
        "put them back, or look at the customer in Partner Center and delete them.",
        now=moment.now,
        due=moment.publish_at,
        customerTenantId=str(customer_id),
    )


def source_attention(
    partner_tenant_id: UUID, *, source: str, stream: UUID, reason: str, detail: str, remedy: str, moment: Moment
) -> Event:
    """An event about a CRM as a whole; `stream` is the same for what is published once."""
    return _alert(
        partner_tenant_id,
        stream,
        reason=reason,
        detail=detail,
        remedy=remedy,
        now=moment.now,
        due=moment.publish_at,
        source=source,
    )


def request_rejected(  # noqa: PLR0913  one argument a field
    *,
    source: str,
    event_id: str,
    faults: Sequence[Fault],
    subject: UUID,
    customer_id: UUID | None,
    reference: Reference | None = None,
    stream: UUID,
    traceparent: str | None,
    moment: Moment,
) -> Event:
    """An event about a CRM's data that can never work: no request came of it, and the CRM shows nobody why.

    Args:
        source: the CRM.
        event_id: the CRM's id of its event.
        faults: what is wrong, with the values that may be shown.
        subject: the customer's tenant id or, where that could not be read, the partner's.
        customer_id: the customer, if known.
        reference: the CRM's record.
        stream: the same for the same event of the CRM.
        traceparent: W3C trace context of the origin.
        moment: when it was noticed.
    """
    about: dict[str, JsonValue] = {"customerTenantId": str(customer_id)} if customer_id else {}
    return _alert(
        subject,
        stream,
        reason=Attention.REQUEST_REJECTED.value,
        detail=f"An event of the source {source} was rejected: nothing was requested.",
        remedy="Correct the record in the CRM, or the mapping of its fields, and let the CRM send it again.",
        now=moment.now,
        due=moment.publish_at,
        traceparent=traceparent,
        source=source,
        eventId=event_id,
        reference=_referred(reference),
        reasons=[fault.as_json() for fault in faults],
        **about,
    )


def _alert(  # noqa: PLR0913  one argument a field
    subject: UUID,
    stream: UUID,
    *,
    reason: str,
    detail: str,
    remedy: str,
    now: datetime,
    due: datetime | None = None,
    traceparent: str | None = None,
    **more: JsonValue,
) -> Event:
    """An event that alerts a person and is the only one of its stream; `more` is what else its data says."""
    return Event(
        type=EventType.ATTENTION_REQUIRED,
        stream=stream,
        sequence=1,
        subject=subject,
        time=now,
        due=due or now,
        traceparent=traceparent,
        data={"reason": reason, "sequence": 1, **more, "detail": detail, "remedy": remedy},
    )


def _about(record: Record) -> dict[str, JsonValue]:
    return {
        "requestId": str(record.request_id),
        "customerTenantId": str(record.customer_tenant_id),
        "qualification": record.qualification.value,
        "mode": record.mode.value,
        "status": record.status.value,
        "source": record.source,
        REFERENCE: _referred(record.request.reference),
        "createdAt": moment_text(record.created_at),
    }


def _referred(reference: Reference | None) -> JsonValue:
    return reference.model_dump() if reference else None


def _numbered(
    record: Record, kind: EventType, data: dict[str, JsonValue], moment: Moment
) -> tuple[Record, tuple[Event, ...]]:
    sequence = record.sequence + 1
    due = moment.publish_at
    if record.event_due is not None:
        # A clock that was set back must not sort this event before an older one.
        due = max(due, record.event_due + timedelta(microseconds=1))
    event = Event(
        type=kind,
        stream=record.request_id,
        sequence=sequence,
        subject=record.customer_tenant_id,
        time=moment.now,
        due=due,
        traceparent=record.traceparent,
        data=data | {"sequence": sequence},
    )
    return record.changed(sequence=sequence, event_due=due), (event,)
