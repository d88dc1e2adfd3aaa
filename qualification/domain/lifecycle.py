"""The state machine up to the first answer: accepted, queued, claimed, written, and what came of the write. Pure.

Queued -> Submitting -> InReview -> Approved | Denied, Approved -> Revoked, Failed where it cannot go on, Cancelled where a
person, the CRM or a newer request ends it. A step is (record, what happened, moment) -> Transition(record, events).
"""

from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.alerts import resolved, waits
from qualification.domain.decision import Wait, above_limit
from qualification.domain.look import Look
from qualification.domain.record import Record, Write
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Kind, Reason, Waiting
from qualification.domain.work import Work, WorkAction

CLAIM_HOLDS = timedelta(seconds=10)
"""A write begins within this after its claim, or not at all."""
HINT_HOLDS = timedelta(minutes=10)
"""A hint that nobody has taken by then is followed by the timer itself."""
BUSINESS_STATE = 4
"""So many times longer than other causes a business state of a customer is left alone: the page says days."""


def accepted(record: Record, moment: Moment, note: str | None = None) -> Transition:
    """A new request, with the work item that queues it should the first message be lost; `note` is for its history."""
    due = moment.now + moment.policy.retry_first
    entry = HistoryEntry(status=Status.QUEUED, at=record.created_at, by=_asked_by(record), note=note)
    work = Work(action=WorkAction.QUEUE, due=due)
    return Transition(record.changed(work=work, history=(entry,), hinted_at=moment.now))


def accepted_above_limit(record: Record, limit: int, moment: Moment, note: str | None = None) -> Transition:
    """A new request above its source's daily limit: it waits for a person, and costs Partner Center nothing meanwhile.

    Args:
        record: the request.
        limit: so many of a day go by themselves.
        moment: now.
        note: for its history.
    """
    due = moment.now + moment.policy.review_ended
    wait = above_limit(record.source, limit)
    # The alert is about the source, once a day.
    waiting = Waiting(reason=wait.reason, detail=wait.detail, remedy=wait.remedy, since=moment.now, alerted=True)
    entry = HistoryEntry(status=Status.QUEUED, at=record.created_at, by=_asked_by(record), note=note)
    return Transition(
        record.changed(
            over_limit=limit,
            waiting=waiting,
            not_before=due,
            work=Work(action=WorkAction.QUEUE, due=due),
            history=(entry,),
        )
    )


def _asked_by(record: Record) -> str | None:
    return str(record.requested_by) if record.requested_by else None


def can_submit(record: Record, now: datetime) -> bool:
    """Whether a hint may be acted on: not while the request waits for its time, and not while a write may be under way."""
    if record.status in {Status.SUBMITTING, Status.IN_REVIEW}:
        # After a claim nobody writes before the rules of doubt, or a person, have put it on the queue again.
        may = record.work is not None and record.work.action is WorkAction.QUEUE
    else:
        may = record.status is Status.QUEUED
    return may and (record.not_before is None or record.not_before <= now)


def is_unheard(record: Record, now: datetime) -> bool:
    """Whether its hint has waited so long that the timer follows it itself."""
    return record.hinted_at is not None and now - record.hinted_at >= HINT_HOLDS


def requeued(record: Record, moment: Moment) -> Transition:
    """Another message was put on the queue for it; the more of them were not taken, the later the next."""
    unheard = max(1, record.messages - record.attempts)
    work = Work(action=WorkAction.QUEUE, due=moment.retry_after(unheard))
    hinted_at = record.hinted_at or moment.now
    return Transition(record.changed(messages=record.messages + 1, work=work, hinted_at=hinted_at))


def claimed(
    record: Record, look: Look, number: int, *, ms_request_id: UUID, validation_code: SecretStr | None, moment: Moment
) -> Transition:
    """About to write: from here on it may have taken effect, and nobody writes before the rules of doubt allow it.

    Args:
        record: a request that is queued, or in doubt and due again.
        look: the read ahead of the write.
        number: of that read, among those of the customer that showed something new.
        ms_request_id: a new one, used only if the last write has left none.
        validation_code: the code chosen for a government request, kept so that a repeat sends the same.
        moment: now.
    """
    request = record.request
    if validation_code is not None:
        request = request.model_copy(update={"validation_code": validation_code})
    after = record.entered(
        Status.IN_REVIEW if record.status is Status.IN_REVIEW else Status.SUBMITTING,
        moment.now,
        request=request,
        attempts=record.attempts + 1,
        writes=record.writes + 1,
        write=Write(at=look.at, claimed_at=moment.now),
        earlier=record.write if record.out else None,
        out=True,
        not_before=None,
        hinted_at=None,
        ms_request_id=record.ms_request_id or ms_request_id,
        code_chosen=record.code_chosen or validation_code is not None,
        known_look=number if record.known_look is None else record.known_look,
        first_look_at=record.first_look_at or look.at,
        doubtful=None,
        work=doubt_review(moment.now + moment.policy.write_timeout, moment),
    )
    # A cause is gone only when the write has met another answer.
    waits_for_a_cause = record.waiting is not None and record.waiting.reason.kind is Kind.CAUSE
    return Transition(after if waits_for_a_cause else resolved(after))


def held(record: Record, wait: Wait, moment: Moment) -> Transition:
    """It must not go now, and says for what it waits."""
    if wait.reason.kind is Kind.DECISION:
        due = moment.now + moment.policy.review_ended
        if record.out:
            due = moment.review_at(moment.now - record.asked_at)
    else:
        due = moment.probe_at(BUSINESS_STATE)
        if wait.reason is Reason.STATUS_UNCLEAR:
            due = moment.now + moment.policy.review_again
    goes_on = wait.reason.kind is Kind.CAUSE and bool(record.confirmed)
    work = Work(action=WorkAction.REVIEW if record.out and not goes_on else WorkAction.QUEUE, due=due)
    after = record.changed(not_before=due, hinted_at=None, updated_at=moment.now, work=work)
    news = str(record.attempts) if wait.reason is Reason.LAST_ATTEMPT else wait.news
    # The alert about a daily limit is about the source, once a day.
    alert = wait.reason is not Reason.DAILY_LIMIT
    return waits(Transition(after), wait.reason, wait.detail, wait.remedy, moment, alert=alert, news=news)


def doubt_review(since: datetime, moment: Moment) -> Work:
    """The next read of a request in doubt, on the review schedule counted from its last write."""
    due = moment.review_at(max(moment.now - since, timedelta(0)))
    return Work(action=WorkAction.REVIEW, due=max(due, since + moment.policy.review_first))
