"""Everything that a seed decides: who asks for what, and what is done to the service meanwhile."""

from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Self

from sandbox.chaos.blows import PlannedKill, PlannedMishap, plan_kills, plan_mishaps
from sandbox.chaos.customers import Ask, Customer, populate

CUSTOMERS_A_SECOND = 2.0


@dataclass(frozen=True)
class Plan:
    """The same for the same seed and length; how it interleaves with the processes is not."""

    seed: int
    seconds: float
    customers: tuple[Customer, ...]
    kills: tuple[PlannedKill, ...]
    mishaps: tuple[PlannedMishap, ...]

    @classmethod
    def of(cls, seed: int, seconds: float) -> Self:
        """Make a plan.

        Args:
            seed: decides everything that is left to chance.
            seconds: how long requests come in and blows fall.
        """
        random = Random(seed)
        count = max(22, round(seconds * CUSTOMERS_A_SECOND))
        return cls(
            seed,
            seconds,
            tuple(populate(random, count, seconds)),
            tuple(plan_kills(random, seconds)),
            tuple(plan_mishaps(random, seconds)),
        )

    @property
    def asks(self) -> list[Ask]:
        """All deliveries that have a time, in its order."""
        return sorted((ask for customer in self.customers for ask in customer.asks), key=lambda ask: ask.at)

    @property
    def baits(self) -> list[Customer]:
        """The customers who are asked for when a kill is aimed."""
        return [each.bait for each in self.kills if each.kill.needs_bait]

    @cached_property
    def everybody(self) -> dict[str, Customer]:
        """All customers by id."""
        return {customer.id: customer for customer in (*self.customers, *self.baits)}

    def customer(self, customer_id: str) -> Customer:
        """The customer of that id."""
        return self.everybody[customer_id]
