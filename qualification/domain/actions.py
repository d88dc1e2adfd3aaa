"""A person's decisions about a request: what is allowed, and what each does. Pure."""

from enum import StrEnum
from uuid import UUID

from qualification.domain import alerts, budget
from qualification.domain.alerts import resolved
from qualification.domain.answer import may_answer
from qualification.domain.call_errors import PartnerCenterError, Refused
from qualification.domain.caller import Caller
from qualification.domain.correction import corrected, ignored
from qualification.domain.customer import Customer
from qualification.domain.events import status_changed
from qualification.domain.lifecycle import accepted
from qualification.domain.look import Word
from qualification.domain.record import Correction, Decided, Record, RequestError
from qualification.domain.request import GovernmentRequest, Qualification, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Transition
from qualification.domain.vetting import next_read
from qualification.domain.waiting import Kind, Reason
from qualification.domain.work import Work, WorkAction

NOT_TAKEN_AWAY = (
    "Nothing to do: the request ends by itself if Partner Center turns out not to have it. If it is approved, the customer "
    "has the qualification; this service takes none away."
)
RETRIED = frozenset({Status.FAILED, Status.DENIED, Status.CANCELLED})


class Action(StrEnum):
    """What a person may do."""

    CONFIRM = "confirm"
    CANCEL = "cancel"
    RETRY = "retry"


def allowed(record: Record, state: CustomerState) -> tuple[Action, ...]:
    """The actions that would be accepted if they were called now; each other would be refused."""
    may = {
        Action.CONFIRM: may_confirm(record, state.customer),
        Action.CANCEL: record.status.is_active,
        Action.RETRY: record.status.is_active or may_retry(record, state),
    }
    return tuple(action for action, is_allowed in may.items() if is_allowed)


def may_confirm(record: Record, customer: Customer) -> bool:
    """Whether it waits for a decision that lets it be written."""
    waiting = record.waiting
    if not record.status.is_active or waiting is None or waiting.reason.kind is not Kind.DECISION:
        return False
    is_education = record.qualification is Qualification.EDUCATION
    if is_education and budget.certain(customer) >= budget.VERIFICATIONS:
        return False
    if any(each.row.word is Word.IN_REVIEW for each in customer.shown(record.qualification)):
        return False
    match waiting.reason:
        case Reason.UNKNOWN_VETTING_STATUS:
            return record.status is Status.QUEUED
        case Reason.REVIEW_OVERDUE:
            return not may_answer(record, customer)
        case _:
            return True


def may_retry(record: Record, state: CustomerState) -> bool:
    """Whether a new request may take the place of one that has ended: it is the newest, and nothing that speaks is approved.

    Its newest content may be about another qualification; then no request for that may be unfinished or approved.
    """
    if record.status not in RETRIED or not state.is_newest(record):
        return False
    wanted = (record.correction or record).request.qualification
    kinds = {record.qualification, wanted}
    same = [each.record for each in state.records if each.record.qualification in kinds]
    return state.active(wanted) is None and not any(each.status is Status.APPROVED for each in same)


def is_repeated(record: Record, decided: Decided) -> bool:
    """Whether the same person has decided the same already: the same state confirmed, or the request cancelled."""
    return record.decided == decided and (decided.action != Action.CANCEL or not record.status.is_active)


def confirmed(
    record: Record,
    by: str,
    note: str | None,
    moment: Moment,
    body: Correction | None = None,
    decided: Decided | None = None,
    customer: Customer | None = None,
) -> Transition:
    """Whatever waits for a decision goes on now, with what the person has corrected.

    Args:
        record: a request that waits for a decision.
        by: who decides.
        note: why, in their words.
        moment: now.
        body: corrected content, if any was given.
        decided: what is remembered of it.
        customer: what is kept of the customer; where all verifications are counted, history says which are certain.
    """
    waiting = record.waiting
    if waiting is None:
        return Transition(record)
    words = f"confirmed ({waiting.reason})" if note is None else f"confirmed ({waiting.reason}): {note}"
    is_education = record.qualification is Qualification.EDUCATION
    if is_education and customer is not None and budget.spent(customer) >= budget.VERIFICATIONS:
        words += f"; verifications counted: {budget.uncertain_words(customer)}"
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=words)
    if body is not None:
        record = corrected(record, body, moment).record
    after = alerts.decided(record).changed(
        confirmed=record.confirmed | {waiting.reason},
        decided=decided,
        history=(*record.history, entry),
        not_before=None,
        failures=0,
        doubtful=None,
    )
    return Transition(_queued(after, moment))


