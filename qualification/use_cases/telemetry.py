"""What operators see: every event of the service, one structured log line each; never a secret.

`extra` becomes the attributes of the log record, which OpenTelemetry exports and Application Insights shows as
`customDimensions` of `traces`. An event is found by `customDimensions.event`; a field without a value is left out.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from qualification.domain.call_errors import PartnerCenterError, PersonNeeded
from qualification.domain.caller import Caller
from qualification.domain.errors import QualificationError
from qualification.domain.event import REFERENCE, Event
from qualification.domain.held import HoldPart
from qualification.domain.record import Record
from qualification.domain.request import Reference
from qualification.domain.status import Status
from qualification.domain.waiting import Waiting

type Value = str | int | float | bool
"""What an attribute of a log record may be (OpenTelemetry specification, "Attribute")."""

log = logging.getLogger("qualification.telemetry")
# The worker's root logger may ask for warnings only; an operator's question about yesterday cannot be answered then.
log.setLevel(logging.INFO)


def request_status(record: Record, previous: Status | None) -> None:
    """A request has entered its status; `previous` is None where it has just come in."""
    _log(
        logging.INFO,
        "request_status",
        **_about(record),
        previousStatus=previous,
        requestedBy=str(record.requested_by) if record.requested_by else None,
        vettingReason=record.vetting_reason,
        errorCode=record.error.code if record.error else None,
        remedy=record.remedy,
    )


def request_postponed(record: Record, error: PartnerCenterError) -> None:
    """A try or a read of a request has failed; `reaction` says whether, and when, it is made again."""
    _log(
        logging.WARNING,
        "request_postponed",
        **_about(record),
        reaction=error.reaction,
        errorCode=error.code,
        httpStatus=error.http_status,
        attention=error.attention if isinstance(error, PersonNeeded) else None,
    )


def request_waiting(record: Record, waiting: Waiting, now: datetime) -> None:
    """A request waits, and has waited `hours`; once a quarter of an hour for as long as it does."""
    _log(
        logging.INFO,
        "request_waiting",
        **_about(record),
        reason=waiting.reason,
        kind=waiting.reason.kind,
        detail=waiting.detail,
        remedy=waiting.remedy,
        alerted=waiting.alerted,
        hours=_hours(now - waiting.since),
    )


def requests_waiting(*, waiting: int, logged: int) -> None:
    """How many requests wait, and how many of them have a line of their own in this quarter of an hour."""
    _log(logging.INFO, "requests_waiting", waiting=waiting, logged=logged, more=waiting - logged)


def everybody_held(part: str, held: HoldPart, now: datetime) -> None:
    """Something holds everybody, and has done so for `hours`; once a quarter of an hour for as long as it does.

    Args:
        part: of the hold row: pause, cause or stop.
        held: what it says.
        now: aware UTC.
    """
    _log(
        logging.WARNING,
        "everybody_held",
        part=part,
        reason=held.reason,
        detail=held.detail,
        remedy=held.remedy,
        by=held.by,
        hours=_hours(now - held.since),
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


def attention(
    event: Event, *, lasting: bool = False, requested_by: Caller | None = None, detail: str | None = None
) -> None:
    """A person should act, as subscribers hear from the same event. Once for each alert.

    Args:
        event: what they hear.
        lasting: whether another line goes on to say so for as long as it lasts; an alert reads that one then.
        requested_by: who asked.
        detail: what has happened, where this says more than the event does.
    """
    told = {name: str(value) for name, value in event.data.items() if value is not None}
    reference = event.data.get(REFERENCE)
    _log(
        logging.WARNING,
        "attention",
        reason=told["reason"],
        customerTenantId=str(event.subject),
        lasting=lasting,
        requestId=told.get("requestId"),
        source=told.get("source"),
        reference=str(Reference.model_validate(reference)) if reference else None,
        requestedBy=str(requested_by) if requested_by else None,
        detail=detail or told["detail"],
        remedy=told["remedy"],
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


def advance_run(  # noqa: PLR0913  one argument a field
    *,
    published: int,
    requeued: int,
    looked_at: int,
    changed: int,
    complete: bool,
    bus_is_down: bool,
    outbox_lag: timedelta = timedelta(0),
    oldest_queued: timedelta = timedelta(0),
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
        oldest_queued: how long the oldest request that this run found had been queued and had waited for nothing.
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
        oldestQueuedHours=_hours(oldest_queued),
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


def _about(record: Record) -> dict[str, Value | None]:
    return {
        "requestId": str(record.request_id),
        "customerTenantId": str(record.customer_tenant_id),
        "qualification": record.qualification,
        "status": record.status,
        "source": record.source,
        "reference": str(record.request.reference) if record.request.reference else None,
    }


def _hours(span: timedelta) -> float:
    return round(span / timedelta(hours=1), 2)


def _log(level: int, event: str, **fields: Value | None) -> None:
    given = {name: value for name, value in fields.items() if value is not None}
    text = " ".join(f"{name}={one_line(str(value))}" for name, value in given.items())
    log.log(level, "%s %s", event, text, extra={"event": event, **given})
