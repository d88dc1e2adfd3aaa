from datetime import timedelta

import pytest

from qualification.domain.alerts import alerted, decided, resolved, waits
from qualification.domain.event import Event, EventType
from qualification.domain.events import Attention
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import DECISIONS, Kind, Reason
from tests.unit.builders import AT, NOW, POLICY, in_review, queued, submitting

LATER = Moment(NOW + timedelta(hours=1), 1.0, POLICY)


def wait(record: Record, reason: Reason, *, alert: bool = True, news: str = "", moment: Moment = AT) -> Transition:
    """The record begins, or goes on, to wait."""
    return waits(Transition(record), reason, "What has happened.", "What to do.", moment, alert=alert, news=news)


def reasons(events: tuple[Event, ...]) -> list[object]:
    """Why a person should look."""
    return [event.data["reason"] for event in events if event.type is EventType.ATTENTION_REQUIRED]


@pytest.mark.parametrize("reason", Reason)
def test_the_alert_says_what_and_what_to_do(reason: Reason) -> None:
    """In the event, and as long as it lasts with the request."""
    step = wait(submitting(), reason)
    (event,) = step.events
    assert (event.type, event.data["reason"]) == (EventType.ATTENTION_REQUIRED, reason)
    assert (event.data["detail"], event.data["remedy"]) == ("What has happened.", "What to do.")
    waiting = step.record.waiting
    assert waiting
    assert (waiting.reason, waiting.since, waiting.alerted) == (reason, NOW, True)


def test_every_reason_is_of_one_kind() -> None:
    """For a decision nothing is written until a person confirms; a cause ends by itself."""
    assert {reason for reason in Reason if reason.kind is Kind.DECISION} == DECISIONS
    assert {reason for reason in Reason if reason.kind is Kind.CAUSE} == set(Reason) - DECISIONS


@pytest.mark.parametrize("reason", Reason)
def test_somebody_is_alerted_once_while_it_lasts(reason: Reason) -> None:
    """Not once a try; it has waited since the first of them."""
    again = wait(wait(queued(), reason).record, reason, moment=LATER)
    assert again.events == ()
    assert again.record.waiting
    assert again.record.waiting.since == NOW


def test_some_wait_a_while_before_anybody_is_alerted() -> None:
    """A pause of seconds is nobody's business."""
    silent = wait(queued(), Reason.THROTTLED, alert=False)
    assert silent.events == ()
    assert silent.record.waiting
    assert not silent.record.waiting.alerted
    assert reasons(wait(silent.record, Reason.THROTTLED, moment=LATER).events) == ["throttled"]


def test_another_reason_is_another_alert() -> None:
    """Whatever it waited for before."""
    first = wait(queued(), Reason.ACCOUNT_UNDER_REVIEW).record
    assert reasons(wait(first, Reason.CUSTOMER_UNREACHABLE).events) == ["customer-unreachable"]


def test_another_reason_has_its_own_beginning() -> None:
    """The operator sees since when it has waited for this, and one told of the last is not told of this one."""
    first = wait(queued(), Reason.ACCOUNT_UNDER_REVIEW).record
    second = wait(first, Reason.THROTTLED, alert=False, moment=LATER).record.waiting
    assert second
    assert (second.reason, second.since, second.alerted) == (Reason.THROTTLED, LATER.now, False)


def test_what_was_raised_is_kept_by_reason_and_news() -> None:
    """Rows that an earlier version stored have the same keys, so nobody is alerted again after a deployment."""
    plain = waits(Transition(queued()), Reason.THROTTLED, "d", "r", AT).record
    assert wait(plain, Reason.UNKNOWN_VETTING_STATUS, news="OnHold").record.raised == {
        "throttled:",
        "unknown-vetting-status:OnHold",
    }


def test_the_same_reason_with_news_is_alerted_anew() -> None:
    """An unknown word once a word, an unknown outcome once a write."""
    first = wait(in_review(), Reason.UNKNOWN_VETTING_STATUS, news="OnHold").record
    assert wait(first, Reason.UNKNOWN_VETTING_STATUS, news="OnHold").events == ()
    assert reasons(wait(first, Reason.UNKNOWN_VETTING_STATUS, news="Escalated").events) == ["unknown-vetting-status"]


@pytest.mark.parametrize("reason", Reason)
def test_a_cause_that_comes_back_is_news_and_a_decision_is_not(reason: Reason) -> None:
    """A person who has been asked need not be asked twice because Partner Center showed something else meanwhile."""
    after = resolved(wait(queued(), reason).record)
    assert after.waiting is None
    assert reasons(wait(after, reason).events) == ([reason] if reason.kind is Kind.CAUSE else [])


@pytest.mark.parametrize("reason", DECISIONS)
def test_what_must_be_decided_again_is_news(reason: Reason) -> None:
    """Somebody has decided, and it was not the end of it."""
    assert reasons(wait(decided(wait(queued(), reason).record), reason).events) == [reason]


def test_what_waits_for_nothing_is_resolved_already() -> None:
    """Nothing changes."""
    assert resolved(queued()) == decided(queued()) == queued()


def test_an_alert_that_nothing_waits_for_is_raised_once_a_key() -> None:
    """Such as a correction that came too late."""
    first = alerted(Transition(in_review()), Attention.CORRECTION_IGNORED, "d", "r", AT, "correction-ignored:a")
    assert reasons(first.events) == ["correction-ignored"]
    assert first.record.waiting is None
    assert (
        alerted(Transition(first.record), Attention.CORRECTION_IGNORED, "d", "r", AT, "correction-ignored:a").events
        == ()
    )
    other = alerted(first, Attention.CORRECTION_IGNORED, "d", "r", AT, "correction-ignored:b")
    assert [event.sequence for event in other.events] == [2, 3]
