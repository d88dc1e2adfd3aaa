from datetime import timedelta

import pytest
from pydantic import SecretStr

from qualification.domain.errors import PartnerCenterError, PersonNeeded, Reaction
from qualification.domain.lifecycle import can_submit, claimed, postponed
from qualification.domain.record import HistoryEntry, Posted, Record, RequestError, Status, Work, WorkAction
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from tests.unit.builders import (
    CODE,
    MS_REQUEST,
    NOW,
    OLD_DENIAL,
    PERSON_NEEDED,
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

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


def postpone(record: Record, error: PartnerCenterError, *, sent: bool = True, after: timedelta = MINUTE) -> Transition:
    """A try that came to nothing, a minute later."""
    return postponed(record, error, sent=sent, alarm=False, moment=Moment(NOW + after, 1.0, POLICY))


def test_a_new_request_waits_in_the_queue() -> None:
    """Its work item queues it again, should its first message be lost."""
    record = queued()
    assert record.status is Status.QUEUED
    assert record.history == (HistoryEntry(status=Status.QUEUED, at=NOW),)
    assert record.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.retry_first)


def test_a_claim_takes_a_lease_and_notes_the_post_before_it_is_sent() -> None:
    """From here on it may have taken effect, and nobody else tries before the lease ends."""
    record = claim(queued(), denied_before=OLD_DENIAL)
    assert record.status is Status.SUBMITTING
    assert record.lease_until == NOW + POLICY.lease
    assert record.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.lease)
    assert (record.attempts, record.posted, record.ms_request_id) == (1, Posted.PERHAPS, MS_REQUEST)
    assert record.denied_before == OLD_DENIAL


def test_a_claim_keeps_the_code_that_was_chosen() -> None:
    """A repeat sends the same code."""
    record = claim(queued(wanted(GOVERNMENT, validationCode=None)), code=CODE)
    assert isinstance(record.request, GovernmentRequest)
    assert record.request.validation_code == SecretStr(CODE)


def test_a_claim_keeps_the_code_of_the_request() -> None:
    """None was chosen where the request names one."""
    record = claim(queued(wanted(GOVERNMENT)))
    assert isinstance(record.request, GovernmentRequest)
    assert record.request.validation_code == SecretStr(CODE)


def test_a_code_is_kept_while_the_request_is_unfinished() -> None:
    """A try that came to nothing is repeated with the same code, not with another one of the partner's."""
    record = claim(queued(wanted(GOVERNMENT, validationCode=None)), code=CODE)
    assert postpone(record, UNKNOWN).record.request == wanted(GOVERNMENT)


def test_a_claim_after_an_expired_lease_leaves_no_second_trace() -> None:
    """It has been Submitting all along."""
    first = submitting()
    again = claim(first, now=NOW + POLICY.lease)
    assert again.history == first.history
    assert again.attempts == 2


def test_an_older_denial_once_seen_is_not_forgotten() -> None:
    """A later look that sees none must not make the older one look like an answer."""
    assert claim(claim(queued(), denied_before=OLD_DENIAL)).denied_before == OLD_DENIAL


def test_a_queued_request_may_be_submitted_when_its_wait_is_over() -> None:
    """Not an instant earlier."""
    record = queued(not_before=NOW)
    assert not can_submit(record, NOW - INSTANT)
    assert can_submit(record, NOW)
    assert can_submit(queued(), NOW)


def test_a_claimed_request_may_be_submitted_when_its_lease_is_over() -> None:
    """Not an instant earlier, or two workers would send it."""
    assert not can_submit(submitting(), NOW + POLICY.lease - INSTANT)
    assert can_submit(submitting(), NOW + POLICY.lease)


@pytest.mark.parametrize(
    "record", [in_review(), approved(), queued(status=Status.FAILED)], ids=lambda each: each.status
)
def test_anything_else_is_not_submitted(record: Record) -> None:
    """A repeated message does nothing."""
    assert not can_submit(record, NOW + timedelta(days=365))


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
def test_a_try_that_came_to_nothing_goes_back_to_the_queue(error: PartnerCenterError) -> None:
    """It waits, says why, and its history shows no back and forth."""
    transition = postpone(submitting(), error)
    record = transition.record
    assert (record.status, record.lease_until, transition.events) == (Status.QUEUED, None, ())
    assert record.history == queued().history
    assert record.error == RequestError.of(error)
    assert record.remedy == error.remedy
    assert record.not_before
    assert record.not_before > NOW + MINUTE
    assert record.work == Work(action=WorkAction.QUEUE, due=record.not_before)


@pytest.mark.parametrize("record", [queued(), submitting()], ids=lambda each: each.status)
def test_a_refusal_is_final(record: Record) -> None:
    """Nothing is left to do; subscribers are told why, and what to do about it."""
    transition = postpone(record, REFUSED, sent=record.status is Status.SUBMITTING)
    after = transition.record
    assert (after.status, after.work, after.ms_request_id, after.lease_until) == (Status.FAILED, None, None, None)
    assert (after.error, after.remedy) == (RequestError.of(REFUSED), REFUSED.remedy)
    (event,) = transition.events
    assert event.data["status"] == "Failed"
    assert event.data["previousStatus"] == record.status


