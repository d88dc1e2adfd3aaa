"""A person's decisions about a request: what is allowed, and what each does. Pure."""

from enum import StrEnum

from qualification.domain import budget
from qualification.domain.alerts import resolved
from qualification.domain.correction import corrected
from qualification.domain.customer import Customer
from qualification.domain.errors import PartnerCenterError, Refused
from qualification.domain.events import status_changed
from qualification.domain.look import Word
from qualification.domain.record import Correction, HistoryEntry, Record, RequestError, Status, Work, WorkAction
from qualification.domain.request import Qualification
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Transition
from qualification.domain.vetting import watched_on
from qualification.domain.waiting import Kind, Reason

RETRIED = frozenset({Status.FAILED, Status.DENIED, Status.CANCELLED})
WRITES_ONCE_MORE = frozenset({Reason.OUTCOME_UNKNOWN, Reason.REVIEW_OVERDUE})


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
    if waiting.reason in WRITES_ONCE_MORE or record.out:
        rows = [each.row for each in customer.sightings if each.row.is_of(record.qualification)]
        return not any(row.word is Word.IN_REVIEW for row in rows)
    return True


def may_retry(record: Record, state: CustomerState) -> bool:
    """Whether a new request may take the place of one that has ended: it is the newest, and nothing that speaks is approved."""
    if record.status not in RETRIED or not state.is_newest(record):
        return False
    same = [each.record for each in state.records if each.record.qualification is record.qualification]
    return not any(each.status is Status.APPROVED for each in same)


def confirmed(record: Record, by: str, note: str | None, moment: Moment, body: Correction | None = None) -> Transition:
    """Whatever waits for a decision goes on now, with what the person has corrected.

    Args:
        record: a request that waits for a decision.
        by: who decides.
        note: why, in their words.
        moment: now.
        body: corrected content, if any was given.
    """
    waiting = record.waiting
    if waiting is None:
        return Transition(record)
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=note or f"confirmed ({waiting.reason})")
    if body is not None:
        record = corrected(record, body, moment).record
    after = resolved(record).changed(
        confirmed=record.confirmed | {waiting.reason},
        history=(*record.history, entry),
        not_before=None,
        failures=0,
        doubtful=None,
        updated_at=moment.now,
        messages=record.messages + 1,
        hinted_at=moment.now,
        work=Work(action=WorkAction.QUEUE, due=moment.now + moment.policy.retry_first),
    )
    return Transition(after)


def withdrawn(record: Record, by: str, note: str, moment: Moment) -> Transition:
    """The CRM has taken its mark back, or asks for another qualification: an unsent request ends, another one once it may.

    Args:
        record: an unfinished request.
        by: the CRM.
        note: why, for the history.
        moment: now.
    """
    if not record.out:
        return cancelled(record, by, note, moment)
    return Transition(record.changed(withdrawn=note, updated_at=moment.now))


def cancelled(record: Record, by: str, note: str | None, moment: Moment) -> Transition:
    """It is ended. What was sent is not taken back: it stays counted and is read on, without keeping others out."""
    words = note or "cancelled"
    if record.status is Status.QUEUED and not record.attempts:
        after = resolved(record).entered(Status.CANCELLED, moment.now, by, words, not_before=None, work=None)
    else:
        error = _given_up(by)
        after = resolved(record).entered(
            Status.FAILED,
            moment.now,
            by,
            words,
            error=RequestError.of(error),
            remedy=error.remedy,
            not_before=None,
        )
        after = after.changed(work=watched_on(after, moment))
    return Transition(*status_changed(after, record.status, moment))


def retried(record: Record, by: str, note: str | None, moment: Moment) -> Transition:
    """An unfinished request is tried, or read, now."""
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=note or "retried")
    queued = record.status is Status.QUEUED
    work = Work(action=WorkAction.QUEUE if queued else WorkAction.REVIEW, due=moment.now)
    after = record.changed(
        history=(*record.history, entry),
        not_before=None,
        work=work,
        updated_at=moment.now,
        messages=record.messages + (1 if queued else 0),
    )
    return Transition(after)


def _given_up(by: str) -> PartnerCenterError:
    return Refused(
        "given-up",
        f"The request was ended by {by} before Partner Center had answered it.",
        remedy="If Microsoft approves it all the same, this service says so; otherwise retry it.",
    )
