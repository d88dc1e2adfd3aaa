from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.timing import JITTER_SHARE, Moment, Policy
from tests.unit.builders import NOW, PERSON_NEEDED, POLICY, REFUSED, UNAVAILABLE, UNKNOWN, throttled

jitters = st.floats(min_value=0, max_value=1)
ages = st.timedeltas(min_value=-timedelta(days=1), max_value=timedelta(days=3650))
MICROSECOND = timedelta(microseconds=1)


DEFAULTS = {
    "review_first": timedelta(minutes=5),
    "review_max": timedelta(hours=4),
    "review_growth": 0.05,
    "review_overdue": timedelta(days=5),
    "review_approved": timedelta(days=30),
    "retry_first": timedelta(minutes=1),
    "retry_max": timedelta(hours=1),
    "review_again": timedelta(hours=6),
    "review_ended": timedelta(days=7),
    "resend_after": timedelta(hours=1),
    "clock_ahead": timedelta(minutes=5),
    "write_timeout": timedelta(minutes=3),
}


def looks_until(age: timedelta, policy: Policy) -> int:
    """How many looks a vetting of this length takes, each as late as it may be."""
    looks, elapsed = 0, timedelta()
    while elapsed < age:
        elapsed += policy.review_delay(elapsed, 1.0)
        looks += 1
    return looks


def test_the_defaults_are_what_the_documentation_says() -> None:
    """Who changes one changes how many calls an installation makes."""
    assert POLICY.model_dump() == DEFAULTS


def test_a_three_day_vetting_takes_about_a_hundred_looks() -> None:
    """Looking every five minutes would take 864."""
    assert 90 <= looks_until(timedelta(days=3), POLICY) <= 110
    assert timedelta(days=3) / POLICY.review_first == 864


@given(ages, jitters)
def test_a_look_is_never_later_than_review_max(age: timedelta, jitter: float) -> None:
    """However old a vetting is, its end is detected within REVIEW_MAX."""
    assert POLICY.review_delay(age, jitter) <= POLICY.review_max


@given(ages, jitters)
def test_a_look_is_never_sooner_than_review_first_but_for_jitter(age: timedelta, jitter: float) -> None:
    """Also where a clock that was set back makes an age negative."""
    assert POLICY.review_delay(age, jitter) >= POLICY.review_first * (1 - JITTER_SHARE) - MICROSECOND


@given(ages, ages, jitters)
def test_an_older_vetting_is_never_looked_at_sooner(one: timedelta, other: timedelta, jitter: float) -> None:
    """Review costs less as it ages."""
    younger, older = sorted([one, other])
    assert POLICY.review_delay(younger, jitter) <= POLICY.review_delay(older, jitter)


def test_the_growth_is_a_share_of_the_age() -> None:
    """Between the bounds the next look is due after age times REVIEW_GROWTH."""
    assert POLICY.review_delay(timedelta(hours=20), 1.0) == timedelta(hours=1)


def test_back_off_doubles() -> None:
    """Each failure in a row doubles the wait, from RETRY_FIRST on."""
    delays = [POLICY.retry_delay(failures, 1.0) for failures in range(1, 7)]
    assert delays == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8, 16, 32)]


@given(st.integers(min_value=7, max_value=10**9))
def test_back_off_is_capped(failures: int) -> None:
    """However often it fails, the next try comes within RETRY_MAX."""
    assert POLICY.retry_delay(failures, 1.0) == POLICY.retry_max


def test_back_off_reaches_its_cap_from_the_shortest_first_wait() -> None:
    """However far apart somebody sets the two."""
    policy = Policy(retry_first=timedelta(milliseconds=1), retry_max=timedelta(days=3650))
    assert policy.retry_delay(38, 1.0) == timedelta(milliseconds=2**37)
    assert policy.retry_delay(1000, 1.0) == timedelta(days=3650)


