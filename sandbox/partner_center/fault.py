"""Scripted mishaps: which call they befall, when, and what the caller sees."""

from dataclasses import replace
from enum import StrEnum
from itertools import count

from pydantic import NonNegativeFloat, NonNegativeInt, PositiveInt

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.message import Answer
from sandbox.partner_center.reply import REPLIES, Reply, ReplyName
from sandbox.partner_center.vocabulary import CustomerId, Operation


class Moment(StrEnum):
    """Whether the mishap comes before or after the call has taken effect."""

    BEFORE = "before"
    AFTER = "after"


class Act(StrEnum):
    """What happens instead of an answer: silence, a reset connection, or the proper answer (late, after `delay`).

    Silence and delays end, in a reset connection, when the simulator is reset, interrupted or stopped.
    """

    HANG = "hang"
    RESET = "reset"
    PROCEED = "proceed"


class Fault(ControlModel):
    """A mishap.

    Attributes:
        operation: The operation it befalls.
        customer: The customer it befalls; None for every call, those without a customer too.
        times: How many calls it befalls; None until it is cleared.
        moment: `after` lets the call take effect first. With `before`, `proceed` takes effect after `delay`, whether
            or not the caller is still there.
        delay: Seconds to wait first.
        then: What the caller sees.
        retry_after: Seconds for the `Retry-After` header of the reply.
    """

    operation: Operation = Operation.ANY
    customer: CustomerId | None = None
    times: PositiveInt | None = None
    moment: Moment = Moment.BEFORE
    delay: NonNegativeFloat = 0
    then: Act | ReplyName | Reply = ReplyName.SERVICE_UNAVAILABLE
    retry_after: NonNegativeInt | None = None

    def answer(self) -> Answer | None:
        """Return the scripted answer, or None where there is an act instead of one."""
        if isinstance(self.then, Act):
            return None
        answer = (self.then if isinstance(self.then, Reply) else REPLIES[self.then]).answer()
        if self.retry_after is None:
            return answer
        return replace(answer, headers={**answer.headers, "Retry-After": str(self.retry_after)})


class Faults:
    """The faults in force, found by operation and customer without a scan; the oldest of the narrowest kind goes first."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._in_force: dict[tuple[Operation, str | None], dict[int, Fault]] = {}

    def add(self, fault: Fault) -> int:
        """Put a fault in force and return its number."""
        number = next(self._numbers)
        self._in_force.setdefault((fault.operation, fault.customer), {})[number] = fault.model_copy()
        return number

    def take(self, operation: Operation, customer: str | None) -> Fault | None:
        """Return the fault that befalls a call and count it, or None."""
        if not self._in_force:
            return None
        scopes = ((operation, customer), (operation, None), (Operation.ANY, customer), (Operation.ANY, None))
        for scope in scopes:
            if faults := self._in_force.get(scope):
                number, fault = next(iter(faults.items()))
                self._count(scope, number, fault)
                return fault
        return None

    def _count(self, scope: tuple[Operation, str | None], number: int, fault: Fault) -> None:
        if fault.times is None:
            return
        faults = self._in_force[scope]
        if fault.times > 1:
            faults[number] = fault.model_copy(update={"times": fault.times - 1})
            return
        del faults[number]
        if not faults:
            del self._in_force[scope]

    def in_force(self) -> dict[int, Fault]:
        """Return the faults by number, with the `times` that are left."""
        return {number: fault for faults in self._in_force.values() for number, fault in faults.items()}

    def clear(self, number: int | None = None) -> bool:
        """Take one fault back, or all of them; return whether there was one."""
        found = any(number is None or number in faults for faults in self._in_force.values())
        if number is None:
            self._in_force.clear()
        for scope in [scope for scope, faults in self._in_force.items() if number in faults]:
            del self._in_force[scope][number or 0]
            if not self._in_force[scope]:
                del self._in_force[scope]
        return found
