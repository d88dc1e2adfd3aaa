"""When looks at a vetting fall, in closed form: the policy's mean delays, one after another."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from statistics import fmean

from qualification.domain.timing import Policy
from tools.scale.demand import Demand
from tools.scale.deployment import TICK

MINUTE = timedelta(minutes=1)
CHANCES = [(number + 0.5) / 20 for number in range(20)]
LONGEST = timedelta(days=40)
"""Ages beyond this are left out; with the assumed lengths, one vetting in twelve thousand gets as old."""


@dataclass(frozen=True, slots=True)
class Look:
    """The time of a look, in minutes since vetting began, and how long after the look before it."""

    at: float
    gap: float


def looks(policy: Policy) -> Iterator[Look]:
    """The looks at a vetting that never ends, with jitter and the timer's tick at their means."""
    at = 0.0
    while at * MINUTE < LONGEST:
        delays = [policy.review_delay(at * MINUTE, chance) / TICK for chance in CHANCES]
        # A vetting begins at any second, on average half a tick before the next one; every look falls on a tick.
        gap = (fmean(map(ceil, delays)) if at else fmean(delays) + 0.5) * (TICK / MINUTE)
        at += gap
        yield Look(at, gap)


def looks_until(policy: Policy, length: timedelta) -> float:
    """Looks at a vetting of this length, the one that sees its end included, on average."""
    number = 0.0
    for look in looks(policy):
        before = look.at - look.gap
        if before * MINUTE >= length:
            break
        # The last look falls anywhere within its gap: the part of it that is over counts, and half a look for the rest.
        number += min(1.0, (length / MINUTE - before) / look.gap)
    return number + 0.5


def looks_a_vetting(policy: Policy, demand: Demand) -> float:
    """Looks at a vetting on average: each takes place if the vetting had not ended at the look before it."""
    return sum(1 - demand.ends_within(look.at - look.gap) for look in looks(policy))


def longest_gap(policy: Policy, age: timedelta) -> timedelta:
    """The longest that the end of a vetting of this length can go unseen, where nothing is throttled or late."""
    return policy.review_delay(age, 1.0) + TICK
