"""What a request waits for, and the one event that alerts somebody to it. Pure."""

from qualification.domain.events import Attention, attention_required
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Kind, Reason, Waiting


def waits(
    transition: Transition,
    reason: Reason,
    detail: str,
    remedy: str,
    moment: Moment,
    *,
    alert: bool = True,
    news: str = "",
) -> Transition:
    """The transition, waiting for this now.

    Args:
        transition: what has happened.
        reason: what it waits for.
        detail: what has happened, in words.
        remedy: what a person can do, in words.
        moment: now.
        alert: whether somebody is alerted already.
        news: what makes it worth an alert of its own, should it wait for the same reason again.
    """
    record = transition.record
    before = record.waiting if record.waiting and record.waiting.reason is reason else None
    waiting = Waiting(
        reason=reason,
        detail=detail,
        remedy=remedy,
        since=before.since if before else moment.now,
        alerted=alert or (before is not None and before.alerted),
    )
    after = Transition(record.changed(waiting=waiting), transition.events)
    return alerted(after, reason, detail, remedy, moment, f"{reason}:{news}") if alert else after


def alerted(
    transition: Transition, reason: Reason | Attention, detail: str, remedy: str, moment: Moment, key: str
) -> Transition:
    """The transition with an event that alerts somebody, unless one about `key` was there before."""
    record = transition.record
    if key in record.raised:
        return transition
    record = record.changed(raised=record.raised | {key})
    record, events = attention_required(record, reason, detail, remedy, moment)
    return Transition(record, (*transition.events, *events))


def resolved(record: Record) -> Record:
    """The record, waiting for nothing; a cause that comes back is news again, a decision once more is not."""
    waiting = record.waiting
    if waiting is None or waiting.reason.kind is Kind.CAUSE:
        return decided(record)
    return record.changed(waiting=None)


def decided(record: Record) -> Record:
    """The record, waiting for nothing, since somebody has decided; should it wait for the same again, that is news."""
    waiting = record.waiting
    if waiting is None:
        return record
    raised = frozenset(key for key in record.raised if not key.startswith(f"{waiting.reason}:"))
    return record.changed(waiting=None, raised=raised)
