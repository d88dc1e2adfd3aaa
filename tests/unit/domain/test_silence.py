"""Calls that nobody answers, and writes in doubt: when Partner Center is out of reach."""

from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, Unavailable
from qualification.domain.hold import Cause, Hold
from qualification.domain.waiting import Reason
from tests.unit.builders import NOW, UNKNOWN
from tests.unit.call_errors import UNSENT
from tests.unit.domain.held_calls import HOUR, LATE, answered, cause, failed

MINUTE = timedelta(minutes=1)
WORDS = "Partner Center does not answer: "
REMEDY = "Check Partner Center's status page and the network; the service goes on by itself."
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
SILENT = Hold(silent=2, silent_since=NOW)


def unreachable(code: str, error: PartnerCenterError, since: timedelta, probe: timedelta) -> Cause:
    """Partner Center is out of reach, as everybody reads it."""
    return Cause(
        reason=Reason.PARTNER_CENTER_UNREACHABLE,
        code=code,
        detail=WORDS + error.description,
        remedy=REMEDY,
        since=NOW + since,
        next_probe=NOW + probe,
    )


def test_three_calls_without_an_answer_over_three_hours_are_a_cause() -> None:
    """Somebody is alerted within four hours, and reads since when it lasts and what there is to do."""
    hold = Hold()
    for number, by in enumerate((0 * HOUR, HOUR, 3 * HOUR - MINUTE), 1):
        hold = failed(hold, UNSENT, by)
        assert hold == Hold(silent=number, silent_since=NOW)
    silent = unreachable("no-answer", UNSENT, 0 * HOUR, 4 * HOUR)
    assert failed(SILENT, UNSENT, 3 * HOUR) == Hold(silent=3, silent_since=NOW, cause=silent)


def test_two_calls_are_too_few_however_far_apart() -> None:
    """A quiet night with a lost packet at each end alerts nobody."""
    hold = Hold(silent=1, silent_since=NOW)
    assert failed(hold, UNSENT, 9 * HOUR) == Hold(silent=2, silent_since=NOW)


def test_silence_leaves_the_cause_that_is_there() -> None:
    """What a person was alerted to stays to be read until it is gone."""
    assert failed(SILENT.changed(cause=cause()), UNSENT, 9 * HOUR) == Hold(silent=3, silent_since=NOW, cause=cause())


@pytest.mark.parametrize(
    "error",
    [
        Unavailable("http-503", "Partner Center answered 503.", http_status=503),
        Unavailable("cut-off", "The answer was cut off.", at=NOW),
        Unavailable("http-503", "Partner Center answered 503.", http_status=503, at=NOW),
    ],
    ids=["a status", "a moment", "both"],
)
def test_any_answer_ends_the_silence(error: PartnerCenterError) -> None:
    """Whoever answers with an error is not out of reach; a status or a moment shows an answer."""
    assert failed(SILENT, error, 3 * HOUR) == Hold()


@pytest.mark.parametrize("error", [UNKNOWN, LATE], ids=["no answer", "an answer"])
def test_writes_of_three_requests_in_doubt_in_a_row_are_a_cause(error: OutcomeUnknown) -> None:
    """Each write more would be one more that nobody knows of; the count begins anew with the next probe."""
    hold = failed(Hold(), error, write=FIRST)
    hold = failed(hold, error, MINUTE, write=FIRST)
    assert hold.doubts == (FIRST,)
    hold = failed(hold, error, 2 * MINUTE, write=SECOND)
    assert (hold.doubts, hold.cause) == ((FIRST, SECOND), None)
    hold = failed(hold, error, 3 * MINUTE, write=THIRD)
    assert hold.doubts == ()
    assert hold.cause == unreachable("writes-in-doubt", error, 3 * MINUTE, HOUR + 3 * MINUTE)


def test_an_answered_write_in_doubt_ends_the_silence() -> None:
    """Somebody has answered, though nobody knows what came of the write."""
    assert failed(SILENT, LATE, 3 * HOUR, write=FIRST) == Hold(doubts=(FIRST,))


def test_a_probe_in_doubt_has_met_another_trouble_than_the_cause() -> None:
    """The cause is gone with it, and stays where the write was under way before it."""
    hold = Hold(cause=cause())
    assert failed(hold, LATE, write=FIRST, probe=True) == Hold(doubts=(FIRST,))
    assert failed(hold, LATE, write=FIRST) == Hold(doubts=(FIRST,), cause=cause())


def test_under_a_cause_the_three_newest_doubts_are_kept() -> None:
    """The row is of limited size, and one cause is enough."""
    hold = Hold(cause=cause(), doubts=(FIRST, SECOND, THIRD))
    assert failed(hold, LATE, write=UUID(int=4)) == hold.changed(doubts=(SECOND, THIRD, UUID(int=4)))


def test_an_answered_write_ends_the_row_of_doubts_and_a_read_does_not() -> None:
    """That reads are answered says nothing of writes."""
    hold = Hold(doubts=(FIRST, SECOND))
    assert answered(hold, writes=True) == Hold()
    assert answered(hold) == hold
