"""Reads the clock for a step, and draws its chance."""

from dataclasses import dataclass

from qualification.domain.timing import Moment, Policy
from qualification.use_cases.ports import Chance, Clock


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Makes the moment of a step: read once a step, and anew after each answer from outside."""

    clock: Clock
    chance: Chance
    policy: Policy

    def __call__(self) -> Moment:
        """The moment that is now."""
        return Moment(self.clock(), self.chance(), self.policy)
