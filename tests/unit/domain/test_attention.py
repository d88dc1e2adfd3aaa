from datetime import timedelta

import pytest
from qualification.domain.attention import cause_of, waiting, watched

from qualification.domain.errors import PersonNeeded
from qualification.domain.event import Event, EventType
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NO_RELATIONSHIP,
    NOW,
    OTHER_CUSTOMER,
    PERSON_NEEDED,
    POLICY,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
)

OVERDUE = POLICY.review_overdue + timedelta(seconds=1)


def wait(record: Record, error: PersonNeeded, *, alarm: bool = True) -> Transition:
    """The record meets the error."""
    return waiting(record, error, alarm=alarm, moment=Moment(NOW, 1.0, POLICY))


def watch(record: Record, age: timedelta = timedelta()) -> Transition:
    """The record is looked at, so long after its vetting began."""
    return watched(Transition(record), Moment(NOW + age, 1.0, POLICY))


def reasons(events: tuple[Event, ...]) -> list[object]:
    """Why a person should look."""
    return [event.data["reason"] for event in events if event.type is EventType.ATTENTION_REQUIRED]


@pytest.mark.parametrize("error", PERSON_NEEDED, ids=lambda error: error.code)
def test_the_one_to_raise_the_alarm_says_what_and_what_to_do(error: PersonNeeded) -> None:
    """In the words of the error."""
    (event,) = wait(queued(), error).events
    assert event.type is EventType.ATTENTION_REQUIRED
    assert event.data["reason"] == error.attention
    assert (event.data["detail"], event.data["remedy"]) == (error.description, error.remedy)


def test_others_wait_in_silence() -> None:
    """One event a cause, however many requests wait for it."""
    transition = wait(queued(), ACCESS_LOST, alarm=False)
    assert transition.events == ()
    assert transition.record.waiting_for == "access-lost:invalid_grant"


def test_the_alarm_is_raised_once_a_cause() -> None:
    """Not once a try."""
    again = wait(wait(queued(), ACCESS_LOST).record, ACCESS_LOST)
    assert again.events == ()


def test_another_cause_is_another_alarm() -> None:
    """And the first is mended with it, so that its return is news."""
    first = wait(queued(), ACCESS_LOST).record
    second = wait(first, NO_RELATIONSHIP)
    assert reasons(second.events) == ["access-lost"]
    assert reasons(wait(second.record, ACCESS_LOST).events) == ["access-lost"]


def test_a_partner_wide_cause_is_the_same_for_all_customers() -> None:
    """One refresh token serves them all; a missing relationship is one customer's."""
    assert cause_of(ACCESS_LOST, CUSTOMER) == cause_of(ACCESS_LOST, OTHER_CUSTOMER)
    assert cause_of(NO_RELATIONSHIP, CUSTOMER) != cause_of(NO_RELATIONSHIP, OTHER_CUSTOMER)


def test_an_error_that_needs_nobody_waits_for_nobody() -> None:
    """A network error mends itself, and the cause waited for before it is still waited for."""
    record = wait(queued(), ACCESS_LOST).record
    assert waiting(record, UNAVAILABLE, alarm=True, moment=Moment(NOW, 1.0, POLICY)) == Transition(record)


def test_an_unknown_word_is_told_once_a_word() -> None:
    """With the word in it."""
    first = watch(in_review(vetting_status="OnHold"))
    assert reasons(first.events) == ["unknown-vetting-status"]
    assert "OnHold" in str(first.events[0].data["detail"])
    assert watch(first.record).events == ()
    assert reasons(watch(first.record.changed(vetting_status="Escalated")).events) == ["unknown-vetting-status"]


def test_an_overdue_vetting_is_told_once() -> None:
    """After REVIEW_OVERDUE, with what to do."""
    assert watch(in_review(), POLICY.review_overdue).events == ()
    first = watch(in_review(), OVERDUE)
    assert reasons(first.events) == ["review-overdue"]
    assert first.events[0].data["remedy"]
    assert watch(first.record, 2 * OVERDUE).events == ()


def test_both_are_told_in_one_step() -> None:
    """Numbered one after the other."""
    events = watch(in_review(vetting_status="OnHold"), OVERDUE).events
    assert reasons(events) == ["unknown-vetting-status", "review-overdue"]
    assert events[1].sequence == events[0].sequence + 1


def test_only_a_vetting_is_watched() -> None:
    """What has ended, or not begun, is not overdue."""
    for record in (queued(), approved(vetting_status="OnHold")):
        assert watch(record, OVERDUE) == Transition(record)
