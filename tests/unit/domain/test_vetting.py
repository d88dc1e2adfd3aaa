from datetime import timedelta

import pytest

from qualification.domain.errors import PartnerCenterError
from qualification.domain.look import CustomerQualification
from qualification.domain.record import Posted, Record, RequestError, Status, Work, WorkAction
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import observed, review_postponed
from tests.unit.builders import (
    ACCESS_LOST,
    NOW,
    POLICY,
    REFUSED,
    TROUBLES,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    row,
    submitting,
    throttled,
    wanted,
)

HOUR = timedelta(hours=1)
ENDS = {"Approved": Status.APPROVED, "Denied": Status.DENIED, "InReview": Status.IN_REVIEW, None: Status.APPROVED}


def look(record: Record, found: CustomerQualification | None, after: timedelta = HOUR) -> Transition:
    """What an hour later is said to be there."""
    return observed(record, found, moment=Moment(NOW + after, 1.0, POLICY))


def fail(record: Record, error: PartnerCenterError, after: timedelta = HOUR) -> Record:
    """An hour later a look fails."""
    return review_postponed(record, error, alarm=False, moment=Moment(NOW + after, 1.0, POLICY)).record


@pytest.mark.parametrize("word", ENDS)
@pytest.mark.parametrize("record", [queued(), submitting(), in_review()], ids=lambda each: each.status)
def test_a_request_stands_where_partner_center_says(record: Record, word: str | None) -> None:
    """Whether it is the answer to its own call, a look before it, or a review."""
    transition = look(record, row(word))
    assert transition.record.status is ENDS[word]
    assert transition.record.vetting_status == word
    told = [event.data["status"] for event in transition.events]
    assert told == ([] if record.status is ENDS[word] else [ENDS[word]])


@pytest.mark.parametrize("word", ["OnHold", "Escalated to a team", "学校"])
def test_an_unknown_word_is_kept_and_reviewed_on(word: str) -> None:
    """Microsoft may add words at any time; none of them ends a request."""
    after = look(in_review(), row(word)).record
    assert (after.status, after.vetting_status) == (Status.IN_REVIEW, word)
    assert after.work
    assert after.work.action is WorkAction.REVIEW


def test_a_qualification_that_is_not_listed_is_still_in_review() -> None:
    """Partner Center lists some only when vetting ends; the last word it gave is kept."""
    after = look(in_review(), None).record
    assert (after.status, after.vetting_status) == (Status.IN_REVIEW, "InReview")


@pytest.mark.parametrize("found", [None, row("Denied")], ids=["not listed", "denied"])
def test_a_withdrawn_approval_is_revoked(found: CustomerQualification | None) -> None:
    """Subscribers learn of it, and nothing is left to do."""
    transition = look(approved(), found, POLICY.review_approved)
    assert (transition.record.status, transition.record.work) == (Status.REVOKED, None)
    assert transition.record.remedy
    (event,) = transition.events
    assert (event.data["previousStatus"], event.data["status"]) == ("Approved", "Revoked")


@pytest.mark.parametrize("word", ["Approved", "InReview", "OnHold", None])
def test_an_approval_that_is_looked_at_again_stays(word: str | None) -> None:
    """Only a denial or its absence takes it back."""
    transition = look(approved(), row(word), POLICY.review_approved)
    assert (transition.record.status, transition.events) == (Status.APPROVED, ())
    assert transition.record.history == approved().history


def test_approved_education_is_looked_at_again_after_thirty_days() -> None:
    """Microsoft takes it back where a school turns out to be none."""
    after = look(in_review(), row("Approved")).record
    assert after.work == Work(action=WorkAction.REVIEW, due=NOW + HOUR + timedelta(days=30))


@pytest.mark.parametrize("qualification", [Qualification.GOVERNMENT_COMMUNITY_CLOUD, Qualification.STATE_OWNED_ENTITY])
def test_other_approvals_are_final(qualification: Qualification) -> None:
    """Nobody takes them back, so nobody looks."""
    after = look(submitting(wanted(qualification)), row("Approved", qualification)).record
    assert (after.status, after.work) == (Status.APPROVED, None)


