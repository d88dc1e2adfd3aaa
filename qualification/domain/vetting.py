"""How it goes on once Partner Center has the request, or may have it: answers, reviews, withdrawals. Pure."""

from datetime import timedelta

from qualification.domain import budget
from qualification.domain.alerts import alerted, resolved, waits
from qualification.domain.customer import Customer, Sighting
from qualification.domain.events import status_changed
from qualification.domain.look import CustomerQualification, Look, Word
from qualification.domain.record import Record
from qualification.domain.remedies import denial_remedy
from qualification.domain.request import Mode
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction

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
        return decided(base, row, Status.APPROVED, moment)
    shown = None if row is None or word is Word.DENIED else row
    return _in_review(base, shown, moment)


def adopted(record: Record, found: Sighting, customer: Customer, moment: Moment) -> Transition:
    """A read ahead of a write shows it already: nothing is sent."""
    if record.known_look is None:
        # A denial that this read shows, or that began before the row that it follows, is no answer to come.
        record = record.changed(known_look=customer.looks, follows_from=found.row.moment)
    # The row that it follows was there before; from now on it, and what comes of it, answers.
    return follow(record.changed(taken=True, seen_in_review=True), found.row, budget.left(customer), moment)


def follow(record: Record, row: CustomerQualification, left: int, moment: Moment) -> Transition:
    """The request follows what a row says of it."""
    status = STATUS_OF.get(row.word)
    if status in {Status.APPROVED, Status.DENIED}:
        return decided(record, row, status, moment, left)
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
    after = after.changed(work=next_read(after, moment))
    after, events = status_changed(after, record.status, moment)
    step = Transition(after, events)
    if word is Word.UNKNOWN and row is not None:
        return unknown_word(step, row, moment)
    return overdue(step, moment)


def decided(
    record: Record, row: CustomerQualification, status: Status, moment: Moment, left: int = budget.VERIFICATIONS
) -> Transition:
    """Microsoft has decided, or an approval is gone."""
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
    after = after.changed(work=next_read(after, moment))
    return Transition(*status_changed(after, record.status, moment))


def unknown_word(step: Transition, row: CustomerQualification, moment: Moment) -> Transition:
    """The step, with an alert about a word that this service does not know."""
    detail = f"Partner Center reports the vetting status {row.vetting_status!r}, which this service does not know."
    remedy = "Look at the customer in Partner Center; the request is reviewed on."
    if step.record.status is Status.APPROVED:
        key = f"{Reason.UNKNOWN_VETTING_STATUS}:{row.vetting_status}"
        return alerted(step, Reason.UNKNOWN_VETTING_STATUS, detail, remedy, moment, key)
    return waits(step, Reason.UNKNOWN_VETTING_STATUS, detail, remedy, moment, news=str(row.vetting_status))


def overdue(step: Transition, moment: Moment) -> Transition:
    """The step, waiting for a decision where a vetting takes too long."""
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


def next_read(record: Record, moment: Moment) -> Work | None:
    """When the request is read next; None where nothing is to come."""
    if record.status is Status.IN_REVIEW:
        due = moment.review_at(moment.now - record.in_review_since)
    elif record.status is Status.APPROVED:
        due = moment.spread(moment.policy.review_approved)
    elif moment.now - record.ended_at < ENDED_FOR and (record.taken or record.out or record.attempts):
        due = moment.spread(moment.policy.review_ended)
    else:
        return None
    return Work(action=WorkAction.REVIEW, due=due)