def withdrawn(record: Record, by: str, note: str, moment: Moment) -> Transition:
    """The CRM has taken its mark back, or asks for another qualification: an unsent request ends, another one once it may.

    Somebody is alerted to what cannot be ended now: Partner Center may approve it all the same.

    Args:
        record: an unfinished request.
        by: the CRM.
        note: why, for the history.
        moment: now.
    """
    if not record.out:
        return cancelled(record, by, note, moment)
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=f"{note}; a write is out")
    after = record.changed(withdrawn=note, updated_at=moment.now, history=(*record.history, entry))
    detail = f"{record.source} wants the request no longer ({note}), and Partner Center has it or may have it already."
    return ignored(Transition(after), detail, NOT_TAKEN_AWAY, note, moment)


def cancelled(record: Record, by: str, note: str | None, moment: Moment, decided: Decided | None = None) -> Transition:
    """It is ended. What was sent is not taken back: it stays counted and is read on, without keeping others out."""
    words, after = note or "cancelled", resolved(record).changed(decided=decided)
    if record.status is Status.QUEUED and not record.attempts:
        after = after.entered(Status.CANCELLED, moment.now, by, words, not_before=None, work=None)
    else:
        error = _given_up(by)
        after = after.entered(
            Status.FAILED,
            moment.now,
            by,
            words,
            error=RequestError.of(error),
            remedy=error.remedy,
            not_before=None,
        )
        after = after.changed(work=next_read(after, moment))
    return Transition(*status_changed(after, record.status, moment))


def hurried(record: Record, by: str, note: str | None, moment: Moment, decided: Decided | None = None) -> Transition:
    """A retry of an unfinished request: it is tried, or read, now."""
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=note or "retried")
    after = record.changed(history=(*record.history, entry), decided=decided, not_before=None, updated_at=moment.now)
    if record.work is not None and record.work.action is WorkAction.QUEUE:
        return Transition(_queued(after, moment))
    return Transition(after.changed(work=Work(action=WorkAction.REVIEW, due=moment.now)))


def retried(  # noqa: PLR0913  one argument for each thing that a new request is made of
    record: Record,
    moment: Moment,
    *,
    request_id: UUID,
    request: QualificationRequest,
    fingerprint: str,
    by: Caller,
    note: str | None,
    traceparent: str | None = None,
) -> Transition:
    """A new request takes the place of one that has ended.

    Args:
        record: the request that has ended.
        moment: now.
        request_id: of the new one.
        request: what it asks for.
        fingerprint: of that.
        by: who decides.
        note: why, in their words.
        traceparent: W3C trace context of the decision.
    """
    new = Record(
        request_id=request_id,
        customer_tenant_id=record.customer_tenant_id,
        request=request,
        source=record.correction.source if record.correction else record.source,
        requested_by=by,
        fingerprint=fingerprint,
        first_fingerprint=fingerprint,
        code_given=isinstance(request, GovernmentRequest) and request.validation_code is not None,
        traceparent=traceparent,
        created_at=moment.now,
        updated_at=moment.now,
        history=(),
        work=None,
        retry_of=record.request_id,
    )
    return accepted(new, moment, note or "retried")


def _queued(record: Record, moment: Moment) -> Record:
    """With a hint on the queue, and the work item that queues it should that be lost."""
    return record.changed(
        updated_at=moment.now,
        messages=record.messages + 1,
        hinted_at=moment.now,
        work=Work(action=WorkAction.QUEUE, due=moment.now + moment.policy.retry_first),
    )


def _given_up(by: str) -> PartnerCenterError:
    return Refused(
        "given-up",
        f"The request was ended by {by} before Partner Center had answered it.",
        remedy="If Microsoft approves it all the same, this service says so; otherwise retry it.",
    )
