"""What is asked of the service in a year. All of it is assumed; nobody publishes these figures."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from math import log
from statistics import NormalDist

BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
HOURS = DAYS * 24
DAY = timedelta(days=1)
FRIDAY = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who asks, when, and how long Microsoft takes.

    Attributes:
        customers: of the partner; each asks once in the year.
        education: the part that asks for Education; it alone is vetted, and alone looked at again after approval.
        government: the part that asks for GovernmentCommunityCloud, granted at once; the rest are state-owned.
        denied: the part of education vettings that ends in a denial.
        vetting_median: half of all vettings end sooner.
        vetting_p95: nineteen of twenty end sooner. Between and beyond, a log-normal distribution.
        opens: hour of the day (UTC) at which work begins, Monday to Friday.
        closes: hour at which it ends.
        at_work: the part of requests that come in working hours.
        intake_from: first day of the intake peak, counted from 1 January.
        intake_days: how long it lasts.
        intake_factor: how many times the usual requests a day has then.
    """

    customers: int
    education: float = 0.8
    government: float = 0.1
    denied: float = 0.15
    vetting_median: timedelta = DAY
    vetting_p95: timedelta = 5 * DAY
    opens: int = 8
    closes: int = 18
    at_work: float = 0.9
    intake_from: int = 212
    intake_days: int = 42
    intake_factor: float = 3.0

    @property
    def vetting(self) -> NormalDist:
        """The logarithm of a vetting's length in minutes."""
        median, p95 = self.vetting_median / timedelta(minutes=1), self.vetting_p95 / timedelta(minutes=1)
        return NormalDist(log(median), log(p95 / median) / NormalDist().inv_cdf(0.95))

    def ends_within(self, minutes: float) -> float:
        """The part of all vettings that end within so many minutes."""
        return self.vetting.cdf(log(minutes)) if minutes > 0 else 0.0

    def is_at_work(self, hour: int) -> bool:
        """Whether an hour, counted from the beginning of the year, is a working hour."""
        at = BEGINS + timedelta(hours=hour)
        return at.weekday() <= FRIDAY and self.opens <= at.hour < self.closes

    def is_intake(self, hour: int) -> bool:
        """Whether an hour is in the intake peak."""
        return self.intake_from <= hour // 24 < self.intake_from + self.intake_days

    def busiest(self) -> list[int]:
        """The working hours of the intake peak, but for its first week, in which the load still grows."""
        first, last = (self.intake_from + 7) * 24, (self.intake_from + self.intake_days) * 24
        return [hour for hour in range(first, last) if self.is_at_work(hour)]

    def alike(self) -> list[list[int]]:
        """Hours in which the same is to be expected: of each week the working hours, and the others."""
        groups: dict[tuple[int, bool, bool], list[int]] = {}
        for hour in range(HOURS):
            groups.setdefault((hour // (24 * 7), self.is_at_work(hour), self.is_intake(hour)), []).append(hour)
        return list(groups.values())


@cache
def hourly_shares(demand: Demand) -> tuple[float, ...]:
    """The part of a year's requests that comes in each hour; they add up to 1."""
    working = (demand.closes - demand.opens) * 5 / (7 * 24)
    usual = {True: demand.at_work / working, False: (1 - demand.at_work) / (1 - working)}
    weights = [
        usual[demand.is_at_work(hour)] * (demand.intake_factor if demand.is_intake(hour) else 1)
        for hour in range(HOURS)
    ]
    total = sum(weights)
    return tuple(weight / total for weight in weights)


def cumulative_shares(demand: Demand) -> list[float]:
    """The part of a year's requests that has come by the end of each hour."""
    return list(accumulate(hourly_shares(demand)))
