from datetime import timedelta

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError, Refused
from qualification.domain.lifecycle import can_submit, claimed
from qualification.domain.look import Look
from qualification.domain.outcome import failed, postponed
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CODE,
    MS_REQUEST,
    NO_RELATIONSHIP,
    NOW,
    POLICY,
    TROUBLES,
    UNAVAILABLE,
    UNKNOWN,
    approved,
    claim,
    in_review,
    queued,
    submitting,
    throttled,
    wanted,
)
from tests.unit.domain.write_outcomes import INSTANT, MINUTE, after, later, name

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
OF_A_READ = [each for each in TROUBLES if each is not UNKNOWN]


def test_a_new_request_waits_in_the_queue() -> None:
    """Its work item queues it again, should its first message be lost."""
    record = queued()
    assert record.status is Status.QUEUED
    assert record.history == (HistoryEntry(status=Status.QUEUED, at=NOW),)
    assert record.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.retry_first)


def test_a_claim_notes_the_write_before_it_is_sent() -> None:
    """From here on it may have taken effect; it is read on, and nobody queues it."""
    record = claim(queued())
    assert (record.status, record.attempts, record.writes, record.out) == (Status.SUBMITTING, 1, 1, True)
    assert record.ms_request_id == MS_REQUEST
    assert record.write
    assert (record.write.claimed_at, record.write.settled, record.write.looks) == (NOW, False, 0)
    assert record.work
    assert record.work.action is WorkAction.REVIEW
    assert record.work.due >= NOW + POLICY.write_timeout + POLICY.review_first


def test_a_claim_knows_what_stood_there_before_it() -> None:
    """What the read ahead of the first write showed answers nothing; a later claim does not change that."""
    look = Look((), NOW - MINUTE)
    moment = Moment(NOW, 1.0, POLICY)
    first = claimed(queued(), look, 3, ms_request_id=MS_REQUEST, validation_code=None, moment=moment).record
    assert (first.known_look, first.first_look_at) == (3, NOW - MINUTE)
    again = claimed(first, Look((), NOW), 7, ms_request_id=MS_REQUEST, validation_code=None, moment=moment).record
    assert (again.known_look, again.first_look_at) == (3, NOW - MINUTE)


def test_a_claim_keeps_the_code_that_was_chosen() -> None:
    """A repeat sends the same code."""
    record = claim(queued(wanted(GOVERNMENT, validationCode=None)), code=CODE)
    assert isinstance(record.request, GovernmentRequest)
    assert record.request.validation_code == SecretStr(CODE)
    assert after(record, UNKNOWN).record.request == wanted(GOVERNMENT)


def test_a_claim_keeps_the_code_of_the_request() -> None:
    """None was chosen where the request names one."""
    record = claim(queued(wanted(GOVERNMENT)))
    assert isinstance(record.request, GovernmentRequest)
    assert record.request.validation_code == SecretStr(CODE)


def test_a_second_claim_leaves_no_second_trace() -> None:
    """It has been Submitting all along."""
    again = claim(submitting())
    assert again.history == submitting().history
    assert (again.attempts, again.earlier) == (2, submitting().write)


def test_a_queued_request_may_be_submitted_when_its_wait_is_over() -> None:
    """Not an instant earlier."""
    record = queued(not_before=NOW)
    assert not can_submit(record, NOW - INSTANT)
    assert can_submit(record, NOW)
    assert can_submit(queued(), NOW)


@pytest.mark.parametrize("record", [submitting(), in_review(), approved(), queued(status=Status.FAILED)], ids=name)
def test_anything_else_is_not_submitted(record: Record) -> None:
    """A repeated message does nothing, however much later: there is no lease that ends."""
    assert not can_submit(record, NOW + timedelta(days=365))


@pytest.mark.parametrize("record", [submitting(), in_review()], ids=name)
def test_what_is_out_is_written_again_once_it_is_on_the_queue(record: Record) -> None:
    """The rules of doubt, or a person, have put it there."""
    assert can_submit(record.changed(work=Work(action=WorkAction.QUEUE, due=NOW)), NOW)


@pytest.mark.parametrize("error", OF_A_READ, ids=name)
def test_time_alone_fails_nothing(error: PartnerCenterError) -> None:
    """However long Partner Center or a person keeps it waiting."""
    record = later(queued(failures=70), error, timedelta(days=365))
    assert (record.status, record.attempts) == (Status.QUEUED, 0)


def test_failures_in_a_row_back_off() -> None:
    """The wait doubles."""
    first = later(queued(), UNAVAILABLE)
    second = later(first, UNAVAILABLE, 2 * MINUTE)
    assert second.failures == 2
    assert second.not_before == NOW + 2 * MINUTE + POLICY.retry_delay(2, 1.0)


def test_a_throttled_read_waits_for_partner_centers_moment() -> None:
    """Never tried before it."""
    error = throttled(timedelta(minutes=7))
    record = later(queued(), error)
    assert record.not_before
    assert record.not_before >= error.retry_at


@pytest.mark.parametrize("error", OF_A_READ, ids=name)
def test_a_read_that_fails_answers_no_write(error: PartnerCenterError) -> None:
    """The write before it is as much in doubt as it was, and keeps its id."""
    in_doubt = after(submitting(), UNKNOWN).record
    record = later(in_doubt, error)
    assert (record.status, record.out, record.ms_request_id) == (Status.SUBMITTING, True, MS_REQUEST)
    assert (record.attempts, record.write) == (1, in_doubt.write)


def test_a_customer_that_is_not_related_yet_is_tried_after_an_hour_and_then_daily() -> None:
    """It may be related any hour; later nobody expects it to be."""
    first = later(queued(), NO_RELATIONSHIP)
    assert first.not_before == NOW + MINUTE + timedelta(hours=1)
    assert first.waiting
    assert first.waiting.reason is Reason.CUSTOMER_UNREACHABLE
    assert later(first, NO_RELATIONSHIP).not_before == NOW + MINUTE + timedelta(days=1)


def test_a_customer_that_alone_cannot_be_read_alerts_somebody_after_hours() -> None:
    """While everybody waits for Partner Center nobody is alerted for one of them."""
    record = later(queued(), UNAVAILABLE, timedelta())
    soon, late = Moment(NOW + timedelta(hours=4) - INSTANT, 1.0, POLICY), Moment(NOW + timedelta(hours=4), 1.0, POLICY)
    assert postponed(record, UNAVAILABLE, soon, alone=True).events == ()
    assert postponed(record, UNAVAILABLE, late, alone=False).events == ()
    (event,) = postponed(record, UNAVAILABLE, late, alone=True).events
    assert event.data["reason"] == "customer-unreachable"


def test_a_step_leaves_the_record_before_it_as_it_was() -> None:
    """A worker that loses the race decides again from what it had read."""
    before = queued()
    copy = before.model_copy(deep=True)
    claim(before)
    later(before, UNAVAILABLE)
    failed(before, Refused("2000", "No.", remedy="Correct it."), Moment(NOW, 1.0, POLICY))
    assert before == copy
