"""The figures of a year, from the model or from the simulation, and how they read side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import ceil

from qualification.domain.timing import Policy
from tools.scale.bill import Bill, log_gb_a_day
from tools.scale.demand import DAYS
from tools.scale.usage import Usage

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Delay:
    """From the end of a vetting to the look that sees it, in minutes, over vettings of similar length."""

    p50: float
    p95: float
    longest: float


@dataclass(frozen=True, slots=True)
class Depth:
    """How many wait: in all but one of a hundred hours, and at most."""

    p99: float
    most: float

    @classmethod
    def of(cls, depths: Sequence[float]) -> "Depth":
        """Of the depth in each hour."""
        return cls(quantile(sorted(depths), 0.99), max(depths))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of a year.

    Attributes:
        requests: that came in.
        calls: to Partner Center.
        peak_calls: a minute, in the busiest hour of the day of the intake peak.
        delays: detection delays by the length of the vetting.
        messages: accepted requests that have not reached Partner Center yet.
        left: looks that are due and were not reached by the run that found them.
        usage: of Azure.
        bill: a month.
    """

    requests: float
    calls: float
    peak_calls: float
    delays: dict[str, Delay]
    messages: Depth
    left: Depth
    usage: Usage
    bill: Bill

    def rows(self) -> dict[str, float]:
        """Every figure by its name."""
        delays = {
            f"detection delay {name}, vetting of {length} (min)": value
            for length, delay in self.delays.items()
            for name, value in (("p50", delay.p50), ("p95", delay.p95), ("max", delay.longest))
        }
        return {
            "requests a year": self.requests,
            "calls to Partner Center a request": self.calls / self.requests,
            "calls a day": self.calls / DAYS,
            "calls a minute at the peak": self.peak_calls,
            **delays,
            "messages waiting, p99": self.messages.p99,
            "messages waiting, max": self.messages.most,
            "looks left over by a run, p99": self.left.p99,
            "looks left over by a run, max": self.left.most,
            "table transactions a day": self.usage.table_transactions / DAYS,
            "Service Bus operations a month": self.usage.service_bus_operations / 12,
            "function executions a month": self.usage.executions / 12,
            "active seconds of instances a day": self.usage.function_seconds / DAYS,
            "logs without the cap (GB a day)": log_gb_a_day(self.usage),
            "records at the end of the year (GB)": self.usage.stored_bytes / 1e9,
            "cost: functions ($ a month)": self.bill.functions,
            "cost: Service Bus Standard": self.bill.service_bus,
            "cost: tables": self.bill.tables,
            "cost: logs, capped": self.bill.logs,
            "cost: alerts and vault": self.bill.alerts + self.bill.vault,
            "cost in all ($ a month)": self.bill.total,
        }


def lengths(policy: Policy) -> dict[str, tuple[timedelta, timedelta]]:
    """The lengths of vettings that are told apart: by what bounds the delay, and one border between."""
    first, most = policy.review_first / policy.review_growth, policy.review_max / policy.review_growth
    borders = [timedelta(0), first, timedelta(days=1), most, timedelta.max]
    names = [f"up to {first / HOUR:.1f} h", "up to a day", f"up to {most / HOUR:.0f} h", "more"]
    return dict(zip(names, pairwise(borders), strict=True))


def length_name(policy: Policy, length: timedelta) -> str:
    """Among which lengths a vetting belongs."""
    return next(name for name, (least, most) in lengths(policy).items() if least <= length < most)


def quantile(ordered: Sequence[float], part: float) -> float:
    """The value that `part` of them do not exceed (nearest rank)."""
    return ordered[max(0, ceil(len(ordered) * part) - 1)]
