"""The blows of a chaos run: what is done to the service, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from random import Random
from typing import Any

from sandbox.chaos.customers import Customer, bait
from sandbox.partner_center import Act, Fault, Moment, Operation, ReplyName
from sandbox.partner_center.late_effects import AT_ONCE, LateEffect

LATE = (0, 0, 0.2, 1.0, 3.5)
"""Seconds after which a write takes effect, or shows: before and after it is written once more."""
CAUSES = (ReplyName.MFA_REQUIRED, ReplyName.AUTHORIZATION_FAILED)
PROXY = (ReplyName.PROXY_NOT_FOUND, ReplyName.PROXY_SIGN_IN)
KILLS_A_SECOND = 0.45
FAULTS_A_SECOND = 0.5
BEFORE_CLOCKS_JUMP = 0.6
"""The part of a run in which the hosts run the app of production; afterwards the one with a clock that jumps."""
TWO_HOSTS = (0.3, 0.8)
"""The part of a run in which two hosts work at once."""


class Kill(StrEnum):
    """Where a host is when it is killed (SIGKILL)."""

    ANYWHERE = "anywhere"
    COMMITTED = "after the store commit, before the send to the queue"
    POSTED = "after the POST took effect, before its answer"
    ANSWERED = "after the POST's answer, before the commit"
    UNPUBLISHED = "after the commit, before the event is on the topic"
    PUBLISHED = "after the publish, before the outbox row is deleted"
    REVIEWING = "in the middle of an advance run"

    @property
    def needs_bait(self) -> bool:
        """Whether it takes a request to bring a host to the place."""
        return self not in {Kill.ANYWHERE, Kill.REVIEWING}


class Mishap(StrEnum):
    """What else happens."""

    ANSWER = "wrong, missing or refusing answers of Partner Center"
    THROTTLED = "429 storm"
    SLOW = "slow answers"
    OUTAGE = "Partner Center answers 503"
    PARTNER_CENTER_GONE = "Partner Center refuses and resets connections"
    BROKER_GONE = "Service Bus refuses and drops connections"
    STORE_LOCKED = "the store refuses writes"
    CLOCK_JUMP = "clocks jump forward"
    POISON = "messages on the queue that are not ours"
    STOPPED = "a person stops all writing, and resumes it"


@dataclass(frozen=True, slots=True)
class PlannedKill:
    """A kill.

    Attributes:
        at: seconds after the run has begun.
        kill: where the host is to be.
        victim: the host to kill where the place does not decide it.
        bait: a customer who is asked for then, which brings a host to the place.
    """

    at: float
    kill: Kill
    victim: int
    bait: Customer


@dataclass(frozen=True, slots=True)
class PlannedMishap:
    """A mishap; `seconds` is how long it lasts, or how far clocks jump, `fault` what befalls calls."""

    at: float
    mishap: Mishap
    seconds: float = 0.0
    fault: Fault | None = None


def plan_kills(random: Random, seconds: float) -> list[PlannedKill]:
    """Kills spread over the run: every place in turn, and as many anywhere as at four places."""
    count = max(len(Kill), round(seconds * KILLS_A_SECOND))
    kills = list(islice(cycle([*Kill, *[Kill.ANYWHERE] * 3]), count))
    times = [(number + 0.5) * seconds / count for number in range(count)]
    return [
        PlannedKill(at, kill, number % 2, bait(random, at))
        for number, (at, kill) in enumerate(zip(times, kills, strict=True))
    ]


def plan_mishaps(random: Random, seconds: float) -> list[PlannedMishap]:
    """Mishaps spread over the run; clocks jump in its last part only."""
    count = max(len(Mishap), round(seconds * FAULTS_A_SECOND))
    times = sorted(random.uniform(0.02, 0.95) * seconds for _ in range(count))
    kinds = _kinds(random)
    planned = []
    for at in times:
        mishap = next(kinds)
        if mishap is Mishap.CLOCK_JUMP:
            at = max(at, random.uniform(BEFORE_CLOCKS_JUMP + 0.1, 0.95) * seconds)  # noqa: PLW2901  its own time
        planned.append(_planned(random, at, mishap, seconds))
    return sorted(planned, key=lambda each: each.at)


def _kinds(random: Random) -> Iterator[Mishap]:
    # Each kind once, then wrong answers are the most common.
    kinds = list(Mishap)
    while True:
        random.shuffle(kinds)
        yield from kinds
        kinds = [*Mishap, *[Mishap.ANSWER] * 9]


def _planned(random: Random, at: float, mishap: Mishap, seconds: float) -> PlannedMishap:
    match mishap:
        case Mishap.ANSWER:
            return PlannedMishap(at, mishap, fault=_answer(random))
        case Mishap.THROTTLED:
            fault = Fault(
                times=random.randint(1, 10), then=ReplyName.THROTTLED, retry_after=random.choice((None, 1, 2))
            )
            return PlannedMishap(at, mishap, fault=fault)
        case Mishap.STORE_LOCKED:
            # Longer than SQLite waits for a lock, now and then.
            return PlannedMishap(at, mishap, min(random.choice((0.5, 1.5, 1.5, 6.0)), seconds / 5))
        case Mishap.STOPPED:
            # Longer than it takes to reach every host, where the run is long enough.
            return PlannedMishap(at, mishap, min(random.uniform(6.5, 9.0), seconds / 8))
        case Mishap.CLOCK_JUMP:
            return PlannedMishap(at, mishap, random.choice((5.0, 60.0, 3600.0, 2 * 24 * 3600.0)))
        case _:
            return PlannedMishap(at, mishap, min(random.uniform(0.3, 2.5), seconds / 5))


def _answer(random: Random) -> Fault:
    """A mishap of some calls; one that comes after the effect never says for certain that there was none."""
    unclear: tuple[Any, ...] = (
        Act.RESET,
        Act.HANG,
        ReplyName.INTERNAL_ERROR,
        ReplyName.INTERNAL_ERROR_TEXT,
        ReplyName.BAD_GATEWAY,
        ReplyName.SERVICE_UNAVAILABLE,
        ReplyName.GATEWAY_TIMEOUT,
        ReplyName.REQUEST_TIMEOUT,
    )
    if random.random() < 0.6:  # noqa: PLR2004  POSTs and PUTs are where most can go wrong
        operation = random.choice((Operation.POST, Operation.POST, Operation.POST, Operation.PUT))
        moment = random.choice(list(Moment))
        others = (*CAUSES, *PROXY) if moment is Moment.BEFORE else (ReplyName.ACCEPTED_EMPTY, ReplyName.THROTTLED)
        then = random.choice((*unclear, ReplyName.CONFLICT, *others))
        late = AT_ONCE
        if operation is Operation.POST and moment is Moment.AFTER:
            late = LateEffect(effect_after=random.choice(LATE), shows_after=random.choice(LATE))
        return Fault(operation=operation, moment=moment, then=then, times=random.randint(1, 3), late=late)
    operation = random.choice((Operation.GET, Operation.TOKEN, Operation.CODES))
    return Fault(operation=operation, then=random.choice(unclear), times=random.randint(1, 4))