@pytest.mark.parametrize("days", [0.3, 1, 3650])
def test_back_off_is_capped_where_the_first_wait_is_long(days: float) -> None:
    """A long RETRY_FIRST, doubled many times, does not leave the range of durations."""
    policy = Policy(retry_first=timedelta(days=days), retry_max=timedelta(days=3650))
    assert policy.retry_delay(1000, 1.0) == timedelta(days=3650)


@given(st.integers(min_value=1, max_value=50), jitters)
def test_jitter_takes_a_tenth_off_at_most(failures: int, jitter: float) -> None:
    """Work that fell due together spreads out, and none of it comes later than the plain delay."""
    plain = POLICY.retry_delay(failures, 1.0)
    delay = POLICY.retry_delay(failures, jitter)
    assert plain * (1 - JITTER_SHARE) - MICROSECOND <= delay <= plain


@given(st.timedeltas(min_value=-timedelta(hours=1), max_value=timedelta(days=2)), jitters)
def test_a_throttled_call_waits_for_partner_centers_moment(wait: timedelta, jitter: float) -> None:
    """Never before the moment that was named, and no more than a few seconds after it or now."""
    at = Moment(NOW, jitter, POLICY).retry_at(throttled(wait), 1)
    moment = max(NOW, NOW + wait)
    assert moment <= at <= moment + POLICY.retry_first * JITTER_SHARE


@pytest.mark.parametrize("error", PERSON_NEEDED, ids=lambda error: error.code)
def test_where_a_person_is_needed_it_is_tried_slowly(error: PartnerCenterError) -> None:
    """The first try is as far off as any: nothing changes before somebody acts."""
    assert Moment(NOW, 1.0, POLICY).retry_at(error, 0) == NOW + POLICY.retry_max


@pytest.mark.parametrize("error", [UNAVAILABLE, UNKNOWN, REFUSED], ids=lambda error: error.code)
def test_other_errors_back_off(error: PartnerCenterError) -> None:
    """As the number of failures says."""
    assert Moment(NOW, 1.0, POLICY).retry_at(error, 3) == NOW + timedelta(minutes=4)


def test_a_step_has_a_minute_at_most_to_publish_its_events() -> None:
    """Where retries begin sooner than that, so does the timer's publishing."""
    assert POLICY.publish_after == timedelta(minutes=1)
    assert Policy(retry_first=timedelta(seconds=5)).publish_after == timedelta(seconds=5)
    assert Policy(retry_first=timedelta(hours=1)).publish_after == timedelta(minutes=1)


def test_chance_takes_its_tenth_off_every_delay() -> None:
    """So that what fell due together, such as the probes of all instances, does not come back together."""
    early, middle = Moment(NOW, 0.0, POLICY), Moment(NOW, 0.5, POLICY)
    assert (early.retry_after(1), middle.retry_after(1)) == (NOW + timedelta(seconds=54), NOW + timedelta(seconds=57))
    assert early.review_at(timedelta()) == NOW + timedelta(minutes=4.5)
    assert [early.probe_at(times) for times in (1, 4)] == [NOW + timedelta(minutes=minutes) for minutes in (54, 216)]


def test_a_cause_is_probed_as_often_as_the_longest_back_off() -> None:
    """An operator who has mended it waits no longer than RETRY_MAX; what takes Microsoft days is left alone longer."""
    at = Moment(NOW, 1.0, POLICY)
    assert (at.probe_at(), at.probe_at(4)) == (NOW + POLICY.retry_max, NOW + 4 * POLICY.retry_max)


@pytest.mark.parametrize(("hours", "minutes"), [(-1, 10), (0, 10), (1, 5), (4, 2), (9, 1)])
def test_the_oldest_request_asks_first_to_be_the_probe(hours: int, minutes: int) -> None:
    """Who has waited longest goes first; the youngest asks ten minutes after the probe may go."""
    assert Moment(NOW, 1.0, POLICY).turn(timedelta(hours=hours)) == timedelta(minutes=minutes)
