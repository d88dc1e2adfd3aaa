"""When a record is read next: ever less in review, and for as long as Microsoft may change its mind."""

from dataclasses import replace
from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.look import Look
from qualification.domain.record import Record, RequestError
from qualification.domain.request import Qualification
from qualification.domain.review import review_postponed, superseded
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.vetting import accepted_with, next_read
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    AT,
    NEW_DENIAL,
    NO_RELATIONSHIP,
    NOW,
    POLICY,
    REFUSED,
    TROUBLES,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    reviewed_as,
    row,
    submitting,
    throttled,
    wanted,
)
from tests.unit.domain.vetting_reads import DAY, HOUR, Reads, fail


def test_a_given_up_write_that_is_approved_is_read_soon() -> None:
    """A read, and only of the newest request, brings it back."""
    ended = submitting().entered(Status.FAILED, NOW, work=None)
    step = accepted_with(ended, row("Approved"), Look((), NOW), AT)
    assert step.record.work == Work(action=WorkAction.REVIEW, due=NOW + POLICY.review_first)
    assert step.events == ()


@pytest.mark.parametrize("qualification", Qualification)
def test_approvals_are_read_again_within_thirty_days(qualification: Qualification) -> None:
    """Of every qualification: Microsoft takes them back; spread, so that a day's approvals are not one day's reads."""
    after = reviewed_as(in_review(wanted(qualification)), "Approved")
    assert after.work == Work(action=WorkAction.REVIEW, due=NOW + timedelta(days=30))
    early = Moment(NOW, 0.0, POLICY)
    record = in_review(wanted(qualification))
    soonest = accepted_with(record, row("Approved", qualification), Look((), NOW), early).record
    assert soonest.work == Work(action=WorkAction.REVIEW, due=NOW + timedelta(days=15))


def test_what_has_ended_is_read_for_ninety_days() -> None:
    """Microsoft may change its mind, and a given-up write may take effect; then there is nothing to come."""
    reads = Reads(in_review())
    denied = reads.show(row("Denied", created=NEW_DENIAL)).record
    assert denied.work == Work(action=WorkAction.REVIEW, due=NOW + HOUR + POLICY.review_ended)
    assert reads.show(row("Denied", created=NEW_DENIAL), after=91 * DAY).record.work is None


@pytest.mark.parametrize(
    ("record", "days", "read_on"),
    [
        (queued(status=Status.CANCELLED), 0, False),
        (queued(status=Status.DENIED, taken=True), 0, True),
        (queued(status=Status.FAILED, out=True), 0, True),
        (queued(status=Status.FAILED, attempts=1), 0, True),
        (queued(status=Status.FAILED, attempts=1), 89, True),
        (queued(status=Status.FAILED, attempts=1), 90, False),
        (approved(), 365, True),
    ],
)
def test_what_has_ended_is_read_on_while_something_may_come(record: Record, days: int, *, read_on: bool) -> None:
    """For ninety days, if Microsoft may have had it; an approval as long as it stands."""
    moment = Moment(NOW + days * DAY, 1.0, POLICY)
    period = POLICY.review_approved if record.status is Status.APPROVED else POLICY.review_ended
    expected = Work(action=WorkAction.REVIEW, due=moment.now + period) if read_on else None
    assert next_read(record, moment) == expected


def test_the_next_read_comes_later_the_older_the_vetting_is() -> None:
    """Counted from when it began, whatever has been seen since."""
    for age, wait in ((timedelta(minutes=10), timedelta(minutes=5)), (20 * HOUR, HOUR), (100 * HOUR, 4 * HOUR)):
        after = Reads(in_review()).show(row("InReview"), after=age).record
        assert after.work == Work(action=WorkAction.REVIEW, due=NOW + age + wait)


def test_a_vetting_begins_when_partner_center_has_the_request() -> None:
    """Not when it came in; before that there is no other time to tell."""
    began = Reads(submitting()).show(row("InReview"), after=3 * HOUR).record
    assert began.in_review_since == NOW + 3 * HOUR
    assert queued().in_review_since == NOW


@pytest.mark.parametrize("error", [REFUSED, *TROUBLES], ids=lambda error: error.code)
def test_a_read_that_fails_changes_nothing_but_the_next_read(error: PartnerCenterError) -> None:
    """Microsoft has the request; whatever keeps the service from reading does not end it."""
    before = in_review()
    after = fail(before, error)
    assert (after.status, after.history, after.vetting_status) == (before.status, before.history, before.vetting_status)
    assert after.error == RequestError.of(error)
    assert after.work
    assert after.work.action is WorkAction.REVIEW
    assert after.work.due > NOW + HOUR


def test_reads_that_fail_back_off() -> None:
    """And never come sooner than Partner Center asked for."""
    first = fail(in_review(), UNAVAILABLE)
    second = fail(first, UNAVAILABLE)
    assert (first.failures, second.failures) == (1, 2)
    assert second.work == Work(action=WorkAction.REVIEW, due=NOW + HOUR + POLICY.retry_delay(2, 1.0))
    third = fail(second, throttled(timedelta(days=1)))
    assert third.work
    assert third.work.due >= NOW + timedelta(days=1)


def test_a_customer_that_is_gone_is_read_ever_less() -> None:
    """After 1, 2, 4 … at most 30 days; somebody is alerted once."""
    record, waits, alerts, now = in_review(), list[float](), 0, NOW
    for _ in range(7):
        step = review_postponed(record, NO_RELATIONSHIP, replace(AT, now=now))
        record, alerts = step.record, alerts + len(step.events)
        assert record.work
        waits.append((record.work.due - now) / DAY)
        now = record.work.due
    assert waits == [1, 2, 4, 8, 16, 30, 30]
    assert alerts == 1


def test_who_asks_for_a_customer_that_is_gone_does_not_delay_the_next_read() -> None:
    """Nor do the failures of an outage before."""
    record = in_review().changed(failures=9)
    for _ in range(9):
        record = review_postponed(record, NO_RELATIONSHIP, AT).record
    assert record.work
    assert record.work.due == NOW + DAY


def test_a_request_that_a_newer_one_speaks_for_has_nothing_to_come() -> None:
    """It is published no more."""
    step = superseded(in_review(), AT)
    assert (step.record.work, step.record.status, step.events) == (None, Status.IN_REVIEW, ())
