"""One chaos run, from the plan to the differences."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from qualification.domain.errors import LastAttempt
from qualification.domain.record import Record, Status
from qualification.domain.request import EducationRequest
from sandbox.chaos.blows import BEFORE_CLOCKS_JUMP, TWO_HOSTS, Mishap
from sandbox.chaos.customers import Ask
from sandbox.chaos.evidence import Evidence
from sandbox.chaos.examination import Difference, examine
from sandbox.chaos.ground import QUEUE, Ground, ground
from sandbox.chaos.kills import Kills
from sandbox.chaos.ledger import Ledger
from sandbox.chaos.load import Load
from sandbox.chaos.mishaps import Mishaps
from sandbox.chaos.plan import Plan

DRAIN = 90.0
"""Seconds after which what still moves is a difference: some leases, and more messages than a host takes at a time."""
INTERVAL = 0.25

type Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has come to."""

    plan: Plan
    evidence: Evidence
    differences: list[Difference]
    kills: Kills
    mishaps: Mishaps
    load: Load
    starts: int
    lost_locks: int
    drained_in: float


class Run:
    """Plays a plan on its ground.

    Args:
        plan: what to do.
        ground: where.
        tell: is given a line for each thing that happens.
    """

    def __init__(self, plan: Plan, ground: Ground, tell: Tell) -> None:
        self._plan, self._ground, self._tell = plan, ground, tell
        self._load, self._mishaps = Load(ground), Mishaps(ground)
        self._kills = Kills(
            ground, self._load, [customer.id for customer in plan.customers if customer.kind == "patient"]
        )
        self._began = 0.0
        self._may_jump = threading.Event()

    def play(self) -> Outcome:
        """Play to the end, then look what is left."""
        try:
            self._start_hosts()
            self._began = time.monotonic()
            with ThreadPoolExecutor() as side_by_side:
                others = [side_by_side.submit(each) for each in (self._send, self._mishap)]
                try:
                    self._kill()
                finally:
                    self._may_jump.set()
            for other in others:
                other.result()
            drained_in = self._drain()
        finally:
            self._load.close()
        self._ground.hosts.kill()
        evidence = Evidence.gather(self._plan, self._ground, self._load.answers, self._mishaps.foreign)
        return Outcome(
            self._plan,
            evidence,
            examine(evidence),
            self._kills,
            self._mishaps,
            self._load,
            self._ground.hosts.started,
            self._ground.hosts.logs.count("was not completed"),
            drained_in,
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
        self._ground.partner_center.run(lambda state: state.faults.clear())
        self._ground.partner_center.interrupt()  # ends the calls that hang; what they did stays done
        self._ground.partner_center.resume()
        self._ground.hosts.kill()
        self._ground.hosts.start(2, jumping=True)
        confirmed: set[str] = set()
        while time.monotonic() - began < DRAIN:
            ledger = Ledger.read(self._ground.database)
            for record in ledger.records.values():
                self._confirm(record, confirmed)
            if self._is_quiet(ledger):
                break
            time.sleep(INTERVAL)
        return time.monotonic() - began

    def _is_quiet(self, ledger: Ledger) -> bool:
        queue = self._ground.broker.counts()[QUEUE]
        waiting = {Status.QUEUED, Status.SUBMITTING}
        return (
            self._load.is_over
            and not ledger.outbox
            and not queue.active + queue.locked
            and not any(record.status in waiting for record in ledger.records.values())
            and all(
                record.status in self._plan.customer(str(record.customer_tenant_id)).may_end
                for record in ledger.records.values()
            )
        )

    def _confirm(self, record: Record, confirmed: set[str]) -> None:
        """Confirm a last attempt, as the person would whom the attention event has reached."""
        waits = record.error is not None and record.error.code == LastAttempt.attention
        event_id = f"confirm-{record.request_id}"
        if record.status is not Status.QUEUED or not waits or event_id in confirmed:
            return
        if isinstance(record.request, EducationRequest):
            confirmed.add(event_id)
            content = record.request.model_dump(mode="json", by_alias=True) | {"confirmLastAttempt": True}
            self._load.send_now([Ask(0.0, str(record.customer_tenant_id), event_id, content)])

    def _wait_for(self, at: float) -> None:
        time.sleep(max(0.0, self._began + at - time.monotonic()))

    def _say(self, what: str) -> None:
        at = time.monotonic() - self._began if self._began else 0.0
        self._tell(f"{at:6.1f} s  {what}")


def chaos(folder: Path, seed: int, seconds: float, tell: Tell = lambda _: None) -> Outcome:
    """Play the run of a seed.

    Args:
        folder: where records, clock and logs go; empty.
        seed: decides the plan.
        seconds: how long requests come in and blows fall; draining comes on top.
        tell: is given a line for each thing that happens.
    """
    plan = Plan.of(seed, seconds)
    with ground(folder, plan) as place:
        return Run(plan, place, tell).play()
