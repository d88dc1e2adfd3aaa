from datetime import timedelta

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, Refused, Throttled, Unsent
from qualification.domain.lifecycle import can_submit, claimed
from qualification.domain.look import Look
from qualification.domain.outcome import came_of, failed, postponed, settled
from qualification.domain.record import Record, RequestError
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CODE,
    ELSEWHERE,
    MS_REQUEST,
    NO_RELATIONSHIP,
    NOW,
    POLICY,
    REFUSED,
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
from tests.unit.life import IN_THE_WAY, NOT_TAKEN, OF_A_WRITE, UNAUTHORIZED, UNSENT

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
OF_A_READ = [each for each in TROUBLES if each is not UNKNOWN]
IN_DOUBT = [each for each in OF_A_WRITE if isinstance(each, OutcomeUnknown | Throttled)]


def after(record: Record, error: PartnerCenterError, by: timedelta = MINUTE) -> Transition:
    """What comes of its write, a minute later."""
    return came_of(record, error, Moment(NOW + by, 1.0, POLICY))


def later(record: Record, error: PartnerCenterError, by: timedelta = MINUTE) -> Record:
    """The read ahead of a write fails, a minute later."""
    return postponed(record, error, Moment(NOW + by, 1.0, POLICY)).record


def name(value: Record | PartnerCenterError) -> str:
    """A name for a parameter."""
    return value.status if isinstance(value, Record) else value.code


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


@pytest.mark.parametrize("error", NOT_TAKEN, ids=name)
def test_a_write_that_was_not_taken_goes_back_to_the_queue(error: PartnerCenterError) -> None:
    """It waits, says why, and its history shows no back and forth."""
    record = after(submitting(), error).record
    assert (record.status, record.out, record.write) == (Status.QUEUED, False, None)
    assert record.history == queued().history
    assert (record.error, record.remedy) == (RequestError.of(error), error.remedy)
    assert record.not_before
    assert record.not_before > NOW + MINUTE
    assert record.work == Work(action=WorkAction.QUEUE, due=record.not_before)


@pytest.mark.parametrize("error", OF_A_WRITE, ids=name)
def test_only_what_left_this_machine_is_an_attempt(error: PartnerCenterError) -> None:
    """A caller sees how often it may have reached Microsoft."""
    assert after(submitting(), error).record.attempts == (0 if isinstance(error, Unsent) else 1)


@pytest.mark.parametrize("error", OF_A_WRITE, ids=name)
def test_the_ms_request_id_is_kept_or_renewed_as_the_table_says(error: PartnerCenterError) -> None:
    """Kept where the repeat is the same call to Partner Center, new after it has refused the last."""
    kept = {UNSENT.code, UNKNOWN.code, throttled().code, UNAUTHORIZED.code, ELSEWHERE.code}
    expected = MS_REQUEST if error.code in kept else None
    assert after(submitting(), error).record.ms_request_id == expected


@pytest.mark.parametrize("error", IN_DOUBT, ids=name)
def test_a_write_in_doubt_stays_and_is_read_on(error: PartnerCenterError) -> None:
    """Nothing is sent again by a message; the next read comes on the review schedule."""
    record = after(submitting(), error).record
    assert (record.status, record.out, record.attempts) == (Status.SUBMITTING, True, 1)
    assert record.work == Work(action=WorkAction.REVIEW, due=NOW + MINUTE + POLICY.review_first)
    assert record.write
    assert record.write.settled
    assert not can_submit(record, NOW + timedelta(days=9))


@pytest.mark.parametrize("error", IN_DOUBT, ids=name)
def test_a_429_is_not_one_of_the_two_writes(error: PartnerCenterError) -> None:
    """A 409 is, and so is what nobody answered."""
    assert after(submitting(), error).record.writes == (0 if isinstance(error, Throttled) else 1)


