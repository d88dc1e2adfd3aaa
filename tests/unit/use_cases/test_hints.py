"""Hints on the queue: repeated until somebody acts on them, followed by the timer, and at once when a person confirms."""

from datetime import timedelta

import pytest

from qualification.domain.actions import confirmed
from qualification.domain.decision import Wait
from qualification.domain.lifecycle import HINT_HOLDS, can_submit, held, is_unheard, requeued
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import DECISIONS, Reason
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import AT, NOW, POLICY, claim, in_review, queued

MINUTE = timedelta(minutes=1)


def waits(reason: Reason, record: Record | None = None) -> Record:
    """A request that waits for a decision."""
    return held(record or queued(), Wait(reason, "d", "r"), AT).record


def test_a_repeated_hint_has_a_number_of_its_own() -> None:
    """Or duplicate detection would drop it."""
    once = requeued(queued(), AT).record
    assert (once.messages, once.status) == (2, Status.QUEUED)


def test_a_repeated_hint_waits_as_long_as_the_first() -> None:
    """Somebody must take it some time, however often it is said again; the first of all begins the wait."""
    later = Moment(NOW + MINUTE, 1.0, POLICY)
    assert requeued(queued(), later).record.hinted_at == NOW
    assert requeued(queued(hinted_at=None), later).record.hinted_at == later.now


def test_hints_that_nobody_takes_come_ever_later() -> None:
    """Nobody listens to the queue, so it is not filled."""
    record, delays = queued(), []
    for _ in range(5):
        record = requeued(record, AT).record
        assert record.work
        delays.append((record.work.due - NOW) / MINUTE)
    assert delays == [1, 2, 4, 8, 16]


def test_a_hint_that_was_acted_on_starts_the_waits_anew() -> None:
    """Somebody listens."""
    after = requeued(queued(messages=9, attempts=9), AT).record
    assert after.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.retry_first)


def test_a_hint_that_nobody_has_taken_for_ten_minutes_is_followed_by_the_timer() -> None:
    """Counted from the first of them; a claim ends it."""
    record = requeued(queued(), Moment(NOW + 5 * MINUTE, 1.0, POLICY)).record
    assert not is_unheard(record, NOW + HINT_HOLDS - timedelta(seconds=1))
    assert is_unheard(record, NOW + HINT_HOLDS)
    assert not is_unheard(claim(record), NOW + 9 * HINT_HOLDS)


@pytest.mark.parametrize("reason", DECISIONS)
def test_what_waits_for_a_decision_is_read_and_not_written(reason: Reason) -> None:
    """Its work item comes after REVIEW_ENDED; a message before that does nothing."""
    record = waits(reason)
    assert record.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.review_ended)
    assert not can_submit(record, NOW + POLICY.review_ended - timedelta(seconds=1))


@pytest.mark.parametrize("reason", DECISIONS)
def test_a_confirmed_request_goes_on_at_once(reason: Reason) -> None:
    """Its next hint is already numbered, and the confirmation says to what."""
    for record in (waits(reason), waits(reason, in_review())):
        after = confirmed(record, "operator", None, Moment(NOW + MINUTE, 1.0, POLICY)).record
        assert after.confirmed == {reason}
        assert after.waiting is None
        assert can_submit(after, NOW + MINUTE)
        assert after.messages == record.messages + 1
        assert after.work == Work(action=WorkAction.QUEUE, due=NOW + MINUTE + POLICY.retry_first)
