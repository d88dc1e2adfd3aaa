"""The blows of a chaos run: what is done to the service, and when."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from random import Random
from typing import Any

from sandbox.partner_center import Act, Fault, Moment, Operation, ReplyName

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


@dataclass(frozen=True, slots=True)
class PlannedKill:
    """A kill; `victim` is the host to kill where the place does not decide it."""

    at: float
    kill: Kill
    victim: int


@dataclass(frozen=True, slots=True)
class PlannedMishap:
    """A mishap; `seconds` is how long it lasts, or how far clocks jump, `fault` what befalls calls."""

    at: float
    mishap: Mishap
    seconds: float = 0.0
    fault: Fault | None = None


def plan_kills(random: Random, seconds: float) -> list[PlannedKill]:
    """Kills spread over the run, each place equally often and the rest anywhere."""
    count = max(len(Kill), round(seconds * KILLS_A_SECOND))
    aimed = [kill for kill in Kill if kill is not Kill.ANYWHERE]
    kills = list(islice(cycle([*aimed, *[Kill.ANYWHERE] * 4]), count)) if count > len(Kill) else list(Kill)
    random.shuffle(kills)
    return [PlannedKill((number + 0.5) * seconds / count, kill, number % 2) for number, kill in enumerate(kills)]


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
        planned.append(_planned(random, at, mishap))
    return sorted(planned, key=lambda each: each.at)


def _kinds(random: Random) -> Iterator[Mishap]:
    # Wrong answers are the most common, and each round has all kinds.
    while True:
        kinds = [*Mishap, *[Mishap.ANSWER] * 7]
        random.shuffle(kinds)
        yield from kinds


def _planned(random: Random, at: float, mishap: Mishap) -> PlannedMishap:
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
            return PlannedMishap(at, mishap, random.choice((0.5, 1.5, 1.5, 6.0)))
        case Mishap.CLOCK_JUMP:
            return PlannedMishap(at, mishap, random.choice((5.0, 60.0, 3600.0, 2 * 24 * 3600.0)))
        case _:
            return PlannedMishap(at, mishap, random.uniform(0.3, 2.5))


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
        refusals = (ReplyName.MFA_REQUIRED, ReplyName.AUTHORIZATION_FAILED) if moment is Moment.BEFORE else ()
        then = random.choice((*unclear, ReplyName.CONFLICT, *refusals))
        return Fault(operation=operation, moment=moment, then=then, times=random.randint(1, 3))
    operation = random.choice((Operation.GET, Operation.TOKEN, Operation.GET_SYNCHRONOUS, Operation.CODES))
    return Fault(operation=operation, then=random.choice(unclear), times=random.randint(1, 4))
