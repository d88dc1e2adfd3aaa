"""A simulated year: requests come by lot, the timer fires each minute, time is virtual.

Every case goes through the service's own transitions, and its work item says when it is next due. Up to `sample` cases are
simulated; with more customers than that, each case stands for as many requests as it takes: it uses up as much of the timer's
time and of Partner Center's limit, and counts as often. A moment's load then shows the grain of the sample, hours do not.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from qualification.domain.status import Status
from qualification.domain.work import WorkAction
from qualification.use_cases.due_work import RUN_FOR
from tools.scale.bill import bill
from tools.scale.calendar import Calendar
from tools.scale.case import Case, cases
from tools.scale.demand import BEGINS, HOURS, Demand
from tools.scale.deployment import TICK, Deployment
from tools.scale.figures import Delay, Depth, Figures, length_name, lengths, quantile
from tools.scale.footprint import SUBMIT
from tools.scale.hours import Hours, busiest
from tools.scale.throttle import Throttle
from tools.scale.usage import usage

SAMPLE = 4_000
HOUR = timedelta(hours=1)
TICKS_AN_HOUR = HOUR // TICK
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Run:
    """A run of the timer under way: what it found due, in order, and the tick it began with."""

    began: int
    due: list[Case]
    done: int = 0


@dataclass(slots=True)
class Year:
    """The simulation.

    Attributes:
        demand: what is asked.
        deployment: how the service is set up.
        chance: all chance there is.
        number: cases.
    """

    demand: Demand
    deployment: Deployment
    chance: Random
    number: int
    hours: Hours = field(default_factory=Hours)
    delays: dict[str, list[float]] = field(default_factory=dict)
    messages: list[float] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    everybody: list[Case] = field(default_factory=list)
    throttle: Throttle = field(init=False)
    calendar: Calendar = field(init=False)
    weight: float = field(init=False)
    _run: Run | None = None
    _next_run: int = 0
    _left: int = 0
    _queued: int = 0

    def __post_init__(self) -> None:
        self.weight = self.demand.customers / self.number
        self.throttle = Throttle(self.deployment.throttle)
        self.calendar = Calendar(self.weight)

    def pass_by(self) -> None:
        """Let the year pass."""
        coming = cases(self.demand, self.deployment.mode, self.deployment.policy, self.number, self.chance)
        case = next(coming, None)
        for tick in range(HOURS * TICKS_AN_HOUR):
            now = BEGINS + tick * TICK
            self._advance(tick, now)
            while case is not None and case.record.created_at < now + TICK:
                self.everybody.append(case)
                self.hours.requests[case.record.qualification][tick // TICKS_AN_HOUR] += self.weight
                self._queued += 1
                self._submit(case, case.record.created_at)
                case = next(coming, None)
            if tick % TICKS_AN_HOUR == TICKS_AN_HOUR - 1:
                self._note(tick // TICKS_AN_HOUR)

    def figures(self) -> Figures:
        """What the year has shown."""
        used, calls = usage(self.hours, self.demand, self.deployment), self.hours.calls()
        return Figures(
            requests=sum(self.hours.all_requests()),
            calls=sum(calls),
            peak_calls=busiest(calls, self.demand) / 60,
            delays={
                name: Delay(quantile(sorted(found), 0.5), quantile(sorted(found), 0.95), max(found))
                for name in lengths(self.deployment.policy)
                if (found := self.delays.get(name))
            },
            messages=Depth.of(self.messages),
            left=Depth.of(self.left),
            usage=used,
            bill=bill(used, self.deployment),
        )

    def statuses(self) -> Counter[Status]:
        """Where the cases stand."""
        return Counter(case.record.status for case in self.everybody)

    def _advance(self, tick: int, now: datetime) -> None:
        self.calendar.turn(tick)
        if self._run is None and self.calendar.waiting and tick >= self._next_run:
            self._run = Run(tick, self.calendar.take(now))
            self._left = 0
        run = self._run
        if run is None:
            return
        cases_a_tick = self.deployment.looks_a_second * TICK.total_seconds() / self.weight
        # Rounded by lot, so that what is not a whole number of cases comes right over many ticks.
        room = int(cases_a_tick + self.chance.random())
        is_closed, looked = False, 0
        while run.done < len(run.due) and looked < room and not is_closed:
            case = run.due[run.done]
            run.done += 1
            if case.record.is_due(WorkAction.QUEUE, now):
                case.requeue(now, self.deployment.policy, self.chance.random())
                self._submit(case, now)
            else:
                looked += 1
                is_closed = not self._look(case, now + looked / max(room, 1) * TICK)
        self._end(run, tick, is_closed=is_closed)

    def _end(self, run: Run, tick: int, *, is_closed: bool) -> None:
        """The run is over if nothing is left, Partner Center wants to be left alone, or its time is up."""
        is_late = (tick + 1 - run.began) * TICK >= RUN_FOR
        if run.done < len(run.due) and not (is_closed or is_late):
            return
        rest = run.due[run.done :]
        self.calendar.put_back(rest)
        self._left = len(rest)
        # A run that lasted until its time was up ends just after the next tick, which is missed.
        self._next_run = tick + 2 if rest and not is_closed else tick + 1
        self._run = None

    def _look(self, case: Case, now: datetime) -> bool:
        policy, hour = self.deployment.policy, self._hour(now)
        retry_at = self.throttle.take(now, self.weight)
        if retry_at:
            case.throttled(retry_at, now, policy, self.chance.random())
            self.calendar.put(case)
            return False
        before, began = case.record.status, case.record.in_review_since
        events = case.look(now, policy, self.chance.random())
        self.hours.looks[hour] += self.weight
        self.hours.news[hour] += self.weight if events else 0
        if before is Status.IN_REVIEW and case.record.status is not before and case.ends:
            self.delays.setdefault(length_name(policy, case.ends - began), []).append((now - case.ends) / MINUTE)
        self.calendar.put(case)
        return True

    def _submit(self, case: Case, now: datetime) -> None:
        calls = SUBMIT[case.record.qualification].calls
        retry_at = self.throttle.take(now, calls * self.weight)
        if retry_at:
            case.throttled(retry_at, now, self.deployment.policy, self.chance.random())
        else:
            case.submit(now, self.deployment.policy, self.chance.random())
            self.hours.submitted[self._hour(now)] += calls * self.weight
            self._queued -= 1
        self.calendar.put(case)

    def _note(self, hour: int) -> None:
        """How many wait at the end of an hour; of messages also those on their way, rate times time (Little's law)."""
        came = sum(each[hour] for each in self.hours.requests.values())
        self.messages.append(self._queued * self.weight + came * self.deployment.submit_seconds / 3600)
        self.left.append(self._left * self.weight)

    @staticmethod
    def _hour(now: datetime) -> int:
        return min((now - BEGINS) // HOUR, HOURS - 1)


def simulate(demand: Demand, deployment: Deployment, seed: int, sample: int = SAMPLE) -> Year:
    """A year that has passed; the same seed gives the same year."""
    year = Year(demand, deployment, Random(seed), min(sample, demand.customers))  # noqa: S311  not for secrecy
    year.pass_by()
    return year
