"""How it goes on once Partner Center has the request, or may have it: answers, reviews, withdrawals. Pure."""

from datetime import timedelta

from qualification.domain import budget, doubt
from qualification.domain.alerts import alerted, resolved, waits
from qualification.domain.answer import DENIALS, answer, is_believed, is_lost
from qualification.domain.customer import Customer, Sighting
from qualification.domain.errors import PartnerCenterError, PersonNeeded, Throttled
from qualification.domain.events import status_changed
from qualification.domain.lifecycle import unknown, unreachable
from qualification.domain.look import CustomerQualification, Look, Word
from qualification.domain.record import Doubtful, Record, RequestError, Status, Work, WorkAction
from qualification.domain.remedies import denial_remedy
from qualification.domain.request import Mode
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason

NO_ROW = 4
"""A review without any row must be shown again after so much more time than a withdrawal."""
ENDED_FOR = timedelta(days=90)
"""So long ended requests are read on: Microsoft may change its mind, and a given-up write may take effect."""

STATUS_OF = {Word.APPROVED: Status.APPROVED, Word.IN_REVIEW: Status.IN_REVIEW, Word.DENIED: Status.DENIED}


def accepted_with(record: Record, row: CustomerQualification | None, look: Look, moment: Moment) -> Transition:
    """A write was accepted. A readable body is an answer, except a denial in it; without one it is in review.

    Args:
        record: the request, its write claimed.
        row: of the answer, if it could be read.
        look: the answer's moment, by Partner Center's clock.
        moment: now.
    """
    word = row.word if row else Word.IN_REVIEW
    if record.mode is Mode.SYNCHRONOUS and row is not None and row.vetting_status is None:
        # The string that answers the synchronous PUT is the grant itself: nothing is vetted, there is no status.
        word = Word.APPROVED
    write = record.write and record.write.model_copy(update={"settled": True, "at": look.at})
    base = record.changed(taken=True, write=write, earlier=None, ms_request_id=None, confirmed=frozenset())
    if not record.status.is_active:
        # A person has ended it meanwhile: only a read, and only of the newest request, brings it back.
        return Transition(
            base.changed(work=Work(action=WorkAction.REVIEW, due=moment.now + moment.policy.review_first))
        )
    if word is Word.APPROVED and row is not None:
        return _decided(base, row, Status.APPROVED, moment)
    shown = None if row is None or word is Word.DENIED else row
    return _in_review(base, shown, moment)


def adopted(record: Record, found: Sighting, customer: Customer, moment: Moment) -> Transition:
    """A read ahead of a write shows it already: nothing is sent."""
    # The row that it follows was there before; from now on it, and what comes of it, answers.
    return _follow(record.changed(taken=True, seen_in_review=True), found.row, budget.left(customer), moment)


def reviewed(record: Record, customer: Customer, unreadable: int, look: Look, moment: Moment) -> Transition:
    """What a read shows of a request that was written, adopted or has ended.

    Args:
        record: the newest request of its qualification.
        customer: what is kept of the customer, this read included.
        unreadable: how many of the customer's records cannot be read.
        look: the read.
        moment: now.
    """
    found = answer(record, customer, look)
    left = budget.left(customer, unreadable)
    record = record.changed(checked_at=moment.now, unread_since=None, failures=0)
    if record.waiting is not None and record.waiting.reason is Reason.CUSTOMER_UNREACHABLE:
        record = resolved(record)
    if record.status is Status.SUBMITTING:
        return _doubt_read(record, found, customer, unreadable, look, moment)
    if record.status is Status.IN_REVIEW:
        return _review_read(record, found, left, look, moment)
    if record.status is Status.APPROVED:
        return _approval_read(record, found, left, look, moment)
    if found is not None and found.row.word is Word.APPROVED:
        return _decided(record, found.row, Status.APPROVED, moment)
    return Transition(record.changed(work=_next(record, record.status, moment)))


def review_postponed(record: Record, error: PartnerCenterError, moment: Moment, *, alone: bool = False) -> Transition:
    """A read that failed: the request stays as it is, and the next read never comes sooner for it.

    Args:
        record: the request.
        error: what went wrong.
        moment: now.
        alone: whether others are answered meanwhile.
    """
    failures = record.failures + 1
    gone = isinstance(error, PersonNeeded) and not error.partner_wide
    due = moment.now + _gone_for(failures) if gone else moment.retry_at(error, failures)
    after = record.changed(
        error=RequestError.of(error) if record.status.is_active else record.error,
        failures=failures,
        unread_since=record.unread_since if isinstance(error, Throttled) else record.unread_since or moment.now,
        work=Work(action=WorkAction.REVIEW, due=due),
    )
    step = Transition(after)
    if gone and not (after.waiting and after.status.is_active):
        detail, remedy = error.description, error.remedy
        if after.status.is_active:
            step = waits(step, Reason.CUSTOMER_UNREACHABLE, detail, remedy, moment)
        else:
            key = f"{Reason.CUSTOMER_UNREACHABLE}:gone"
            step = alerted(step, Reason.CUSTOMER_UNREACHABLE, detail, remedy, moment, key)
    return _overdue(unreachable(step, moment, alone=alone and record.status.is_active), moment)