def test_a_429_waits_in_silence() -> None:
    """It hardly took effect, and the pause holds everybody anyway."""
    step = after(submitting(), throttled())
    assert step.record.waiting
    assert (step.record.waiting.reason, step.events) == (Reason.THROTTLED, ())


@pytest.mark.parametrize("record", [queued(), submitting()], ids=name)
def test_a_refusal_is_final(record: Record) -> None:
    """Subscribers hear why, and what to do about it; what was written is read on, once a week."""
    moment = Moment(NOW, 1.0, POLICY)
    step = failed(record, REFUSED, moment) if record.status is Status.QUEUED else came_of(record, REFUSED, moment)
    record_ = step.record
    work = Work(action=WorkAction.REVIEW, due=NOW + POLICY.review_ended) if record.attempts else None
    assert (record_.status, record_.work, record_.ms_request_id, record_.out) == (Status.FAILED, work, None, False)
    assert (record_.error, record_.remedy) == (RequestError.of(REFUSED), REFUSED.remedy)
    (event,) = step.events
    assert event.data["status"] == "Failed"
    assert event.data["previousStatus"] == record.status


def test_a_refusal_answers_no_earlier_write() -> None:
    """The first may have taken effect: a person decides, with Microsoft's words."""
    first = after(submitting(), UNKNOWN).record
    step = after(claim(first), REFUSED)
    assert (step.record.status, step.record.out) == (Status.SUBMITTING, True)
    assert step.record.waiting
    assert step.record.waiting.reason is Reason.OUTCOME_UNKNOWN
    assert REFUSED.description in step.record.waiting.detail
    assert [event.data["reason"] for event in step.events] == ["outcome-unknown"]


@pytest.mark.parametrize("error", NOT_TAKEN, ids=name)
def test_what_was_not_taken_leaves_an_earlier_write_in_doubt(error: PartnerCenterError) -> None:
    """As it was, with its own moment."""
    first = after(submitting(), UNKNOWN).record
    record = after(claim(first), error).record
    assert (record.status, record.out, record.write, record.earlier) == (Status.SUBMITTING, True, first.write, None)
    assert record.work
    assert record.work.action is WorkAction.REVIEW


@pytest.mark.parametrize("error", OF_A_WRITE, ids=name)
def test_a_review_stays_one_whatever_comes_of_a_confirmed_write(error: PartnerCenterError) -> None:
    """Microsoft has it, or had it; what is refused or not sent is the second write only, adopted or not."""
    for review in (in_review(), in_review(attempts=0, writes=0, write=None)):
        record = after(claim(review), error).record
        assert (record.status, record.out) == (Status.IN_REVIEW, True)
        assert record.work
        assert record.work.action is WorkAction.REVIEW


@pytest.mark.parametrize("error", OF_A_WRITE, ids=name)
def test_an_outcome_that_comes_too_late_changes_nothing(error: PartnerCenterError) -> None:
    """A person has ended it, or a read has shown its answer."""
    for status in set(Status) - {Status.QUEUED, Status.SUBMITTING}:
        record = submitting(status=status)
        step = settled(record, submitting(), error, Moment(NOW, 1.0, POLICY))
        assert step.events == ()
        assert step.record.write
        assert step.record.write.settled
        assert step.record.changed(write=record.write, out=record.out) == record


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


def test_a_409_is_written_again_under_another_id() -> None:
    """It was answered; what is in the way is another matter."""
    record = after(submitting(), IN_THE_WAY).record
    assert (record.status, record.out, record.ms_request_id) == (Status.SUBMITTING, True, None)


def test_a_step_leaves_the_record_before_it_as_it_was() -> None:
    """A worker that loses the race decides again from what it had read."""
    before = queued()
    copy = before.model_copy(deep=True)
    claim(before)
    later(before, UNAVAILABLE)
    failed(before, Refused("2000", "No.", remedy="Correct it."), Moment(NOW, 1.0, POLICY))
    assert before == copy
