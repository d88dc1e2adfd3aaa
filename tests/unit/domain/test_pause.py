"""A pause that Partner Center asks for: how long it lasts, and who is alerted."""

from datetime import timedelta

import pytest

from qualification.domain.hold import Hold, Pause
from qualification.domain.lone_throttle import LoneThrottle
from tests.unit.builders import CUSTOMER, NOW, throttled
from tests.unit.domain.held_calls import HOUR, answered, failed

SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
PAUSE = Pause(since=NOW, until=NOW + 10 * MINUTE)


def paused(pause: Pause, wait: timedelta, by: timedelta) -> Pause | None:
    """The pause after another answer 429 that asks to wait."""
    return failed(Hold(pause=pause), throttled(wait, NOW + by), by).pause


def test_an_answer_429_holds_everybody_until_a_second_after_the_moment_it_names() -> None:
    """Partner Center's clock is read in whole seconds, and an answer says that it is not silent."""
    assert failed(Hold(silent=2, silent_since=NOW), throttled(7 * MINUTE)) == Hold(
        pause=Pause(since=NOW, until=NOW + 7 * MINUTE + SECOND),
        lone=LoneThrottle(customer_id=CUSTOMER, times=1, others=False, until=NOW + 7 * MINUTE),
    )


@pytest.mark.parametrize(
    ("wait", "until"), [(MINUTE, 10 * MINUTE), (20 * MINUTE, 25 * MINUTE + SECOND)], ids=["earlier", "later"]
)
def test_a_call_that_was_under_way_can_only_make_a_pause_longer(wait: timedelta, until: timedelta) -> None:
    """It counts as no refusal after the pause: the next pause must not be twice as long for it."""
    assert paused(PAUSE, wait, 5 * MINUTE) == Pause(since=NOW, until=NOW + until)


@pytest.mark.parametrize(
    ("times", "wait", "lasts"),
    [
        (1, 4 * SECOND, 10 * SECOND),
        (2, 4 * SECOND, 20 * SECOND),
        (3, 4 * SECOND, 40 * SECOND),
        (10, 4 * SECOND, 1024 * 5 * SECOND),
        (11, 4 * SECOND, 1024 * 5 * SECOND),
        (10, 2 * HOUR, DAY),
    ],
)
def test_each_refusal_right_after_a_pause_makes_the_next_twice_as_long(
    times: int, wait: timedelta, lasts: timedelta
) -> None:
    """Whoever knocks again at once is throttled for longer; a day is the most, and the operator sees since when."""
    end = 10 * MINUTE
    before = Pause(since=NOW, until=NOW + end, times=times)
    assert paused(before, wait, end) == Pause(since=NOW, until=NOW + end + lasts, times=times + 1)


@pytest.mark.parametrize("over", [False, True], ids=["during it", "after it"])
@pytest.mark.parametrize(
    ("already", "by", "alerted"),
    [(False, HOUR - SECOND, False), (False, HOUR, True), (True, 2 * MINUTE, True)],
    ids=["short", "an hour", "told before"],
)
def test_a_pause_of_an_hour_alerts_somebody_once(
    already: bool,  # noqa: FBT001  a parameter of the rule
    by: timedelta,
    alerted: bool,  # noqa: FBT001  a parameter of the rule
    over: bool,  # noqa: FBT001  a parameter of the rule
) -> None:
    """The operator hears of it whether it was made longer while it lasted or after it; nobody is told twice."""
    before = Pause(since=NOW, until=NOW + (MINUTE if over else DAY), alerted=already)
    after = paused(before, MINUTE, by)
    assert after is not None
    assert after.alerted is alerted


def test_a_pause_outlives_the_answer_of_a_call_that_began_before_it() -> None:
    """Only from its end on an answer shows that Partner Center is asked again."""
    hold = Hold(pause=PAUSE)
    assert answered(hold, 10 * MINUTE - SECOND) == hold
    assert answered(hold, 10 * MINUTE) == Hold()
