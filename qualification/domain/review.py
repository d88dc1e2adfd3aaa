"""What a read shows of a request that was written, adopted or has ended. Pure."""

from datetime import timedelta

from qualification.domain import budget, doubt
from qualification.domain.alerts import alerted, resolved, waits
from qualification.domain.answer import DENIALS, answer, is_believed, is_lost
from qualification.domain.call_errors import PartnerCenterError, PersonNeeded, Throttled
from qualification.domain.customer import Customer, Sighting
from qualification.domain.look import CustomerQualification, Look, Word
from qualification.domain.record import Doubtful, Record, RequestError
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import decided, follow, next_read, overdue, unknown_word
from qualification.domain.waiting import Reason
from qualification.domain.waits import unknown, unreachable
from qualification.domain.work import Work, WorkAction

GONE_AT_LEAST, GONE_AT_MOST = timedelta(days=1), timedelta(days=30)
"""A customer that is gone is read after 1, 2, 4 … days: by how long, and not how often, so that asking again delays nothing."""
NO_ROW = 4
"""A review without any row must be shown again after so much more time than a withdrawal."""


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
    if record.waiting is not None and _ends_with_a_read(record, record.waiting.reason):
        record = resolved(record)
    if record.status is Status.SUBMITTING:
        return _doubt_read(record, found, customer, unreadable, look, moment)
    if record.status is Status.IN_REVIEW:
        return _review_read(record, found, left, look, moment)
    if record.status is Status.APPROVED:
        return _approval_read(record, found, left, look, moment)
    if found is not None and found.row.word is Word.APPROVED:
        return decided(record, found.row, Status.APPROVED, moment)
    return Transition(record.changed(work=next_read(record, moment)))


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
    since = record.unread_since or moment.now
    gone_for = min(moment.now - since + GONE_AT_LEAST, GONE_AT_MOST)
    due = moment.now + gone_for if gone else moment.retry_at(error, failures)
    after = record.changed(
        error=RequestError.of(error) if record.status.is_active else record.error,
        failures=failures,
        unread_since=record.unread_since if isinstance(error, Throttled) else since,
        work=Work(action=WorkAction.REVIEW, due=due),
    )
    step = Transition(after)
    if isinstance(error, Throttled) and error.alone and record.status.is_active and record.waiting is None:
        step = waits(step, Reason.THROTTLED, error.description, error.remedy, moment)
    if gone and not (after.waiting and after.status.is_active):
        detail, remedy = error.description, error.remedy
        if after.status.is_active:
            step = waits(step, Reason.CUSTOMER_UNREACHABLE, detail, remedy, moment)
        else:
            key = f"{Reason.CUSTOMER_UNREACHABLE}:gone"
            step = alerted(step, Reason.CUSTOMER_UNREACHABLE, detail, remedy, moment, key)
    return overdue(unreachable(step, moment, alone=alone and record.status.is_active), moment)


def _ends_with_a_read(record: Record, reason: Reason) -> bool:
    """Whether what it waits for is over once its customer is read; a write that was answered 429 waits for its outcome."""
    if reason is Reason.THROTTLED:
        return record.write is None or not record.write.throttled
    return reason is Reason.CUSTOMER_UNREACHABLE


def superseded(record: Record, moment: Moment) -> Transition:
    """A newer request of its qualification speaks; this one does again should that end before anything is sent."""
    in_doubt = record.status is Status.FAILED and record.out
    work = Work(action=WorkAction.REVIEW, due=moment.spread(moment.policy.review_ended)) if in_doubt else None
    return Transition(record.changed(work=work))


def _doubt_read(
    record: Record, found: Sighting | None, customer: Customer, unreadable: int, look: Look, moment: Moment
) -> Transition:
    if found is not None and found.row.word is Word.DENIED and not is_believed(record, found, look, moment.policy):
        return _suspected(record, found, look, moment)
    if found is not None:
        left = budget.left(customer, unreadable)
        return follow(record.changed(taken=True), found.row, left, moment)
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
    # What is due and may not go by itself is unknown, and was told above.
    if doubt.is_due_again(record, look.at, policy):
        return Transition(record.changed(work=Work(action=WorkAction.QUEUE, due=moment.now), not_before=None))
    work = Work(action=WorkAction.REVIEW, due=moment.review_at(look.at - write.at))
    return Transition(record.changed(work=work))


def _review_read(record: Record, found: Sighting | None, left: int, look: Look, moment: Moment) -> Transition:
    if found is None:
        return _no_row(record, look, moment)
    if found.row.word is Word.DENIED and not is_believed(record, found, look, moment.policy):
        return _suspected(record, found, look, moment)
    return follow(record, found.row, left, moment)


def _approval_read(record: Record, found: Sighting | None, left: int, look: Look, moment: Moment) -> Transition:
    if found is not None and found.row.word is not Word.DENIED:
        after = record.changed(doubtful=None, work=next_read(record, moment))
        if found.row.word is Word.UNKNOWN:
            return unknown_word(Transition(after), found.row, moment)
        return Transition(after)
    if not is_lost(record, look, moment.policy):
        since = record.doubtful.since if record.doubtful else look.at
        doubtful = Doubtful(row=found.row if found else None, since=since)
        work = Work(action=WorkAction.REVIEW, due=moment.now + moment.policy.review_again)
        return Transition(record.changed(doubtful=doubtful, work=work))
    row = found.row if found else CustomerQualification(qualification=record.qualification)
    return decided(record, row, Status.REVOKED, moment, left)


def _suspected(record: Record, denial: Sighting, look: Look, moment: Moment) -> Transition:
    """A denial that may be an old one: it is read again in an hour, and breaks the row of reads that show nothing."""
    write = record.write and record.write.model_copy(update={"looks": 0})
    before = record.doubtful
    same = before is not None and before.row is not None and before.row.is_same(denial.row)
    doubtful = before if same else Doubtful(row=denial.row, since=look.at)
    due = moment.now + moment.policy.review_again / DENIALS
    return overdue(
        Transition(record.changed(doubtful=doubtful, write=write, work=Work(action=WorkAction.REVIEW, due=due))), moment
    )


def _no_row(record: Record, look: Look, moment: Moment) -> Transition:
    """In review, and no row that may be about it: after two reads a day apart a person must say how it goes on."""
    since = record.doubtful.since if record.doubtful else look.at
    after = record.changed(doubtful=Doubtful(row=None, since=since), work=next_read(record, moment))
    if look.at - since < NO_ROW * moment.policy.review_again:
        return overdue(Transition(after), moment)
    return waits(
        Transition(after),
        Reason.REVIEW_OVERDUE,
        "Partner Center accepted the request and shows no row of it any more.",
        "Look at the customer in Partner Center, then confirm to send it once more or cancel it.",
        moment,
    )
