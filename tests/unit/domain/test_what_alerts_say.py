"""What an alert says that a step raises: word for word, each in the golden file."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from qualification.domain.actions import withdrawn
from qualification.domain.event import Event
from qualification.domain.events import refresh_token_expiring, unreadable_rows
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waits import unreachable
from tests.unit.builders import (
    CUSTOMER,
    NOW,
    POLICY,
    REFUSED,
    UNKNOWN,
    approved,
    claim,
    in_review,
    queued,
    row,
    submitting,
)
from tests.unit.domain.vetting_reads import DAY, HOUR, Reads
from tests.unit.domain.write_outcomes import after
from tests.unit.golden_file import golden

MOMENT = Moment(NOW, 1.0, POLICY)


def unanswered_twice() -> Transition:
    """Two writes that nobody answered, and five reads of which none shows anything."""
    reads = Reads(after(claim(after(submitting(), UNKNOWN).record), UNKNOWN).record)
    steps = (reads.show(after=number * HOUR) for number in range(1, 10))
    return next(step for step in steps if step.events)


def vanished() -> Transition:
    """In review, and for two days no read shows it."""
    reads = Reads(in_review())
    reads.show(after=HOUR)
    return reads.show(after=2 * DAY)


CASES: dict[str, Callable[[], Transition | Event]] = {
    "a word that nobody knows, in review": lambda: Reads(in_review()).show(row("OnHold")),
    "a word that nobody knows, after an approval": lambda: Reads(approved()).show(row("OnHold")),
    "a vetting without an end": lambda: Reads(in_review()).show(row("InReview"), after=POLICY.review_overdue + HOUR),
    "a review that vanished": vanished,
    "writes that nobody answered": unanswered_twice,
    "a refusal after a write that nobody answered": lambda: after(claim(after(submitting(), UNKNOWN).record), REFUSED),
    "a customer out of reach": lambda: unreachable(
        Transition(queued(unread_since=NOW - timedelta(hours=5))), MOMENT, alone=True
    ),
    "a mark taken back too late": lambda: withdrawn(in_review(), "dataverse", "mark taken back", MOMENT),
    "rows that cannot be read": lambda: unreadable_rows(CUSTOMER, 2, MOMENT),
    "a sign-in that expires": lambda: refresh_token_expiring(CUSTOMER, CUSTOMER, NOW - 80 * DAY, NOW),
}


def words(step: Transition | Event) -> dict[str, object]:
    """Of the alert that it raises."""
    (alert,) = [step] if isinstance(step, Event) else [each for each in step.events if "reason" in each.data]
    return {name: alert.data[name] for name in ("reason", "detail", "remedy")}


@pytest.mark.parametrize("name", CASES)
def test_what_has_happened_and_what_can_be_done(name: str) -> None:
    """As whoever is called at night reads it."""
    assert words(CASES[name]()) == golden("alerts.json")[name]


def test_each_golden_alert_has_its_case() -> None:
    """None is left over."""
    assert set(golden("alerts.json")) == set(CASES)
