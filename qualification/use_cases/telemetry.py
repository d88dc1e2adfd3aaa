"""What operators see: every event of the service, one structured log line each; never a secret.

`extra` becomes the attributes of the log record, which OpenTelemetry exports and Application Insights shows as
`customDimensions` of `traces`. An event is found by `customDimensions.event`; a field without a value is left out.
"""

import logging
from datetime import timedelta
from uuid import UUID

from qualification.domain.call_errors import PartnerCenterError, PersonNeeded
from qualification.domain.errors import QualificationError
from qualification.domain.record import Record
from qualification.domain.status import Status

type Value = str | int | float | bool
"""What an attribute of a log record may be (OpenTelemetry specification, "Attribute")."""

log = logging.getLogger("qualification.telemetry")
# The worker's root logger may ask for warnings only; an operator's question about yesterday cannot be answered then.
log.setLevel(logging.INFO)


def status_of(record: Record, previous: Status | None) -> None:
    """A request has entered its status; `previous` is None where it has just come in."""
    request_status(
        request_id=record.request_id,
        customer_tenant_id=record.customer_tenant_id,
        qualification=record.qualification,
        status=record.status,
        previous_status=previous,
        source=record.source,
        reference=str(record.request.reference) if record.request.reference else None,
        requested_by=str(record.requested_by) if record.requested_by else None,
        vetting_reason=record.vetting_reason,
        error_code=record.error.code if record.error else None,
    )


def postponed(record: Record, error: PartnerCenterError) -> None:
    """A try or a review of a request has failed; `reaction` says whether it is made again."""
    request_postponed(
        request_id=record.request_id,
        customer_tenant_id=record.customer_tenant_id,
        qualification=record.qualification,
        status=record.status,
        reaction=error.reaction,
        error_code=error.code,
        http_status=error.http_status,
        attention=error.attention if isinstance(error, PersonNeeded) else None,
    )


def decision(record: Record, action: str, by: str) -> None:
    """A person has decided something about a request; `by` names no secret."""
    _log(
        logging.INFO,
        "decision",
        action=action,
        by=one_line(by),
        requestId=str(record.request_id),
        customerTenantId=str(record.customer_tenant_id),
        status=record.status,
    )


def hold_changed(action: str, by: str) -> None:
    """A person has stopped writing for everybody, or lets it go on."""
    _log(logging.WARNING, "hold", action=action, by=one_line(by))


def request_status(  # noqa: PLR0913  one argument a field
    *,
    request_id: UUID,
    customer_tenant_id: UUID,
    qualification: str,
    status: str,
    previous_status: str | None,
    source: str,
    reference: str | None = None,
    requested_by: str | None = None,
    vetting_reason: str | None = None,
    error_code: str | None = None,
) -> None:
    """A request has entered a status; `previous_status` is None where it has just come in."""
    _log(
        logging.INFO,
        "request_status",
        requestId=str(request_id),
        customerTenantId=str(customer_tenant_id),
        qualification=qualification,
        status=status,
        previousStatus=previous_status,
        source=source,
        reference=reference,
        requestedBy=requested_by,
        vettingReason=vetting_reason,
        errorCode=error_code,
    )


def request_postponed(  # noqa: PLR0913  one argument a field
    *,
    request_id: UUID,
    customer_tenant_id: UUID,
    qualification: str,
    status: str,
    reaction: str,
    error_code: str,
    http_status: int | None = None,
    attention: str | None = None,
) -> None:
    """A try or a read has failed and is made again.

    Args:
        request_id: the request.
        customer_tenant_id: its customer.
        qualification: what was asked for.
        status: the status it waits in.
        reaction: when it is tried again: later, after, reconcile or when fixed.
        error_code: Partner Center's own code, or ours.
        http_status: of the answer, if one came.
        attention: what a person must resolve first, where the reaction is "when fixed".
    """
    _log(
        logging.WARNING,
        "request_postponed",
        requestId=str(request_id),
        customerTenantId=str(customer_tenant_id),
        qualification=qualification,
        status=status,
        reaction=reaction,
        errorCode=error_code,
        httpStatus=http_status,
        attention=attention,
    )


def attention(
    *,
    reason: str,
    customer_tenant_id: UUID,
    request_id: UUID | None = None,
    source: str | None = None,
    reference: str | None = None,
    requested_by: str | None = None,
    detail: str | None = None,
) -> None:
    """A person should act; the same reasons as in the event that subscribers get. Once for each alert."""
    _log(
        logging.WARNING,
        "attention",
        reason=reason,
        customerTenantId=str(customer_tenant_id),
        requestId=str(request_id) if request_id else None,
        source=source,
        reference=reference,
        requestedBy=requested_by,
        detail=detail,
    )


def hint_given_back(*, request_id: UUID, customer_tenant_id: UUID, error: QualificationError) -> None:
    """A hint has met an outage and is given back as done; the timer repeats it."""
    _log(
        logging.WARNING,
        "hint_given_back",
        requestId=str(request_id),
        customerTenantId=str(customer_tenant_id),
        error=f"{type(error).__name__}: {error}",
    )


def advance_run(
    *,
    published: int,
    requeued: int,
    looked_at: int,
    changed: int,
    complete: bool,
    bus_is_down: bool,
    outbox_lag: timedelta = timedelta(0),
) -> None:
    """The timer has done its due work.

    Args:
        published: events put on the topic.
        requeued: requests put on the queue once more.
        looked_at: customers read at Partner Center.
        changed: requests with something new.
        complete: whether nothing due was left over.
        bus_is_down: whether Service Bus could not be reached.
        outbox_lag: how long the oldest event that this run found had been due.
    """
    _log(
        logging.INFO,
        "advance_run",
        published=published,
        requeued=requeued,
        lookedAt=looked_at,
        changed=changed,
        complete=complete,
        busIsDown=bus_is_down,
        outboxLagSeconds=round(outbox_lag.total_seconds(), 3),
    )


def partner_center_call(*, operation: str, http_status: int | None, code: str, throttled: bool) -> None:
    """A call to Partner Center that did not succeed; `http_status` is None where no answer came."""
    _log(
        logging.WARNING,
        "partner_center_call",
        operation=operation,
        httpStatus=http_status,
        code=code,
        throttled=throttled,
    )


def sender_refused(*, source: str, cause: str, count: int, detail: str) -> None:
    """Calls of a source were refused before anything was read from them.

    Args:
        source: the CRM whose address was called.
        cause: the problem type of the answer.
        count: how many since the last line about this source and cause, this one included.
        detail: what the last of them was told.
    """
    _log(logging.WARNING, "sender_refused", source=source, cause=cause, count=count, detail=detail)


def refresh_token_age(*, age: timedelta) -> None:
    """How old the stored refresh token is; it dies 90 days after it was issued."""
    _log(logging.INFO, "refresh_token_age", days=round(age / timedelta(days=1), 2))


def one_line(text: str) -> str:
    """`text` as it may stand in a log line: what would begin another line or steer a terminal is shown as its escape."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def _log(level: int, event: str, **fields: Value | None) -> None:
    given = {name: value for name, value in fields.items() if value is not None}
    text = " ".join(f"{name}={one_line(str(value))}" for name, value in given.items())
    log.log(level, "%s %s", event, text, extra={"event": event, **given})
