"""The state machine: (record, what happened, now) -> Transition(record, events). Pure; no clock, no ids, no I/O.

Queued -> Submitting -> InReview -> Approved | Denied, Approved -> Revoked, and Failed where it cannot go on.
"""

from datetime import datetime
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.attention import waiting
from qualification.domain.errors import (
    LastAttempt,
    OutcomeUnknown,
    PartnerCenterError,
    Reaction,
    RetriesSpent,
    Throttled,
)
from qualification.domain.events import status_changed
from qualification.domain.record import (
    HistoryEntry,
    Posted,
    Record,
    RequestError,
    Status,
    Work,
    WorkAction,
)
from qualification.domain.request import EducationRequest
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition


def accepted(record: Record, moment: Moment) -> Transition:
    """A new request, with the work item that queues it should the first message be lost."""
    due = moment.now + moment.policy.retry_first
    entry = HistoryEntry(status=Status.QUEUED, at=record.created_at)
    return Transition(record.changed(work=Work(action=WorkAction.QUEUE, due=due), history=(entry,)))


def can_submit(record: Record, now: datetime) -> bool:
    """Whether a queue message may be acted on: not while it waits, and not while another worker holds the lease."""
    match record.status:
        case Status.QUEUED:
            return record.not_before is None or record.not_before <= now
        case Status.SUBMITTING:
            return record.lease_until is None or record.lease_until <= now
        case _:
            return False


def claimed(
    record: Record,
    *,
    ms_request_id: UUID,
    denied_before: str | None,
    validation_code: SecretStr | None,
    moment: Moment,
) -> Transition:
    """About to POST: nobody else may before the lease ends, and from here on it may have taken effect.

    Args:
        record: the request, queued or with an expired lease.
        ms_request_id: a new one, used only if no unanswered call has left one.
        denied_before: creation of an older denial, if there is one.
        validation_code: the code chosen for a government request, kept so that a repeat sends the same.
        moment: when the lease begins.
    """
    lease_until = moment.now + moment.policy.lease
    request = record.request
    if validation_code is not None:
        request = request.model_copy(update={"validation_code": validation_code})
    return Transition(
        record.entered(
            Status.SUBMITTING,
            moment.now,
            request=request,
            attempts=record.attempts + 1,
            ms_request_id=record.ms_request_id or ms_request_id,
            denied_before=record.denied_before if denied_before is None else denied_before,
            posted=Posted.PERHAPS,
            in_doubt=record.posted is Posted.PERHAPS,
            lease_until=lease_until,
            work=Work(action=WorkAction.QUEUE, due=lease_until),
        )
    )


def postponed(
    record: Record,
    error: PartnerCenterError,
    *,
    sent: bool,
    alarm: bool,
    moment: Moment,
) -> Transition:
    """A try to submit that came to nothing: back to the queue, or Failed where trying again is no use.

    Args:
        record: the request as it was when the error came.
        error: what went wrong; its reaction decides.
        sent: whether it was the POST that went wrong, and not the look before it.
        alarm: whether this request is the one to raise the alarm, where a person is needed.
        moment: what to wait from.
    """
    if sent and not isinstance(error, OutcomeUnknown):
        record = record.changed(posted=Posted.PERHAPS if record.in_doubt else Posted.NO)
    if error.reaction is Reaction.NEVER:
        return failed(record, error, moment)
    failing = error.reaction in {Reaction.LATER, Reaction.RECONCILE}
    failing_since = (record.failing_since or moment.now) if failing else None
    if failing_since is not None and moment.now - failing_since >= moment.policy.retry_for:
        return failed(record, _given_up(error), moment)
    failures = record.failures + 1 if failing else record.failures
    not_before = moment.retry_at(error, failures)
    after = record.entered(
        Status.QUEUED,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        attempts=record.attempts + (0 if sent or isinstance(error, Throttled) else 1),
        failures=failures,
        failing_since=failing_since,
        not_before=not_before,
        lease_until=None,
        ms_request_id=None if sent and error.answered else record.ms_request_id,
        work=Work(action=WorkAction.QUEUE, due=not_before),
    )
    return waiting(after, error, alarm=alarm, moment=moment)


def failed(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """It cannot go on: final, with a remedy."""
    after = record.entered(
        Status.FAILED,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        lease_until=None,
        not_before=None,
        waiting_for=None,
        ms_request_id=None,
        work=None,
    )
    return Transition(*status_changed(after, record.status, moment))


def requeued(record: Record, moment: Moment) -> Transition:
    """Another message was put on the queue for it; the more of them came to nothing, the later the next."""
    unheard = max(1, record.messages - record.attempts)
    due = moment.retry_after(unheard)
    return Transition(
        record.changed(messages=record.messages + 1, work=Work(action=WorkAction.QUEUE, due=due)),
    )


def confirmed(record: Record, moment: Moment) -> Transition:
    """Somebody confirmed the last education verification: it may go on at once."""
    request = record.request.model_copy(update={"confirm_last_attempt": True})
    return Transition(
        record.changed(
            request=request,
            messages=record.messages + 1,
            not_before=None,
            updated_at=moment.now,
            work=Work(action=WorkAction.QUEUE, due=moment.now + moment.policy.retry_first),
        )
    )


def awaits_confirmation(record: Record) -> bool:
    """Whether the request waits for somebody to confirm the last education verification."""
    return (
        record.status is Status.QUEUED
        and isinstance(record.request, EducationRequest)
        and not record.request.confirm_last_attempt
        and record.error is not None
        and record.error.code == LastAttempt.attention
    )


def _given_up(error: PartnerCenterError) -> RetriesSpent:
    return RetriesSpent(
        error.code,
        f"Given up after too many tries; the last one said: {error.description}",
        http_status=error.http_status,
        correlation_id=error.correlation_id,
        remedy="Look at the customer in Partner Center: if the qualification is not there, request it again.",
    )
