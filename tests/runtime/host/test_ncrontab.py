"""NCRONTAB schedules."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.functions_host import ConfigurationError
from sandbox.functions_host.ncrontab import Schedule

# A Friday.
NOW = datetime(2026, 11, 20, 10, 15, 30, 500, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "following"),
    [
        ("* * * * * *", datetime(2026, 11, 20, 10, 15, 31, tzinfo=UTC)),
        ("0 * * * * *", datetime(2026, 11, 20, 10, 16, tzinfo=UTC)),
        ("* * * * *", datetime(2026, 11, 20, 10, 16, tzinfo=UTC)),
        ("*/20 * * * * *", datetime(2026, 11, 20, 10, 15, 40, tzinfo=UTC)),
        ("30 15 10 * * *", datetime(2026, 11, 21, 10, 15, 30, tzinfo=UTC)),
        ("0 5/20 * * * *", datetime(2026, 11, 20, 10, 25, tzinfo=UTC)),
        ("0 10-14,50 * * * *", datetime(2026, 11, 20, 10, 50, tzinfo=UTC)),
        ("0 0-59/7 11 * * *", datetime(2026, 11, 20, 11, 0, tzinfo=UTC)),
        ("0 0 0 * * 0", datetime(2026, 11, 22, tzinfo=UTC)),
        ("0 0 0 * * Mon", datetime(2026, 11, 23, tzinfo=UTC)),
        ("0 30 9 * * Mon-Fri", datetime(2026, 11, 23, 9, 30, tzinfo=UTC)),
        ("0 0 0 * jan tuesday", datetime(2027, 1, 5, tzinfo=UTC)),
        ("0 0 0 1 * *", datetime(2026, 12, 1, tzinfo=UTC)),
        ("0 0 0 31 2-4 *", datetime(2027, 3, 31, tzinfo=UTC)),
        ("0 0 0 29 Feb *", datetime(2028, 2, 29, tzinfo=UTC)),
        ("0 0 0 13 * fri", datetime(2027, 8, 13, tzinfo=UTC)),
        ("0 0 0 30 2 *", None),
    ],
)
def test_the_next_occurrence(expression: str, following: datetime | None) -> None:
    """Day and day of week must both match; the result is strictly later; a date that never comes gives None."""
    assert Schedule(expression).next(NOW) == following


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("", "six fields"),
        ("* * * *", "six fields"),
        ("00:05:00", "six fields"),
        ("60 * * * * *", "second: '60'"),
        ("0 x * * * *", "minute: 'x'"),
        ("0 0 5-3 * * *", "hour: '5-3'"),
        ("0 0 0 0 * *", "day: '0'"),
        ("0 0 0 * 13 *", "month: '13'"),
        ("0 0 0 * * 7", "day of week: '7'"),
        ("0 */0 * * * *", "minute: '*/0'"),
        ("0 1,,2 * * * *", "minute: '1,,2'"),
        ("0 0 0 * ja *", "month: 'ja'"),
        ("0 * * * * */x", "day of week: '*/x'"),
    ],
)
def test_a_malformed_expression_is_refused(expression: str, fault: str) -> None:
    """The text names the field and shows what stands there."""
    with pytest.raises(ConfigurationError) as caught:
        Schedule(expression)
    assert fault in str(caught.value)


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  zone beside it
    second=st.integers(0, 59),
    hour=st.integers(0, 23),
    weekday=st.integers(0, 6),
)
def test_an_occurrence_fits_its_expression(moment: datetime, second: int, hour: int, weekday: int) -> None:
    """Whatever the time, the next occurrence is after it, matches every field, and comes within eight days."""
    found = Schedule(f"{second} 0 {hour} * * {weekday}").next(moment)
    assert found is not None
    assert moment < found <= moment + timedelta(days=8)
    assert (found.second, found.minute, found.hour, found.isoweekday() % 7) == (second, 0, hour, weekday)
