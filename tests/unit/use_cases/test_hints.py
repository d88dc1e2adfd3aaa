"""Hints on the queue: repeated until somebody acts on them, and at once when a person has confirmed."""

from datetime import timedelta

from qualification.domain.errors import PartnerCenterError
from qualification.domain.lifecycle import awaits_confirmation, can_submit, confirmed, postponed, requeued
from qualification.domain.record import Record, Status, Work, WorkAction
from qualification.domain.request import EducationRequest
from qualification.domain.timing import Moment
from tests.unit.builders import NOW, POLICY, UNAVAILABLE, UNCONFIRMED, in_review, queued

MINUTE = timedelta(minutes=1)


def after_look(error: PartnerCenterError) -> Record:
    """A queued request whose look failed."""
    return postponed(queued(), error, sent=False, alarm=False, moment=Moment(NOW, 1.0, POLICY)).record


def test_a_repeated_hint_has_a_number_of_its_own() -> None:
    """Or duplicate detection would drop it."""
    once = requeued(queued(), moment=Moment(NOW, 1.0, POLICY)).record
    assert (once.messages, once.status) == (2, Status.QUEUED)


def test_hints_that_come_to_nothing_come_ever_later() -> None:
    """Nobody listens to the queue, so it is not filled."""
    record, waits = queued(), []
    for _ in range(5):
        record = requeued(record, moment=Moment(NOW, 1.0, POLICY)).record
        assert record.work
        waits.append((record.work.due - NOW) / MINUTE)
    assert waits == [1, 2, 4, 8, 16]


def test_a_hint_that_was_acted_on_starts_the_waits_anew() -> None:
    """Somebody listens."""
    record = queued(messages=9, attempts=9)
    after = requeued(record, moment=Moment(NOW, 1.0, POLICY)).record
    assert after.work == Work(action=WorkAction.QUEUE, due=NOW + POLICY.retry_first)


def unconfirmed() -> Record:
    """A request for the last education verification, which nobody has confirmed."""
    return after_look(UNCONFIRMED)


def test_the_last_verification_awaits_a_confirmation() -> None:
    """Only a request that is queued for that very reason."""
    assert awaits_confirmation(unconfirmed())
    assert not awaits_confirmation(queued())
    assert not awaits_confirmation(after_look(UNAVAILABLE))
    assert not awaits_confirmation(in_review())


def test_a_confirmed_request_goes_on_at_once() -> None:
    """Its next hint is already numbered, and it is not asked again."""
    after = confirmed(unconfirmed(), Moment(NOW + MINUTE, 1.0, POLICY)).record
    assert isinstance(after.request, EducationRequest)
    assert after.request.confirm_last_attempt
    assert can_submit(after, NOW + MINUTE)
    assert after.messages == 2
    assert after.work == Work(action=WorkAction.QUEUE, due=NOW + MINUTE + POLICY.retry_first)
    assert not awaits_confirmation(after)
