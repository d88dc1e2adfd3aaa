"""What one read makes of a request that Partner Center has, had, or once refused: field by field."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.customer import Certainty, Customer, Sighting, Verification
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Doubtful, Record, RequestError, Write
from qualification.domain.remedies import denial_remedy
from qualification.domain.review import review_postponed, reviewed, superseded
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CUSTOMER,
    NEW_DENIAL,
    NOW,
    OLD_DENIAL,
    POLICY,
    REFUSED,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    row,
    submitting,
    throttled,
)
from tests.unit.domain.vetting_reads import DAY, HOUR, Reads, fail

OLD = row("Denied", created=OLD_DENIAL)
NEW = row("Denied", created=NEW_DENIAL)
THROTTLED = Write(at=NOW, claimed_at=NOW, settled=True, throttled=True)
SETTLED = Write(at=NOW, claimed_at=NOW, settled=True)
TROUBLE: dict[str, Any] = {"failures": 4, "unread_since": NOW, "checked_at": NOW}


def read_at(due: timedelta) -> Work:
    """The next read, so long after NOW."""
    return Work(action=WorkAction.REVIEW, due=NOW + due)


def waits_for(reason: Reason) -> Waiting:
    """What a request waits for, and somebody was alerted to."""
    return Waiting(reason=reason, detail="d", remedy="r", since=NOW, alerted=True)


@pytest.mark.parametrize("unreadable", [0, 1, 2])
@pytest.mark.parametrize(
    "record",
    [submitting(), in_review(), approved(doubtful=Doubtful(row=NEW, since=NOW - POLICY.review_again))],
    ids=lambda each: each.status,
)
def test_a_denial_counts_what_cannot_be_read_as_a_verification_spent(record: Record, unreadable: int) -> None:
    """Who reads what to do about it is not sent into a request that Microsoft would refuse."""
    spent = Verification(certainty=Certainty.CERTAIN, request_id=record.request_id)
    seen = Sighting(row=NEW, look=1, at=NOW)
    customer = Customer(customer_tenant_id=CUSTOMER, looks=1, sightings=(seen,), verifications=(spent,))
    after = reviewed(record, customer, unreadable, Look((NEW,), NOW), Moment(NOW, 1.0, POLICY)).record
    assert after.status is (Status.REVOKED if record.status is Status.APPROVED else Status.DENIED)
    assert after.remedy == denial_remedy(record, NEW, after.status, 2 - unreadable)


@pytest.mark.parametrize("status", [Status.FAILED, Status.DENIED, Status.REVOKED])
def test_a_read_of_what_has_ended_says_only_when_it_was_and_when_the_next_is(status: Status) -> None:
    """The operator sees that it is still looked at, and that earlier reads that failed are over."""
    ended = in_review(**TROUBLE).entered(status, NOW)
    assert Reads(ended).show() == Transition(
        ended.changed(checked_at=NOW + HOUR, unread_since=None, failures=0, work=read_at(HOUR + POLICY.review_ended))
    )


@pytest.mark.parametrize(
    ("reason", "write", "is_over"),
    [
        (Reason.THROTTLED, None, True),
        (Reason.THROTTLED, SETTLED, True),
        (Reason.THROTTLED, THROTTLED, False),
        (Reason.CUSTOMER_UNREACHABLE, THROTTLED, True),
        (Reason.OUTCOME_UNKNOWN, SETTLED, False),
        (Reason.ACCOUNT_UNDER_REVIEW, None, False),
    ],
)
def test_a_wait_for_the_customer_ends_with_a_read_of_it(reason: Reason, write: Write | None, is_over: bool) -> None:  # noqa: FBT001  a column of the table
    """A write that was answered 429 waits for its own outcome, and a decision for a person."""
    record = in_review(write=write, waiting=waits_for(reason))
    assert Reads(record).show().record.waiting == (None if is_over else record.waiting)


def test_a_review_without_a_row_is_read_on_as_its_age_says() -> None:
    """Since when it shows nothing is kept, so that a day later a person may say how it goes on."""
    record = in_review(**TROUBLE)
    reads = Reads(record)
    for after in (HOUR, 20 * HOUR):
        step = reads.show(after=after)
        assert step == Transition(
            record.changed(
                checked_at=NOW + after,
                unread_since=None,
                failures=0,
                doubtful=Doubtful(row=None, since=NOW + HOUR),
                work=read_at(after + max(POLICY.review_first, after * POLICY.review_growth)),
            )
        )


def test_a_denial_that_may_be_an_old_one_is_read_again_in_an_hour() -> None:
    """It breaks the row of reads that show nothing; another denial begins the hour anew, the same one does not."""
    write = SETTLED.model_copy(update={"looks": 3})
    record = in_review(**TROUBLE, write=write)
    reads = Reads(record)
    for denial, after, since in ((OLD, 1.0, 1.0), (OLD, 1.5, 1.0), (row("Denied"), 1.75, 1.75)):
        assert reads.show(denial, after=after * HOUR) == Transition(
            record.changed(
                checked_at=NOW + after * HOUR,
                unread_since=None,
                failures=0,
                doubtful=Doubtful(row=denial, since=NOW + since * HOUR),
                write=SETTLED,
                work=read_at(after * HOUR + HOUR),
            )
        )


def test_a_review_of_which_no_write_is_known_may_show_an_old_denial_too() -> None:
    """It was adopted; there is no row of reads to break."""
    after = Reads(in_review(write=None)).show(OLD).record
    assert (after.status, after.write, after.doubtful) == (
        Status.IN_REVIEW,
        None,
        Doubtful(row=OLD, since=NOW + HOUR),
    )


def test_an_approval_that_shows_is_read_again_in_a_month() -> None:
    """Nothing else becomes of it; a loss that one read showed is forgotten."""
    record = approved(**TROUBLE, doubtful=Doubtful(row=None, since=NOW))
    assert Reads(record).show(row("Approved")) == Transition(
        record.changed(
            checked_at=NOW + HOUR,
            unread_since=None,
            failures=0,
            doubtful=None,
            work=read_at(HOUR + POLICY.review_approved),
        )
    )


@pytest.mark.parametrize("rows", [(), (NEW.model_copy(update={"vetting_reason": "Not an Academic Domain"}),)])
def test_a_loss_is_kept_from_its_first_read_on_and_told_with_microsofts_reason(
    rows: tuple[CustomerQualification, ...],
) -> None:
    """Reads in between do not put it off, and subscribers get what the last one showed."""
    record, shown = approved(), rows[0] if rows else None
    reads = Reads(record)
    for after in (HOUR, 4 * HOUR):
        assert reads.show(*rows, after=after) == Transition(
            record.changed(
                checked_at=NOW + after,
                doubtful=Doubtful(row=shown, since=NOW + HOUR),
                work=read_at(after + POLICY.review_again),
            )
        )
    (event,) = reads.show(*rows, after=7 * HOUR).events
    assert (event.data["status"], event.data["vettingStatus"], event.data["vettingReason"]) == (
        ("Revoked", "Denied", "Not an Academic Domain") if rows else ("Revoked", "Approved", None)
    )


@pytest.mark.parametrize("status", [Status.APPROVED, Status.DENIED, Status.FAILED])
def test_what_has_ended_keeps_its_own_error_where_a_read_fails(status: Status) -> None:
    """A caller reads why the request failed, not that Partner Center was down a month later."""
    error = RequestError.of(REFUSED)
    assert fail(in_review(status=status, error=error), UNAVAILABLE).error == error
    assert fail(in_review(error=error), UNAVAILABLE).error == RequestError.of(UNAVAILABLE)


def test_a_pause_does_not_count_as_a_customer_out_of_reach() -> None:
    """Partner Center has answered; only since the first read that truly failed is counted."""
    assert fail(in_review(), throttled()).unread_since is None
    failed = fail(in_review(), UNAVAILABLE)
    assert failed.unread_since == NOW + HOUR
    assert fail(failed, throttled(), 2 * HOUR).unread_since == NOW + HOUR
    assert fail(failed, UNAVAILABLE, 3 * HOUR).unread_since == NOW + HOUR


def test_an_outage_of_all_alerts_nobody_to_one_customer() -> None:
    """Only where others are answered meanwhile, and only about what is unfinished."""
    at = Moment(NOW + DAY, 1.0, POLICY)
    assert review_postponed(in_review(unread_since=NOW), UNAVAILABLE, at).record.waiting is None
    alone = review_postponed(in_review(unread_since=NOW), UNAVAILABLE, at, alone=True).record.waiting
    assert alone
    assert alone.reason is Reason.CUSTOMER_UNREACHABLE
    assert review_postponed(approved(unread_since=NOW), UNAVAILABLE, at, alone=True).record.waiting is None


def test_only_a_given_up_write_is_read_on_beside_a_newer_request() -> None:
    """Should the newer one end before anything is sent, what came of that write is this one's answer again."""
    given_up = submitting(status=Status.FAILED, request_id=UUID(int=7))
    at = Moment(NOW, 1.0, POLICY)
    assert superseded(given_up, at) == Transition(given_up.changed(work=read_at(POLICY.review_ended)))
    for record in (given_up.changed(out=False), submitting(), approved(), queued()):
        assert superseded(record, at) == Transition(record.changed(work=None))