def test_a_finished_request_forgets_its_validation_code() -> None:
    """A secret that nothing needs any more is not kept."""
    record = submitting(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD))
    after = look(record, row("Approved", "GovernmentCommunityCloud")).record
    assert isinstance(after.request, GovernmentRequest)
    assert after.request.validation_code is None


def test_the_next_look_comes_later_the_older_the_vetting_is() -> None:
    """Counted from when it began, whatever has been seen since."""
    for age, wait in ((timedelta(minutes=10), timedelta(minutes=5)), (20 * HOUR, HOUR), (400 * HOUR, 4 * HOUR)):
        after = look(in_review(), row("InReview"), age).record
        assert after.work == Work(action=WorkAction.REVIEW, due=NOW + age + wait)


def test_a_vetting_begins_when_partner_center_has_the_request() -> None:
    """Not when it came in; before that there is no other time to tell."""
    began = look(queued(), row("InReview"), 3 * HOUR).record
    assert began.in_review_since == NOW + 3 * HOUR
    assert queued().in_review_since == NOW


def test_a_denial_says_what_to_do() -> None:
    """Microsoft's reason beside it, where there is one."""
    found = CustomerQualification(qualification="Education", vetting_status="Denied", vetting_reason="Not a school")
    after = look(in_review(), found).record
    assert (after.status, after.vetting_reason, after.work) == (Status.DENIED, "Not a school", None)
    assert after.remedy


def test_a_good_answer_ends_all_trouble() -> None:
    """Errors, back-off, lease and wait are of the past."""
    troubled = submitting(
        error=RequestError.of(UNAVAILABLE),
        remedy="Wait.",
        failures=3,
        failing_since=NOW,
        not_before=NOW,
        waiting_for="access-lost:x",
        raised=frozenset({"access-lost:x", "review-overdue"}),
    )
    after = look(troubled, row("InReview")).record
    assert (after.error, after.remedy, after.failures, after.failing_since) == (None, None, 0, None)
    assert (after.not_before, after.lease_until, after.ms_request_id, after.waiting_for) == (None, None, None, None)
    assert after.raised == {"review-overdue"}


def test_an_answer_settles_that_the_post_took_effect() -> None:
    """What was adopted without a POST has spent nothing."""
    assert look(submitting(), row("InReview")).record.posted is Posted.YES
    assert look(queued(), row("InReview")).record.posted is Posted.NO


@pytest.mark.parametrize("error", [REFUSED, *TROUBLES], ids=lambda error: error.code)
def test_a_look_that_fails_changes_nothing_but_the_next_look(error: PartnerCenterError) -> None:
    """Microsoft has the request; whatever keeps the service from looking does not end it."""
    before = in_review()
    after = fail(before, error)
    assert (after.status, after.history, after.vetting_status) == (before.status, before.history, before.vetting_status)
    assert (after.error, after.remedy) == (RequestError.of(error), error.remedy)
    assert after.work
    assert after.work.action is WorkAction.REVIEW
    assert after.work.due > NOW + HOUR


def test_looks_that_fail_back_off() -> None:
    """A 429 is no failure: its moment is waited for, and the back-off is where it was."""
    first = fail(in_review(), UNAVAILABLE)
    second = fail(first, UNAVAILABLE)
    assert (first.failures, second.failures) == (1, 2)
    assert second.work == Work(action=WorkAction.REVIEW, due=NOW + HOUR + POLICY.retry_delay(2, 1.0))
    third = fail(second, throttled(timedelta(days=1)))
    assert third.failures == 2
    assert third.work
    assert third.work.due >= NOW + timedelta(days=1)


def test_a_look_that_needs_a_person_waits_for_the_cause() -> None:
    """As a submission does."""
    after = fail(in_review(), ACCESS_LOST)
    assert after.waiting_for == "access-lost:invalid_grant"
