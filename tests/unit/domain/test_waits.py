"""What a request that must not go now waits for, when it is looked at again, and who is alerted to it."""

from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.decision import Wait
from qualification.domain.lifecycle import held
from qualification.domain.record import Record, RequestError
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.try_later import later
from qualification.domain.waiting import Kind, Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    ACCESS_LOST,
    AT,
    NO_RELATIONSHIP,
    NOW,
    POLICY,
    UNAVAILABLE,
    in_review,
    queued,
    submitting,
    throttled,
)
from tests.unit.call_errors import ALONE, UNDER_REVIEW

HOUR = timedelta(hours=1)
LATER = Moment(NOW + HOUR, 1.0, POLICY)
CONFIRMED = frozenset({Reason.OUTCOME_UNKNOWN})
QUEUE, REVIEW = WorkAction.QUEUE, WorkAction.REVIEW


def hold(record: Record, reason: Reason, news: str = "", moment: Moment = LATER) -> Transition:
    """The record waits for this now."""
    return held(record, Wait(reason, "What has happened.", "What to do.", news), moment)


@pytest.mark.parametrize("reason", [each for each in Reason if each is not Reason.DAILY_LIMIT])
def test_what_is_held_says_for_what_it_waits(reason: Reason) -> None:
    """From now on and with an alert; a hint for it does nothing before it is due, so none is counted as waiting."""
    step = hold(queued(), reason)
    assert step.record.waiting == Waiting(
        reason=reason, detail="What has happened.", remedy="What to do.", since=LATER.now, alerted=True
    )
    assert [event.data["reason"] for event in step.events] == [reason]
    assert (step.record.hinted_at, step.record.updated_at) == (None, LATER.now)
    assert step.record.work
    assert step.record.work.due == step.record.not_before


@pytest.mark.parametrize("reason", Reason)
def test_what_is_held_is_looked_at_again(reason: Reason) -> None:
    """A decision after a week; a business state in hours; an unclear status when a second read counts."""
    wait = {Kind.DECISION: POLICY.review_ended, Kind.CAUSE: 4 * POLICY.retry_max}[reason.kind]
    if reason is Reason.STATUS_UNCLEAR:
        wait = POLICY.review_again
    assert hold(queued(), reason).record.work == Work(action=QUEUE, due=LATER.now + wait)


@pytest.mark.parametrize(
    ("record", "reason", "action"),
    [
        (queued(), Reason.LAST_ATTEMPT, QUEUE),
        (queued(confirmed=CONFIRMED), Reason.LAST_ATTEMPT, QUEUE),
        (queued(), Reason.COMBINATION_IN_REVIEW, QUEUE),
        (submitting(), Reason.LAST_ATTEMPT, REVIEW),
        (submitting(confirmed=CONFIRMED), Reason.LAST_ATTEMPT, REVIEW),
        (submitting(), Reason.COMBINATION_IN_REVIEW, REVIEW),
        (submitting(confirmed=CONFIRMED), Reason.COMBINATION_IN_REVIEW, QUEUE),
        (in_review(confirmed=CONFIRMED), Reason.STATUS_UNCLEAR, QUEUE),
    ],
)
def test_a_write_that_is_out_is_read_on_while_it_is_held(record: Record, reason: Reason, action: WorkAction) -> None:
    """Its answer may come any time; but what a person has confirmed goes by itself when the cause is gone."""
    work = hold(record, reason).record.work
    assert work
    assert work.action is action


def test_a_write_that_is_out_is_read_as_often_as_before_while_a_person_decides() -> None:
    """Counted from the write: its answer may come in minutes."""
    assert hold(submitting(), Reason.LAST_ATTEMPT).record.not_before == LATER.review_at(HOUR)


def test_the_alert_about_a_daily_limit_is_about_the_source() -> None:
    """Once a day, and not once a request of a CRM that runs wild."""
    step = hold(queued(), Reason.DAILY_LIMIT)
    assert step.events == ()
    assert step.record.waiting
    assert (step.record.waiting.reason, step.record.waiting.alerted) == (Reason.DAILY_LIMIT, False)


def test_the_last_attempt_is_news_once_a_write() -> None:
    """After another write it is another decision; until then nobody is asked twice."""
    first = hold(queued(attempts=1), Reason.LAST_ATTEMPT, "anything").record
    assert first.raised == {"last-attempt:1"}
    assert hold(first, Reason.LAST_ATTEMPT).events == ()
    (event,) = hold(first.changed(attempts=2), Reason.LAST_ATTEMPT).events
    assert event.data["reason"] == "last-attempt"


def test_any_other_wait_is_news_when_what_is_met_is_new() -> None:
    """An unknown word once a word."""
    first = hold(queued(), Reason.UNKNOWN_VETTING_STATUS, "OnHold").record
    assert first.raised == {"unknown-vetting-status:OnHold"}
    assert hold(first, Reason.UNKNOWN_VETTING_STATUS, "OnHold").events == ()
    assert len(hold(first, Reason.UNKNOWN_VETTING_STATUS, "Escalated").events) == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (UNDER_REVIEW, Reason.ACCOUNT_UNDER_REVIEW),
        (ALONE, Reason.THROTTLED),
        (NO_RELATIONSHIP, Reason.CUSTOMER_UNREACHABLE),
        (throttled(), None),
        (UNAVAILABLE, None),
        (ACCESS_LOST, None),
    ],
)
def test_only_what_is_wrong_with_one_customer_is_that_requests_wait(
    error: PartnerCenterError, reason: Reason | None
) -> None:
    """What holds everybody is told once for everybody."""
    step = later(queued(), error, LATER)
    expected = reason and Waiting(
        reason=reason, detail=error.description, remedy=error.remedy, since=LATER.now, alerted=True
    )
    assert step.record.waiting == expected
    assert [event.data["reason"] for event in step.events] == ([reason] if reason else [])


def test_what_could_not_be_sent_is_tried_again_with_what_went_wrong() -> None:
    """And its hint was taken: the timer does not follow it as one that nobody heard."""
    after = later(queued(failures=1), UNAVAILABLE, LATER).record
    due = LATER.now + POLICY.retry_delay(2, 1.0)
    assert after == queued(
        updated_at=LATER.now,
        error=RequestError.of(UNAVAILABLE),
        remedy="Wait.",
        failures=2,
        not_before=due,
        hinted_at=None,
        work=Work(action=QUEUE, due=due),
    )


@pytest.mark.parametrize(
    ("record", "status", "action"),
    [
        (queued(), Status.QUEUED, QUEUE),
        (submitting(out=False), Status.QUEUED, QUEUE),
        (submitting(), Status.SUBMITTING, REVIEW),
        (submitting(confirmed=CONFIRMED), Status.SUBMITTING, QUEUE),
        (in_review(), Status.IN_REVIEW, REVIEW),
        (in_review(confirmed=CONFIRMED), Status.IN_REVIEW, QUEUE),
    ],
)
def test_what_is_out_is_read_again_and_the_rest_is_sent_again(
    record: Record, status: Status, action: WorkAction
) -> None:
    """What a person has confirmed goes on until a write has left."""
    after = later(record, UNAVAILABLE, AT).record
    assert after.status is status
    assert after.work
    assert after.work.action is action
