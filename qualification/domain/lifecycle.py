"""The state machine up to the first answer: accepted, queued, claimed, written, and what came of the write. Pure.

Queued -> Submitting -> InReview -> Approved | Denied, Approved -> Revoked, Failed where it cannot go on, Cancelled where a
person, the CRM or a newer request ends it. A step is (record, what happened, moment) -> Transition(record, events).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.alerts import resolved, waits
from qualification.domain.correction import corrected
from qualification.domain.decision import Wait
from qualification.domain.errors import (
    AccessLost,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    PersonNeeded,
    Refused,
    Throttled,
    UnderReview,
    Unsent,
)
from qualification.domain.events import status_changed
from qualification.domain.look import Look
from qualification.domain.record import HistoryEntry, Record, RequestError, Status, Work, WorkAction, Write
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Kind, Reason

CLAIM_HOLDS = timedelta(seconds=10)
"""A write begins within this after its claim, or not at all."""
HINT_HOLDS = timedelta(minutes=10)
"""A hint that nobody has taken by then is followed by the timer itself."""
UNREAD_FOR = timedelta(hours=4)
"""So long reads of one customer may fail before somebody is alerted."""
BUSINESS_STATE = 4
"""So many times longer than other causes a business state of a customer is left alone: the page says days."""
UNKNOWN_CUSTOMER = 24
"""And so many times a customer that Partner Center does not know, after the first try."""


def accepted(record: Record, moment: Moment) -> Transition:
    """A new request, with the work item that queues it should the first message be lost."""
    due = moment.now + moment.policy.retry_first
    entry = HistoryEntry(status=Status.QUEUED, at=record.created_at)
    work = Work(action=WorkAction.QUEUE, due=due)
    return Transition(record.changed(work=work, history=(entry,), hinted_at=moment.now))


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
        work=_doubt_review(moment.now + moment.policy.write_timeout, moment),
    )
    # A cause is gone only when the write has met another answer.
    waits_for_a_cause = record.waiting is not None and record.waiting.reason.kind is Kind.CAUSE
    return Transition(after if waits_for_a_cause else resolved(after))


def settled(record: Record, claim: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """What came of a write that was not accepted, on top of whatever was stored meanwhile.

    Args:
        record: the request as it is stored now.
        claim: the request as it was claimed for this write.
        error: the outcome.
        moment: now.
    """
    if record.status is claim.status:
        return came_of(record, error, moment)
    # A person has ended it, or a read has shown its answer: the outcome changes nothing but that it is known.
    write = record.write and record.write.model_copy(update={"settled": True})
    in_doubt = isinstance(error, OutcomeUnknown | Throttled) or record.earlier is not None
    out = record.out and (in_doubt or record.status.is_active)
    return Transition(record.changed(write=write, out=out))


def came_of(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """What came of a write that was not accepted.

    Args:
        record: the request as it is stored now, its write claimed and not settled.
        error: the outcome.
        moment: now.
    """
    match error:
        case Unsent():
            return _taken_back(record, error, moment, left=False)
        case OutcomeUnknown() | Throttled():
            return _in_doubt(record, error, moment)
        case AccessLost(http_status=401) | Elsewhere():
            return _taken_back(record, error, moment, left=True)
        case Elsewhere():
            return _taken_back(record, error, moment, left=True)
        case Refused():
            return _refused(record, error, moment)
        case _:
            return _taken_back(record.changed(ms_request_id=None), error, moment, left=True)


def recoded(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """The validation code that the service had chosen is used up or gone: another one is chosen."""
    request = record.request.model_copy(update={"validation_code": None})
    back = record.changed(request=request, write=None, out=False, ms_request_id=None, code_chosen=False)
    after = _later(back, error, moment).record
    return Transition(after.changed(not_before=None, work=Work(action=WorkAction.QUEUE, due=moment.retry_after(1))))


def postponed(record: Record, error: PartnerCenterError, moment: Moment, *, alone: bool = False) -> Transition:
    """The read or the sign-in ahead of a write failed: it is tried again later; time alone fails nothing.

    Args:
        record: the request.
        error: what went wrong.
        moment: now.
        alone: whether others are answered meanwhile.
    """
    if isinstance(error, Refused):
        return failed(record, error, moment)
    if isinstance(error, Unsent):
        return _later(record, error, moment)
    if isinstance(error, Throttled):
        return _later(record, error, moment)
    unread = record.changed(unread_since=record.unread_since or moment.now)
    return unreachable(_later(unread, error, moment), moment, alone=alone)


def unreachable(step: Transition, moment: Moment, *, alone: bool) -> Transition:
    """The step, with an alert where no read of this one customer could be read for hours while others are answered."""
    since = step.record.unread_since
    if not alone or since is None or moment.now - since < UNREAD_FOR or step.record.waiting is not None:
        return step
    return waits(
        step,
        Reason.CUSTOMER_UNREACHABLE,
        f"Partner Center has not shown customer {step.record.customer_tenant_id} since {since:%Y-%m-%d %H:%M} UTC.",
        "Look at the customer in Partner Center; the service reads on by itself.",
        moment,
    )


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
    news = str(record.attempts) if wait.reason is Reason.LAST_ATTEMPT else ""
    return waits(Transition(after), wait.reason, wait.detail, wait.remedy, moment, news=news)


def failed(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """It cannot go on: refused for good. Never while a write is out."""
    if record.out:
        return _refused(record, error, moment)
    after = resolved(record).entered(
        Status.FAILED,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        not_before=None,
        ms_request_id=None,
        work=None,
    )
    return Transition(*status_changed(after, record.status, moment))


def unknown(record: Record, detail: str, moment: Moment) -> Transition:
    """Nobody knows what came of its write, and it may not be written again without a person."""
    after = record.changed(work=_doubt_review(record.asked_at, moment))
    return waits(
        Transition(after),
        Reason.OUTCOME_UNKNOWN,
        detail,
        "Look at the customer in Partner Center. If the qualification is not there, confirm to send it once more (for "
        "Education that may cost another verification), or cancel it; if it is there, the service finds it by itself.",
        moment,
        news=str(record.writes),
    )


def _in_doubt(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    throttled = isinstance(error, Throttled)
    write = _settled(record, error, throttled=throttled)
    after = record.entered(
        record.status,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        write=write,
        writes=record.writes - (1 if throttled else 0),
        confirmed=frozenset(),
        ms_request_id=None if isinstance(error, InTheWay) else record.ms_request_id,
        work=_doubt_review(moment.now, moment),
    )
    if throttled:
        return waits(Transition(after), Reason.THROTTLED, error.description, error.remedy, moment, alert=False)
    return Transition(resolved(after))


def _refused(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """A refusal answers the write that got it, and no earlier one."""
    only = record.earlier is None and record.status is not Status.IN_REVIEW
    if only and record.write is not None and not record.write.settled:
        free = record.changed(out=False, ms_request_id=None, write=_settled(record, error))
        if free.withdrawn is not None:
            return _withdrawn(free.entered(Status.QUEUED, moment.now), moment)
        if free.correction is not None:
            return corrected(free.entered(Status.QUEUED, moment.now), free.correction, moment)
        return failed(free, error, moment)
    kept = record.changed(
        error=RequestError.of(error),
        remedy=error.remedy or None,
        ms_request_id=None,
        confirmed=frozenset(),
        write=_settled(record, error),
    )
    return unknown(kept, f"An earlier write was never answered, and this one was refused: {error.description}", moment)


def _taken_back(record: Record, error: PartnerCenterError, moment: Moment, *, left: bool) -> Transition:
    """The write was not taken; without an earlier one that is out, the request is queued as before.

    Args:
        record: the request.
        error: what happened instead.
        moment: now.
        left: whether it left this machine.
    """
    back = record.changed(
        attempts=record.attempts - (0 if left else 1),
        writes=record.writes - (1 if not left or _is_unauthorized(error) else 0),
        confirmed=frozenset() if left and not _is_unauthorized(error) else record.confirmed,
        write=record.earlier,
        earlier=None,
        # A review that was adopted is out as well, though nothing was written for it before.
        out=record.earlier is not None or record.status is Status.IN_REVIEW,
    )
    if not back.out and back.withdrawn is not None:
        return _withdrawn(back.entered(Status.QUEUED, moment.now), moment)
    if not back.out and back.correction is not None:
        return corrected(back.entered(Status.QUEUED, moment.now), back.correction, moment)
    if back.out and back.confirmed:
        return _later(back, error, moment)
    if back.out:
        # The earlier write is in doubt as it was, and is read on.
        after = back.entered(back.status, moment.now, error=RequestError.of(error), remedy=error.remedy or None)
        return Transition(after.changed(work=_doubt_review(back.asked_at, moment)))
    return _later(back, error, moment)


def _withdrawn(record: Record, moment: Moment) -> Transition:
    """The CRM has taken it back while a write was out, and none is any more."""
    status = Status.FAILED if record.attempts else Status.CANCELLED
    after = resolved(record).entered(status, moment.now, record.source, record.withdrawn, not_before=None, work=None)
    if status is Status.FAILED:
        error = Refused("given-up", "The CRM took the request back before Partner Center had answered it.")
        after = after.changed(error=RequestError.of(error))
    return Transition(*status_changed(after, record.status, moment))


def _later(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    failures = record.failures + 1
    due = _due(error, failures, moment)
    status = record.status if record.out else Status.QUEUED
    after = record.entered(
        status,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        failures=failures,
        not_before=due,
        hinted_at=None,
        # What a person has confirmed goes on until a write has left.
        work=Work(action=WorkAction.REVIEW if record.out and not record.confirmed else WorkAction.QUEUE, due=due),
    )
    match error:
        case UnderReview():
            return waits(Transition(after), Reason.ACCOUNT_UNDER_REVIEW, error.description, error.remedy, moment)
        case PersonNeeded(partner_wide=False):
            return waits(Transition(after), Reason.CUSTOMER_UNREACHABLE, error.description, error.remedy, moment)
        case _:
            return Transition(after)


def _due(error: PartnerCenterError, failures: int, moment: Moment) -> datetime:
    if isinstance(error, UnderReview):
        return moment.probe_at(BUSINESS_STATE)
    if isinstance(error, PersonNeeded) and not error.partner_wide:
        # The customer may be related to the partner any hour; later nobody expects it to be.
        return moment.probe_at(1 if failures == 1 else UNKNOWN_CUSTOMER)
    return moment.retry_at(error, failures)


def _settled(record: Record, error: PartnerCenterError, *, throttled: bool = False) -> Write | None:
    write = record.write
    return write and write.model_copy(update={"settled": True, "at": error.at or write.at, "throttled": throttled})


def _is_unauthorized(error: PartnerCenterError) -> bool:
    return isinstance(error, AccessLost) and error.http_status == 401  # noqa: PLR2004  Unauthorized


def _doubt_review(since: datetime, moment: Moment) -> Work:
    """The next read of a request in doubt, on the review schedule counted from its last write."""
    due = moment.review_at(max(moment.now - since, timedelta(0)))
    return Work(action=WorkAction.REVIEW, due=max(due, since + moment.policy.review_first))


Step = Callable[[Record, Moment], Transition]
"""A step that is made anew on whatever was stored meanwhile."""