def _gone_for(failures: int) -> timedelta:
    """Until a customer that is gone is read again: 1, 2, 4 … at most 30 days."""
    return min(timedelta(days=2 ** min(failures - 1, 6)), timedelta(days=30))


def superseded(record: Record, moment: Moment) -> Transition:
    """A newer request of its qualification speaks; this one does again should that end before anything is sent."""
    in_doubt = record.status is Status.FAILED and record.out
    work = Work(action=WorkAction.REVIEW, due=moment.spread(moment.policy.review_ended)) if in_doubt else None
    return Transition(record.changed(work=work))


def watched_on(record: Record, moment: Moment) -> Work | None:
    """The next read of a request that has ended."""
    return _next(record, record.status, moment)


def _doubt_read(
    record: Record, found: Sighting | None, customer: Customer, unreadable: int, look: Look, moment: Moment
) -> Transition:
    if found is not None and found.row.word is Word.DENIED and not is_believed(record, found, look, moment.policy):
        return _suspected(record, found, look, moment)
    if found is not None:
        left = budget.left(customer, unreadable)
        return _follow(record.changed(taken=True), found.row, left, moment)
    write = record.write
    if write is None:
        return Transition(record)
    if moment.now - write.claimed_at >= moment.policy.write_timeout:
        write = write.model_copy(update={"looks": write.looks + 1})
    record = record.changed(write=write, doubtful=None)
    policy = moment.policy
    if doubt.is_unknown(record, customer, unreadable, look.at, policy):
        known = record.waiting if record.waiting and record.waiting.reason is Reason.OUTCOME_UNKNOWN else None
        words = known.detail if known else "Partner Center never answered the write, and shows nothing of it."
        return unknown(record, words, moment)
    if doubt.is_due_again(record, look.at, policy) and doubt.may_write_again(record, customer, unreadable):
        return Transition(record.changed(work=Work(action=WorkAction.QUEUE, due=moment.now), not_before=None))
    work = Work(action=WorkAction.REVIEW, due=moment.review_at(look.at - write.at))
    return Transition(record.changed(work=work))


def _review_read(record: Record, found: Sighting | None, left: int, look: Look, moment: Moment) -> Transition:
    if found is None:
        return _no_row(record, look, moment)
    if found.row.word is Word.DENIED and not is_believed(record, found, look, moment.policy):
        return _suspected(record, found, look, moment)
    return _follow(record, found.row, left, moment)


def _approval_read(record: Record, found: Sighting | None, left: int, look: Look, moment: Moment) -> Transition:
    if found is not None and found.row.word is not Word.DENIED:
        after = record.changed(doubtful=None, work=_next(record, Status.APPROVED, moment))
        if found.row.word is Word.UNKNOWN:
            return _unknown_word(Transition(after), found.row, moment)
        return Transition(after)
    if not is_lost(record, found, look, moment.policy):
        since = record.doubtful.since if record.doubtful else look.at
        doubtful = Doubtful(row=found.row if found else None, since=since)
        work = Work(action=WorkAction.REVIEW, due=moment.now + moment.policy.review_again)
        return Transition(record.changed(doubtful=doubtful, work=work))
    row = found.row if found else CustomerQualification(qualification=record.qualification)
    return _decided(record, row, Status.REVOKED, moment, left)


def _follow(record: Record, row: CustomerQualification, left: int, moment: Moment) -> Transition:
    status = STATUS_OF.get(row.word)
    if status in {Status.APPROVED, Status.DENIED}:
        return _decided(record, row, status, moment, left)
    # A read has shown it in review: from now on what was known before its first write may answer too.
    return _in_review(record.changed(seen_in_review=record.seen_in_review or row.word is Word.IN_REVIEW), row, moment)


