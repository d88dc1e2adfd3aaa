"""What happens in each hour of the year: what the model expects, or the simulation has counted."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from qualification.domain.request import Qualification
from tools.scale.demand import HOURS, Demand


def _nothing() -> list[float]:
    return [0.0] * HOURS


@dataclass(frozen=True, slots=True)
class Hours:
    """Counts by hour.

    Attributes:
        requests: that came in, of each qualification.
        looks: of the timer's runs, at vettings and at approvals.
        news: looks that ended in news.
        submitted: calls to Partner Center to submit requests.
    """

    requests: dict[Qualification, list[float]] = field(
        default_factory=lambda: {each: _nothing() for each in Qualification}
    )
    looks: list[float] = field(default_factory=_nothing)
    news: list[float] = field(default_factory=_nothing)
    submitted: list[float] = field(default_factory=_nothing)

    def all_requests(self) -> list[float]:
        """Requests of any qualification."""
        return [sum(each) for each in zip(*self.requests.values(), strict=True)]

    def calls(self) -> list[float]:
        """Calls to Partner Center."""
        return [looks + submitted for looks, submitted in zip(self.looks, self.submitted, strict=True)]


def busiest(counts: Sequence[float], demand: Demand) -> float:
    """The highest of the means by hour of the day, over the working days of the intake peak.

    A mean over many days, because a simulated request may stand for thousands: a single hour would show that grain.
    """
    by_hour: dict[int, list[int]] = {}
    for hour in demand.busiest():
        by_hour.setdefault(hour % 24, []).append(hour)
    return max(mean(counts, each) for each in by_hour.values())


def mean(counts: Sequence[float], hours: Sequence[int]) -> float:
    """Over these hours."""
    return sum(counts[hour] for hour in hours) / len(hours)