@pytest.mark.parametrize("error", [UNAVAILABLE, UNKNOWN], ids=lambda error: error.code)
def test_failing_for_too_long_is_final(error: PartnerCenterError) -> None:
    """After RETRY_FOR the service gives up, and says what the last error was."""
    record = submitting(failing_since=NOW, failures=70)
    assert postpone(record, error, after=POLICY.retry_for - INSTANT).record.status is Status.QUEUED
    after = postpone(record, error, after=POLICY.retry_for).record
    assert after.status is Status.FAILED
    assert after.error
    assert after.error.code == error.code
    assert error.description in after.error.description
    assert after.remedy


@pytest.mark.parametrize("error", [throttled(), *PERSON_NEEDED], ids=lambda error: error.code)
def test_waiting_is_not_failing(error: PartnerCenterError) -> None:
    """However long Partner Center or a person keeps it waiting, the request never fails for that."""
    after = postpone(submitting(failing_since=NOW, failures=7), error, after=timedelta(days=365)).record
    assert (after.status, after.failing_since, after.failures) == (Status.QUEUED, None, 7)


def test_failures_in_a_row_count_from_the_first() -> None:
    """The back-off doubles, and giving up is a matter of time since the first failure."""
    first = postpone(submitting(), UNAVAILABLE).record
    second = postpone(claim(first), UNAVAILABLE, after=2 * MINUTE).record
    assert (second.failures, second.failing_since) == (2, NOW + MINUTE)
    assert second.not_before == NOW + 2 * MINUTE + POLICY.retry_delay(2, 1.0)


def test_a_throttled_request_waits_for_partner_centers_moment() -> None:
    """Never tried before it."""
    error = throttled(timedelta(minutes=7))
    after = postpone(submitting(), error).record
    assert after.not_before
    assert after.not_before >= error.retry_at


@pytest.mark.parametrize("error", [REFUSED, *TROUBLES], ids=lambda error: error.code)
def test_only_an_unknown_outcome_leaves_a_post_in_doubt(error: PartnerCenterError) -> None:
    """Every other answer says for certain that nothing was set, so nothing was spent."""
    in_doubt = error.reaction is Reaction.RECONCILE
    assert postpone(submitting(), error).record.posted is (Posted.PERHAPS if in_doubt else Posted.NO)


@pytest.mark.parametrize("error", [REFUSED, *TROUBLES], ids=lambda error: error.code)
def test_what_comes_of_a_later_post_does_not_clear_an_earlier_one(error: PartnerCenterError) -> None:
    """The one that nobody answered may still have taken effect, and counts in the customer's education budget."""
    in_doubt = postpone(submitting(), UNKNOWN).record
    assert postpone(claim(in_doubt), error).record.posted is Posted.PERHAPS


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
def test_ms_request_id_is_kept_until_the_call_is_answered(error: PartnerCenterError) -> None:
    """The same id lets Partner Center see a repeat; after an answer the next call is another one."""
    after = postpone(submitting(), error).record
    assert after.ms_request_id == (None if error.answered else MS_REQUEST)


def test_a_look_that_fails_answers_no_post() -> None:
    """Whatever the look met, the POST before it is as much in doubt as it was, and keeps its id."""
    in_doubt = postpone(submitting(), UNKNOWN).record
    for error in TROUBLES:
        after = postpone(in_doubt, error, sent=False).record
        assert (after.posted, after.ms_request_id) == (Posted.PERHAPS, MS_REQUEST)


@pytest.mark.parametrize("error", TROUBLES, ids=lambda error: error.code)
def test_a_look_that_fails_counts_as_an_attempt_unless_throttled(error: PartnerCenterError) -> None:
    """A caller sees that something was tried; a 429 says that nothing was."""
    after = postpone(queued(), error, sent=False).record
    assert after.attempts == (0 if error.reaction is Reaction.AFTER else 1)


@pytest.mark.parametrize("error", PERSON_NEEDED, ids=lambda error: error.code)
def test_a_request_that_needs_a_person_waits_for_the_cause(error: PersonNeeded) -> None:
    """So that everybody who waits for the same thing goes on once it is mended."""
    waiting_for = postpone(submitting(), error).record.waiting_for
    assert waiting_for
    assert waiting_for.startswith(f"{error.attention}:{error.code}")


def test_a_step_leaves_the_record_before_it_as_it_was() -> None:
    """A worker that loses the race decides again from what it had read."""
    before = queued()
    copy = before.model_copy(deep=True)
    claimed(before, ms_request_id=MS_REQUEST, denied_before=None, validation_code=None, moment=Moment(NOW, 1.0, POLICY))
    postpone(before, REFUSED, sent=False)
    assert before == copy
