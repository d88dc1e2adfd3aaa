"""Durations among the settings: what they look like, and how they fit together."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from qualification.domain.timing import Policy
from qualification.settings.formats import duration
from tests.unit.settings.loaded import DURATIONS, faults, load

NO_ISO = ["P", "PT", "P1DT", "P1H", "PT1D", "P1M", "P1Y", "1D", "p1d", "P\u0661D", f"P{'9' * 400}D"]
"""A month is now longer, now shorter."""


@pytest.mark.parametrize(
    ("changes", "most"),
    [
        ({"WRITE_TIMEOUT": "PT4M"}, {"WRITE_TIMEOUT": "at most 195 s, or PARTNER_CENTER_TIMEOUT at most 7 s"}),
        ({"WRITE_TIMEOUT": "PT5M"}, {"WRITE_TIMEOUT": "at most 195 s: two writes"}),
        ({"TIMEOUT": "PT1M"}, {"WRITE_TIMEOUT": "at most 135 s, or PARTNER_CENTER_TIMEOUT at most 37 s"}),
        (
            {"TIMEOUT": "PT73S", "WRITE_TIMEOUT": "PT10S"},
            {"TIMEOUT": "at most 72 s: the timer takes on work for 180 s"},
        ),
        ({"TIMEOUT": "PT8H", "WRITE_TIMEOUT": "PT2H"}, {"TIMEOUT": "at most 72 s", "WRITE_TIMEOUT": "at most 195 s"}),
        ({"TIMEOUT": "30000"}, {"TIMEOUT": "at most 72 s"}),
    ],
)
def test_what_a_function_does_must_fit_into_the_time_that_it_has(changes: dict[str, str], most: dict[str, str]) -> None:
    """Else the host would end it in the middle of a write; the fault says what would do."""
    found = faults(**{f"PARTNER_CENTER_{name}": value for name, value in changes.items()})
    assert set(found) == {f"PARTNER_CENTER_{name}" for name in most}
    for name, words in most.items():
        assert words in found[f"PARTNER_CENTER_{name}"]


@pytest.mark.parametrize(("write", "other"), [("195", "30"), ("240", "7"), ("135", "60"), ("180", "37"), ("111", "72")])
def test_the_largest_values_that_faults_name_are_taken(write: str, other: str) -> None:
    """And leave the timer half a minute to begin submissions."""
    settings = load(PARTNER_CENTER_WRITE_TIMEOUT=write, PARTNER_CENTER_TIMEOUT=other).partner_center
    assert settings.follow_for.total_seconds() >= 30


def test_the_defaults_of_durations_are_the_policys() -> None:
    """Each stands in one place."""
    assert load().policy.model_dump() == Policy().model_dump()


@pytest.mark.parametrize("name", DURATIONS)
def test_a_duration_is_iso_8601_or_seconds(name: str) -> None:
    """Each sets the policy's duration of its name."""
    extreme = {"REVIEW_MAX": "P9D", "RETRY_MAX": "P9D", name: "PT1H30M"}
    assert getattr(load(**extreme).policy, name.lower()) == timedelta(minutes=90)
    assert getattr(load(**extreme | {name: "5400.5"}).policy, name.lower()) == timedelta(seconds=5400.5)


@given(st.integers(0, 3649), st.integers(0, 23), st.integers(0, 59), st.integers(1, 59_999_999))
def test_a_duration_is_what_pydantic_reads(days: int, hours: int, minutes: int, microseconds: int) -> None:
    """ISO 8601 as everybody else takes it, to the microsecond."""
    text = f"P{days}DT{hours}H{minutes}M{microseconds / 1e6:f}S"
    written = timedelta(days=days, hours=hours, minutes=minutes, microseconds=microseconds)
    assert duration(text) == TypeAdapter(timedelta).validate_python(text) == written


def test_weeks_are_durations_too() -> None:
    """Alone, as ISO 8601 has them, or with days."""
    assert (duration("P2W"), duration("P1W1D"), duration(".5")) == (
        timedelta(days=14),
        timedelta(days=8),
        timedelta(milliseconds=500),
    )


@pytest.mark.parametrize("name", [*DURATIONS, "PARTNER_CENTER_TIMEOUT"])
@pytest.mark.parametrize(
    "value", ["soon", "0", "PT0S", "-PT5M", "-5", "1.2.3", "5m", "9" * 30, "9" * 400, "P4000D", "inf", "nan", *NO_ISO]
)
def test_anything_else_is_no_duration(name: str, value: str) -> None:
    """Not even one that is too long to be added to a time."""
    assert "must be a positive duration" in faults(**{name: value})[name]


@pytest.mark.parametrize(("first", "most"), [("REVIEW_FIRST", "REVIEW_MAX"), ("RETRY_FIRST", "RETRY_MAX")])
def test_the_first_wait_is_not_longer_than_the_longest(first: str, most: str) -> None:
    """The two contradict each other then."""
    assert faults(**{first: "PT2H", most: "PT1H"}) == {most: f"must not be shorter than {first}"}
    load(**{first: "PT1H", most: "PT1H"})