def _in_review(record: Record, row: CustomerQualification | None, moment: Moment) -> Transition:
    word = Word.IN_REVIEW if row is None else row.word
    after = record.entered(
        Status.IN_REVIEW,
        moment.now,
        vetting_status=row.vetting_status if row else record.vetting_status,
        vetting_reason=row.vetting_reason if row else None,
        remedy=None,
        error=None,
        failures=0,
        not_before=None,
        out=True,
        doubtful=None,
        checked_at=moment.now,
    )
    if word is Word.IN_REVIEW:
        after = resolved(after) if not _is_overdue(after, moment) else after
    after = after.changed(work=_next(after, Status.IN_REVIEW, moment))
    after, events = status_changed(after, record.status, moment)
    step = Transition(after, events)
    if word is Word.UNKNOWN and row is not None:
        return _unknown_word(step, row, moment)
    return _overdue(step, moment)


def _decided(
    record: Record, row: CustomerQualification, status: Status, moment: Moment, left: int = budget.VERIFICATIONS
) -> Transition:
    after = resolved(record).entered(
        status,
        moment.now,
        vetting_status=row.vetting_status if row.vetting_status is not None else record.vetting_status,
        vetting_reason=row.vetting_reason,
        remedy=denial_remedy(record, row, status, left),
        error=None,
        failures=0,
        not_before=None,
        out=False,
        taken=True,
        doubtful=None,
        ms_request_id=None,
        confirmed=frozenset(),
        checked_at=moment.now,
    )
    after = after.changed(work=_next(after, status, moment))
    return Transition(*status_changed(after, record.status, moment))


def _suspected(record: Record, denial: Sighting, look: Look, moment: Moment) -> Transition:
    """A denial that may be an old one: it is read again in an hour, and breaks the row of reads that show nothing."""
    write = record.write and record.write.model_copy(update={"looks": 0})
    before = record.doubtful
    same = before is not None and before.row is not None and before.row.is_same(denial.row)
    doubtful = before if same else Doubtful(row=denial.row, since=look.at)
    due = moment.now + moment.policy.review_again / DENIALS
    return _overdue(
        Transition(record.changed(doubtful=doubtful, write=write, work=Work(action=WorkAction.REVIEW, due=due))), moment
    )


def _no_row(record: Record, look: Look, moment: Moment) -> Transition:
    """In review, and no row that may be about it: after two reads a day apart a person must say how it goes on."""
    since = record.doubtful.since if record.doubtful else look.at
    after = record.changed(doubtful=Doubtful(row=None, since=since), work=_next(record, Status.IN_REVIEW, moment))
    if look.at - since < NO_ROW * moment.policy.review_again:
        return _overdue(Transition(after), moment)
    return waits(
        Transition(after),
        Reason.REVIEW_OVERDUE,
        "Partner Center accepted the request and shows no row of it any more.",
        "Look at the customer in Partner Center, then confirm to send it once more or cancel it.",
        moment,
    )


def _unknown_word(step: Transition, row: CustomerQualification, moment: Moment) -> Transition:
    detail = f"Partner Center reports the vetting status {row.vetting_status!r}, which this service does not know."
    remedy = "Look at the customer in Partner Center; the request is reviewed on."
    if step.record.status is Status.APPROVED:
        key = f"{Reason.UNKNOWN_VETTING_STATUS}:{row.vetting_status}"
        return alerted(step, Reason.UNKNOWN_VETTING_STATUS, detail, remedy, moment, key)
    return waits(step, Reason.UNKNOWN_VETTING_STATUS, detail, remedy, moment, news=str(row.vetting_status))


def _overdue(step: Transition, moment: Moment) -> Transition:
    record = step.record
    if not _is_overdue(record, moment) or record.waiting is not None:
        return step
    return waits(
        step,
        Reason.REVIEW_OVERDUE,
        f"Vetting began on {record.in_review_since:%Y-%m-%d} and has not ended.",
        "Open a support ticket with Microsoft in Partner Center; the request is reviewed on, and you can cancel it.",
        moment,
    )


def _is_overdue(record: Record, moment: Moment) -> bool:
    in_review = record.status is Status.IN_REVIEW
    return in_review and moment.now - record.in_review_since > moment.policy.review_overdue


def _next(record: Record, status: Status, moment: Moment) -> Work | None:
    if status is Status.IN_REVIEW:
        since = record.in_review_since if record.status is Status.IN_REVIEW else moment.now
        due = moment.review_at(moment.now - since)
    elif status is Status.APPROVED:
        due = moment.spread(moment.policy.review_approved)
    elif moment.now - record.ended_at < ENDED_FOR and (record.taken or record.out):
        due = moment.spread(moment.policy.review_ended)
    else:
        return None
    return Work(action=WorkAction.REVIEW, due=due)
