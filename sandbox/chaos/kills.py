"""Kills hosts at chosen places: what the host waits for is held from outside, and then it is killed waiting."""

import time
from collections import Counter
from collections.abc import Callable
from functools import partial

from sandbox.chaos.blows import Kill, PlannedKill
from sandbox.chaos.customers import Customer
from sandbox.chaos.ground import QUEUE, TOPIC, Ground
from sandbox.chaos.load import Load
from sandbox.partner_center import Act, Fault, Moment, Operation, PartnerCenter
from sandbox.service_bus.entities import hold

PATIENCE = 3.0
"""Seconds that a kill waits for a host to come to its place; then it kills wherever the host is."""
INTERVAL = 0.02


class Kills:
    """Carries kills out.

    Attributes:
        hits: processes killed at each place.
        misses: how often no host came to a place in time, so that it was killed anywhere.
    """

    def __init__(self, ground: Ground, load: Load, reviewed: list[str]) -> None:
        """Nothing is killed yet.

        Args:
            ground: where.
            load: sends the requests that bring a host to its place.
            reviewed: customers whose vetting never ends, so that each of their GETs once they are InReview is a review.
        """
        self._ground, self._load = ground, load
        self._reviewed = reviewed
        self.hits: Counter[Kill] = Counter()
        self.misses: Counter[Kill] = Counter()

    def carry_out(self, planned: PlannedKill) -> None:
        """Kill once a host is where it is wanted: one, or all of them where the place does not tell which."""
        match planned.kill:
            case Kill.ANYWHERE:
                self._kill(planned.kill, victim=planned.victim)
            case Kill.COMMITTED:
                self._at_hold(planned, QUEUE, hold.Moment.BEFORE)
            case Kill.UNPUBLISHED:
                self._at_hold(planned, TOPIC, hold.Moment.BEFORE)
            case Kill.PUBLISHED:
                self._at_hold(planned, TOPIC, hold.Moment.AFTER)
            case Kill.POSTED:
                self._after_post(planned)
            case Kill.ANSWERED:
                self._after_answer(planned)
            case Kill.REVIEWING:
                self._in_review(planned.kill)

    def _kill(self, place: Kill, victim: int | None = None, *, hit: bool = True) -> None:
        killed = self._ground.hosts.kill(victim) or self._ground.hosts.kill()
        self.hits[place if hit else Kill.ANYWHERE] += killed
        self.misses[place] += not hit

    def _at_hold(self, planned: PlannedKill, entity: str, moment: hold.Moment) -> None:
        held = self._ground.broker.hold(entity, moment)
        try:
            self._load.send_now(planned.bait.asks)
            self._kill(planned.kill, hit=_comes(lambda: held.count > 0))
        finally:
            self._ground.broker.release(entity)

    def _after_post(self, planned: PlannedKill) -> None:
        fault = Fault(operation=Operation.POST, moment=Moment.AFTER, then=Act.HANG, times=1)
        number, befallen = self._befalls(fault, planned.bait)
        self._kill(planned.kill, hit=befallen)
        self._clear(number)

    def _after_answer(self, planned: PlannedKill) -> None:
        # Late enough to lock the store meanwhile, and early enough for the host to hear of it.
        late = Fault(operation=Operation.POST, moment=Moment.AFTER, delay=0.3, then=Act.PROCEED, times=1)
        number, befallen = self._befalls(late, planned.bait)
        answered = partial(_is_answered, planned.bait.id)
        with self._ground.store.locked():
            in_time = befallen and not self._ask(answered)
            self._kill(planned.kill, hit=in_time and _comes(lambda: self._ask(answered)))
        self._clear(number)

    def _in_review(self, place: Kill) -> None:
        befallen = _comes(lambda: self._ask(self._is_reviewed) is not None)
        customer = self._ask(self._is_reviewed)
        number = 0
        if customer:
            number, befallen = self._befalls(Fault(operation=Operation.GET, customer=customer, then=Act.HANG, times=1))
        self._kill(place, hit=befallen)
        self._clear(number)

    def _is_reviewed(self, state: PartnerCenter) -> str | None:
        return next((customer for customer in self._reviewed if state.books.effective_posts(customer)), None)

    def _befalls(self, fault: Fault, bait: Customer | None = None) -> tuple[int, bool]:
        """Put a fault in force, for the bait if there is one; its number, and whether it befell a call in time."""
        fault = fault.model_copy(update={"customer": bait.id}) if bait else fault
        number = self._ask(lambda state: state.fault(fault))
        self._load.send_now(bait.asks if bait else ())
        return number, _comes(lambda: number not in self._ask(_in_force))

    def _clear(self, number: int) -> None:
        self._ask(lambda state: state.faults.clear(number))

    def _ask[T](self, action: Callable[[PartnerCenter], T]) -> T:
        return self._ground.partner_center.run(action)


def _in_force(state: PartnerCenter) -> set[int]:
    return set(state.faults.in_force())


def _is_answered(customer_id: str, state: PartnerCenter) -> bool:
    return any(call.status is not None and call.effect for call in state.books.calls(Operation.POST, customer_id))


def _comes(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(INTERVAL)
    return False
