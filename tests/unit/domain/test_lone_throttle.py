"""A customer that alone is answered 429."""

from datetime import timedelta

import pytest

from qualification.domain.hold import Hold
from qualification.domain.lone_throttle import LoneThrottle, throttled_again
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, throttled
from tests.unit.domain.held_calls import answered, failed

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def lone(times: int, until: timedelta = MINUTE, *, others: bool = True) -> LoneThrottle:
    """So many answers 429 in a row."""
    return LoneThrottle(customer_id=CUSTOMER, times=times, others=others, until=NOW + until)


@pytest.mark.parametrize(
    ("times", "asked", "wait"),
    [
        (2, 7 * MINUTE, 7 * MINUTE),
        (3, 7 * MINUTE, 7 * MINUTE),
        (4, 7 * MINUTE, 14 * MINUTE),
        (5, 7 * MINUTE, 28 * MINUTE),
        (6, 7 * MINUTE, 56 * MINUTE),
        (3, SECOND, MINUTE),
        (13, MINUTE, 1024 * MINUTE),
        (14, MINUTE, 1024 * MINUTE),
        (13, 7 * MINUTE, timedelta(days=1)),
    ],
)
def test_from_the_fourth_on_each_wait_is_twice_as_long(times: int, asked: timedelta, wait: timedelta) -> None:
    """Never under a minute nor over a day: one customer must neither be hammered nor be forgotten."""
    assert throttled_again(lone(times - 1), CUSTOMER, NOW + asked, NOW) == lone(times, wait)


def test_another_customer_throttled_begins_a_row_of_its_own() -> None:
    """Two customers answered 429 are no customer's own trouble."""
    assert throttled_again(lone(7), OTHER_CUSTOMER, NOW + 7 * MINUTE, NOW) == LoneThrottle(
        customer_id=OTHER_CUSTOMER, times=1, others=False, until=NOW + 7 * MINUTE
    )


def test_the_third_holds_nobody_else_where_others_were_answered() -> None:
    """One customer's trouble must not stop the work for all; without an answer to others it is everybody's pause."""
    error = throttled(7 * MINUTE)
    assert failed(Hold(lone=lone(2)), error) == Hold(lone=lone(3, 7 * MINUTE))
    assert failed(Hold(lone=lone(2, others=False)), error).pause is not None
    assert failed(Hold(lone=lone(1)), error).pause is not None


def test_an_answer_to_it_ends_the_row_and_one_to_another_is_remembered() -> None:
    """From the row and the others the service tells one customer's trouble from everybody's."""
    hold = Hold(lone=lone(2, others=False))
    assert answered(hold) == Hold()
    assert answered(hold, customer=OTHER_CUSTOMER) == Hold(lone=lone(2))
    assert answered(Hold(lone=lone(2)), customer=OTHER_CUSTOMER) == Hold(lone=lone(2))
