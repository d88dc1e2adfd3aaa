"""NCRONTAB schedules: `{second} {minute} {hour} {day} {month} {day of week}`, in UTC.

Source: "Timer trigger for Azure Functions", NCRONTAB expressions, and the NCrontab library: day and day of week must
both match, Sunday is 0, `5/15` means from 5 to the end in steps of 15. Five fields mean second 0.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.functions_host.errors import ConfigurationError

_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october")
_MONTH_NAMES = {name: number for number, name in enumerate((*_MONTHS, "november", "december"), start=1)}
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_DAY_NAMES = {name: number for number, name in enumerate(_DAYS)}
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    low: int
    high: int
    names: dict[str, int]

    def values(self, text: str) -> frozenset[int]:
        """Parse one field: `*`, numbers, names, ranges, steps, and lists of them."""
        return frozenset(value for part in text.split(",") for value in self._part(part))

    def _part(self, text: str) -> range:
        body, slash, step = text.partition("/")
        start, dash, end = body.partition("-")
        if body == "*":
            low, high = self.low, self.high
        else:
            low = self._number(start)
            high = self._number(end) if dash else self.high if slash else low
        if (slash and (not step.isdigit() or step.strip("0") == "")) or high < low:
            raise ValueError(text)
        return range(low, high + 1, int(step or 1))

    def _number(self, text: str) -> int:
        if text.isascii() and text.isdigit():
            number = int(text)
        else:
            found = [number for name, number in self.names.items() if name.startswith(text.lower())]
            if len(text) < _SHORTEST_NAME or not found:
                raise ValueError(text)
            number = found[0]
        if not self.low <= number <= self.high:
            raise ValueError(text)
        return number


_FIELDS = (
    _Field("second", 0, 59, {}),
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day", 1, 31, {}),
    _Field("month", 1, 12, _MONTH_NAMES),
    _Field("day of week", 0, 6, _DAY_NAMES),
)
# The calendar repeats its weekdays over 28 years, or 40 across a century that has no leap day.
_HORIZON = timedelta(days=366 * 40)


class Schedule:
    """A parsed NCRONTAB expression."""

    def __init__(self, expression: str) -> None:
        """Parse an expression.

        Args:
            expression: five or six fields.

        Raises:
            ConfigurationError: the expression is malformed; the text names the field.
        """
        self.expression = expression
        texts = expression.split()
        if len(texts) == len(_FIELDS) - 1:
            texts = ["0", *texts]
        if len(texts) != len(_FIELDS):
            raise ConfigurationError(f"The schedule {expression!r} needs six fields, from second to day of week.")
        parsed = []
        for field, text in zip(_FIELDS, texts, strict=True):
            try:
                parsed.append(field.values(text))
            except ValueError:
                raise ConfigurationError(f"The schedule {expression!r} has a wrong {field.name}: {text!r}.") from None
        self._seconds, self._minutes, self._hours, self._days, self._months, self._weekdays = parsed

    def next(self, after: datetime) -> datetime | None:
        """Find the next occurrence.

        Args:
            after: any time; its zone is kept.

        Returns:
            The first whole second strictly after it that the schedule names; None if there is none (30 February).
        """
        moment = after.replace(microsecond=0) + timedelta(seconds=1)
        horizon = moment + _HORIZON
        while moment < horizon:
            if moment.month not in self._months or not self._has_day(moment):
                moment = moment.replace(hour=0, minute=0, second=0) + timedelta(days=1)
            elif moment.hour not in self._hours:
                moment = moment.replace(minute=0, second=0) + timedelta(hours=1)
            elif moment.minute not in self._minutes:
                moment = moment.replace(second=0) + timedelta(minutes=1)
            elif moment.second not in self._seconds:
                moment += timedelta(seconds=1)
            else:
                return moment
        return None

    def _has_day(self, moment: datetime) -> bool:
        return moment.day in self._days and moment.isoweekday() % 7 in self._weekdays
