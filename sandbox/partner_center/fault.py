"""Scripted mishaps: which call they befall, when, and what the caller sees."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from itertools import count
from typing import Self

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveInt, model_validator

from sandbox.partner_center.answer import Answer
from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.error_shape import ErrorShape
from sandbox.partner_center.late_effects import AT_ONCE, LateEffect
from sandbox.partner_center.reply import REPLIES, Reply, ReplyName
from sandbox.partner_center.rows import TRUE_LOOK, Look
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
        chance: How likely it befalls a call, by the draws that `Settings.seed` begins; one that it passes over is not
            counted, and may meet the next fault.
        moment: `after` lets the call take effect first. With `before`, `proceed` takes effect after `delay`, whether
            or not the caller is still there.
        delay: Seconds to wait first.
        then: What the caller sees; `proceed` is the proper answer.
        late: When a write that is taken takes effect.
        look: What is wrong with what a GET shows.
        creates_lost: How many creates of a POST's validation code somebody else uses up after the partner has read the
            codes and before the POST arrives.
        wire: How an error in `then` is written; None as the customer's errors are.
        retry_after: Seconds for the `Retry-After` header of the reply.
        retry_after_date: Whether the header is a date (RFC 9110, 10.2.3) in place of seconds.
    """

    operation: Operation = Operation.ANY
    customer: CustomerId | None = None
    times: PositiveInt | None = None
    chance: float = Field(default=1, gt=0, le=1)
    moment: Moment = Moment.BEFORE
    delay: NonNegativeFloat = 0
    then: Act | ReplyName | Reply = ReplyName.SERVICE_UNAVAILABLE
    late: LateEffect = AT_ONCE
    look: Look = TRUE_LOOK
    creates_lost: NonNegativeInt = 0
    wire: ErrorShape | None = None
    retry_after: NonNegativeInt | None = None
    retry_after_date: bool = False

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        of_writes = self.late != AT_ONCE or self.creates_lost
        if of_writes and (self.operation is not Operation.POST or not self.takes_effect):
            raise ValueError("late and createsLost need the operation post, and the moment after or then proceed")
        if self.look != TRUE_LOOK and (self.operation is not Operation.GET or self.then is not Act.PROCEED):
            raise ValueError("look needs the operation get and then proceed")
        return self

    @property
    def takes_effect(self) -> bool:
        """Whether the call it befalls reaches Partner Center."""
        return self.moment is Moment.AFTER or self.then is Act.PROCEED

    def seen(self, shape: ErrorShape, now: datetime) -> Answer | Act:
        """Return what the caller sees.

        Args:
            shape: How the customer's errors are written.
            now: Partner Center's time, for the date of `Retry-After`.
        """
        if isinstance(self.then, Act):
            return self.then
        reply = self.then if isinstance(self.then, Reply) else REPLIES[self.then]
        answer = reply.answer(self.wire or shape)
        if self.retry_after is None:
            return answer
        until = format_datetime(now + timedelta(seconds=self.retry_after), usegmt=True)
        wait = until if self.retry_after_date else str(self.retry_after)
        return replace(answer, headers={**answer.headers, "Retry-After": wait})

    @property
    def settles(self) -> bool:
        """Whether what the caller sees is Partner Center's own word, which a repeated MS-RequestId may get again."""
        reply = REPLIES[self.then] if isinstance(self.then, ReplyName) else self.then
        return isinstance(reply, Reply) and reply.error is not None


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

    def take(self, operation: Operation, customer: str | None, draw: Callable[[], float]) -> Fault | None:
        """Return the fault that befalls a call and count it, or None; `draw` gives a number from 0 up to 1."""
        if not self._in_force:
            return None
        scopes = ((operation, customer), (operation, None), (Operation.ANY, customer), (Operation.ANY, None))
        for scope in scopes:
            for number, fault in self._in_force.get(scope, {}).items():
                if fault.chance == 1 or draw() < fault.chance:
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
