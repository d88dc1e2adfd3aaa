"""One chaos run, from the plan to the differences."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from qualification.domain.record import Record
from qualification.domain.waiting import Kind
from sandbox.chaos.blows import BEFORE_CLOCKS_JUMP, TWO_HOSTS, Mishap
from sandbox.chaos.evidence import Evidence
from sandbox.chaos.examination import examine
from sandbox.chaos.ground import QUEUE, Ground, ground
from sandbox.chaos.kills import Kills
from sandbox.chaos.ledger import Ledger
from sandbox.chaos.load import Load
from sandbox.chaos.mishaps import Mishaps
from sandbox.chaos.people import People
from sandbox.chaos.plan import Plan
from sandbox.chaos.rules.difference import Difference
from sandbox.holding import MAY_GROW, Holding

DRAIN = 240.0
"""Seconds after which what still moves is a difference: some leases, and more messages than a host takes at a time. A longer run
has more to let pass, and gets two seconds more for each of its own."""
INTERVAL = 0.25
STEP, HOURS = 2, 26
"""So long time is let pass in the end, some hours at a time, so that what takes a day comes out."""
POOL = 64
"""Connections to table storage that a host keeps beside the others: thirty-two reads side by side, and each task's own calls."""
ACTS_EVERY = 1.5
"""Seconds between two decisions of people."""

type Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has come to.

    Attributes:
        struck: how many calls of the hosts were struck on each way.
        held: what each host held after the last start, and in the end.
        drained_in: seconds from the last fault to the end.
        hours: how long time was let pass meanwhile.
    """

    plan: Plan
    evidence: Evidence
    differences: list[Difference]
    kills: Kills
    mishaps: Mishaps
    load: Load
    people: People
    starts: int
    lost_locks: int
    struck: Mapping[str, int]
    held: tuple[tuple[Holding, Holding], ...]
    drained_in: float
    hours: int


class Run:
    """Plays a plan on its ground.

    Args:
        plan: what to do.
        ground: where.
        tell: is given a line for each thing that happens.
    """

    def __init__(self, plan: Plan, ground: Ground, tell: Tell) -> None:
        self._plan, self._ground, self._tell = plan, ground, tell
        self._load, self._people = Load(ground), People(ground, Random(plan.seed))
        self._mishaps = Mishaps(ground, self._people)
        self._kills = Kills(
            ground, self._load, [customer.id for customer in plan.customers if customer.kind == "patient"]
        )
        self._began = 0.0
        self._hours = 0
        self._may_jump = threading.Event()
        self._held_first: list[Holding] = []
        self._held: tuple[tuple[Holding, Holding], ...] = ()

    def play(self) -> Outcome:
        """Play to the end, then look what is left."""
        try:
            self._start_hosts()
            self._began = time.monotonic()
            with ThreadPoolExecutor() as side_by_side:
                others = [side_by_side.submit(each) for each in (self._send, self._mishap, self._decide)]
                try:
                    self._kill()
                finally:
                    self._may_jump.set()
            for other in others:
                other.result()
            drained_in = self._drain()
        finally:
            self._load.close()
            self._people.close()
        self._held = tuple(zip(self._held_first, self._ground.hosts.held, strict=True))
        self._ground.hosts.kill()
        evidence = Evidence.gather(self._plan, self._ground, self._load.answers, self._mishaps.foreign, self._people)
        return Outcome(
            self._plan,
            evidence,
            [*examine(evidence), *_not_flat(self._held)],
            self._kills,
            self._mishaps,
            self._load,
            self._people,
            self._ground.hosts.started,
            self._ground.hosts.logs.count("was not completed"),
            {name: faults.struck.total() for name, faults in self._ground.ways.faults.items()},
            self._held,
            drained_in,
            self._hours,
        )

    def _send(self) -> None:
        self._load.send(self._plan.asks, self._began)

    def _mishap(self) -> None:
        for planned in self._plan.mishaps:
            self._wait_for(planned.at)
            fault = planned.fault
            what = f": {fault.operation} {fault.moment} {fault.then} x{fault.times}" if fault else ""
            if planned.mishap is Mishap.CLOCK_JUMP:
                self._may_jump.wait()
            self._say(f"{planned.mishap}{what}" + (f", {planned.seconds:.1f} s" if planned.seconds else ""))
            self._mishaps.carry_out(planned)

    def _decide(self) -> None:
        at = ACTS_EVERY
        while at < self._plan.seconds:
            self._wait_for(at)
            self._people.act_at_random()
            at = time.monotonic() - self._began + ACTS_EVERY

    def _kill(self) -> None:
        for planned in self._plan.kills:
            self._wait_for(planned.at)
            self._kills.carry_out(planned)
            self._say(f"killed {planned.kill}")
            self._start_hosts()
        self._wait_for(self._plan.seconds)
        self._start_hosts()

    def _start_hosts(self) -> None:
        part = (time.monotonic() - self._began) / self._plan.seconds if self._began else 0.0
        jumping = part >= BEFORE_CLOCKS_JUMP
        if jumping and not self._may_jump.is_set():
            # All of them, or clocks would stand days apart, which is more than any lease allows for.
            self._ground.hosts.kill()
        first, last = TWO_HOSTS
        self._ground.hosts.start(2 if first <= part < last else 1, jumping=jumping)
        if jumping:
            self._may_jump.set()

    def _drain(self) -> float:
        """End everything that goes wrong, and wait until nothing moves; how long that took."""
        began = time.monotonic()
        self._say("all faults are over, draining")
        self._ground.ways.clear()
        self._ground.partner_center.run(lambda state: state.faults.clear())
        self._ground.partner_center.interrupt()  # ends the calls that hang; what they did stays done
        self._ground.partner_center.resume()
        self._ground.hosts.kill()
        self._ground.hosts.start(2, jumping=True)
        self._held_first = self._ground.hosts.held
        self._people.resume()
        decided = set[UUID]()
        while time.monotonic() - began < DRAIN + 2 * self._plan.seconds:
            ledger = self._ground.store.read()
            if self._is_quiet(ledger):
                if self._hours >= HOURS:
                    break
                for record in ledger.records.values():
                    self._answer(record, decided)
                self._ground.pass_time(timedelta(hours=STEP).total_seconds())
                self._hours += STEP
            time.sleep(INTERVAL)
        self._say(f"{self._hours} of {HOURS} hours were let pass")
        return time.monotonic() - began

    def _is_quiet(self, ledger: Ledger) -> bool:
        queue = self._ground.broker.counts()[QUEUE]
        now = self._ground.clock().isoformat()
        due = [key for key in ledger.work if key.split("|")[1] <= now]
        return self._load.is_over and not ledger.outbox and not queue.active + queue.locked and not due

    def _answer(self, record: Record, decided: set[UUID]) -> None:
        """Decide once about what waits for a decision, as the person would whom the attention event has reached."""
        waits = record.waiting is not None and record.waiting.reason.kind is Kind.DECISION
        if waits and record.request_id not in decided:
            decided.add(record.request_id)
            self._people.act(record, ("confirm", "cancel"))

    def _wait_for(self, at: float) -> None:
        time.sleep(max(0.0, self._began + at - time.monotonic()))

    def _say(self, what: str) -> None:
        at = time.monotonic() - self._began if self._began else 0.0
        self._tell(f"{at:6.1f} s  {what}")


def _not_flat(held: Sequence[tuple[Holding, Holding]]) -> list[Difference]:
    return [
        Difference("what a host holds is flat", f"it held {first}, and in the end {last}")
        for first, last in held
        if not last.is_flat_since(first, MAY_GROW + POOL)
    ]


def chaos(folder: Path, seed: int, seconds: float, tell: Tell = lambda _: None, azurite: int | None = None) -> Outcome:
    """Play the run of a seed.

    Args:
        folder: where records, clock and logs go; empty.
        seed: decides the plan.
        seconds: how long requests come in and blows fall; draining comes on top.
        tell: is given a line for each thing that happens.
        azurite: the port of the one where the records are; None is a SQLite file.
    """
    plan = Plan.of(seed, seconds)
    with ground(folder, plan, azurite) as place:
        return Run(plan, place, tell).play()
