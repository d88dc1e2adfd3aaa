"""What comes of a write: not taken, in doubt, refused, or refused beside an earlier doubt."""

from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError, Throttled, Unsent
from qualification.domain.lifecycle import can_submit
from qualification.domain.outcome import came_of, failed, recoded, settled
from qualification.domain.record import Record, RequestError
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    ELSEWHERE,
    MS_REQUEST,
    NOW,
    POLICY,
    REFUSED,
    UNKNOWN,
    claim,
    in_review,
    queued,
    submitting,
    throttled,
    wanted,
)
from tests.unit.call_errors import IN_THE_WAY, NOT_TAKEN, OF_A_WRITE, UNAUTHORIZED, UNSENT
from tests.unit.domain.write_outcomes import IN_DOUBT, MINUTE, after, name


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


@pytest.mark.parametrize("ahead", [False, True], ids=["of the write", "of the read ahead of it"])
def test_a_refusal_answers_no_earlier_write(*, ahead: bool) -> None:
    """The first may have taken effect: a person decides, with Microsoft's words."""
    first = after(submitting(), UNKNOWN).record
    step = failed(first, REFUSED, Moment(NOW, 1.0, POLICY)) if ahead else after(claim(first), REFUSED)
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
        assert step.record.changed(write=record.write, out=record.out, ms_request_id=MS_REQUEST) == record


@pytest.mark.parametrize("error", OF_A_WRITE, ids=name)
def test_an_id_that_was_answered_goes_no_further(error: PartnerCenterError) -> None:
    """Also where a read showed the review before the answer came: a confirmed write must not get the same answer again."""
    in_time = after(submitting(), error).record
    late = settled(submitting(status=Status.IN_REVIEW), submitting(), error, Moment(NOW, 1.0, POLICY)).record
    assert in_time.status is Status.FAILED or late.ms_request_id == in_time.ms_request_id


def test_a_409_is_written_again_under_another_id() -> None:
    """It was answered; what is in the way is another matter."""
    record = after(submitting(), IN_THE_WAY).record
    assert (record.status, record.out, record.ms_request_id) == (Status.SUBMITTING, True, None)


def test_another_code_is_chosen_at_the_next_try() -> None:
    """The write with the one that is used up was refused, so nothing is out."""
    chosen, moment = (
        claim(queued(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)), code="used-up"),
        Moment(NOW, 1.0, POLICY),
    )
    record = recoded(chosen, REFUSED, moment).record
    assert isinstance(record.request, GovernmentRequest)
    assert (chosen.code_chosen, record.code_chosen, record.request.validation_code) == (True, False, None)
    assert (record.status, record.out, record.write, record.ms_request_id) == (Status.QUEUED, False, None, None)
    assert (record.not_before, record.work) == (None, Work(action=WorkAction.QUEUE, due=moment.retry_after(1)))
