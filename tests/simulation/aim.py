"""Mischief aimed at the step in hand: what even draws meet once in a thousand worlds."""

import asyncio
from collections.abc import Awaitable
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.errors import QualificationError
from qualification.domain.request import EducationRequest, QualificationRequest
from qualification.domain.status import Status
from tests.simulation.hosts import RACES, Host
from tests.simulation.senders import PEOPLE, Crm
from tests.simulation.written import is_given_up

if TYPE_CHECKING:
    from tests.simulation.world import World


class Aim:
    """Knows what the hosts are about to do.

    Args:
        world: where they are.
        crms: who may correct and take back, by customer.
    """

    def __init__(self, world: "World", crms: dict[UUID, Crm]) -> None:
        self._world, self._crms = world, crms
        self._random = Random(f"{world.seed}:aim")

    def claiming(self, host: Host, customer_id: UUID) -> None:
        """A host has looked at a customer, signs in, and is about to claim a write."""
        happens, spawn, random = self._world.mischief.happens, self._world.spawn, self._random
        if happens("stop-at-claim", 0.04):
            # A claim that takes longer than a stop needs to reach every instance.
            host.delay = random.choice((0.0, 7.5))
            spawn(self._soon(0.5, self.stopped(random.choice((30, 3000, 15_000)))))
        if happens("cancel-at-claim", 0.06):
            spawn(self._soon(3, self._cancelled(customer_id)))
        if happens("correct-at-claim", 0.05):
            spawn(self._soon(3, self._crms[customer_id].correct()))
        if happens("withdraw-at-claim", 0.02):
            spawn(self._soon(3, self._crms[customer_id].withdraw()))

    def confirming(self, customer_id: UUID, within: float) -> None:
        """A person has seen a request, and is about to confirm it."""
        if self._world.mischief.happens("correct-at-confirm", 0.4):
            self._world.spawn(self._soon(within + 3, self._crms[customer_id].correct()))

    def waiting(self, customer_id: UUID) -> None:
        """A request has begun to wait for a decision, and somebody is there."""
        if self._world.people and self._world.mischief.happens("decide-at-once", 0.3):
            person = self._random.choice(self._world.people)
            self._world.spawn(self._soon(self._random.choice((60, 3000)), person.decide(customer_id)))

    def unanswered(self, customer_id: UUID) -> None:
        """A write was not answered: a person gives up soon, and the CRM asks anew."""
        if self._world.people and self._world.mischief.happens("given-up-in-doubt", 0.15):
            self._world.spawn(self._soon(1200, self._asked_anew(customer_id)))

    def misleads(self, customer_id: UUID) -> bool:
        """A look at a customer of whom more is known than what is under way: it shows nothing of that."""
        theirs = [each for each in self._world.judge.records.values() if each.customer_tenant_id == customer_id]
        known = any(each.status is Status.APPROVED or is_given_up(each) for each in theirs)
        # An approval is read for as long as it lasts, and each of these looks may be wrong.
        ever = not any(each.status.is_active or is_given_up(each) for each in theirs)
        return known and self._world.mischief.happens("misled", 0.3, ever=ever)

    def loses_last(self, request: QualificationRequest, spent: int) -> bool:
        """A write that somebody asked for although it may be the last, after others: it does not arrive."""
        is_asked_for = isinstance(request, EducationRequest) and request.confirm_last_attempt
        return is_asked_for and spent > 0 and self._world.mischief.happens("last-lost", 0.3)

    def loses_probe(self) -> bool:
        """A cause holds everybody, and the one write that goes is not answered."""
        return self._world.judge.holding.hold.cause is not None and self._world.mischief.happens("probe-lost", 0.3)

    def event_stored(self) -> None:
        """A step has stored an event, and is about to publish it: the bus goes down, or comes back, just then."""
        world = self._world
        if world.mischief.happens("bus-flaps", 0.15):
            world.bus_is_down = not world.bus_is_down
            if world.bus_is_down:
                world.spawn(self._bus_comes_back(self._random.choice((20, 600, 3000))))

    async def stopped(self, seconds: float) -> None:
        """A person stops everything, and resumes."""
        world = self._world
        world.trace("person stops")
        host = await world.alive()
        await host.run(host.service.holds.stop(str(PEOPLE[0]), None))
        await asyncio.sleep(seconds)
        await world.resume()
        world.trace("person resumes")

    async def _cancelled(self, customer_id: UUID) -> None:
        world = self._world
        theirs = [each for each in world.judge.records.values() if each.customer_tenant_id == customer_id]
        for record in [each for each in theirs if each.status.is_active]:
            host = await world.alive()
            await host.run(host.service.decisions.cancel(customer_id, record.request_id, PEOPLE[0], {}))
            world.trace(f"person cancels {record.request_id.hex[:6]}")

    async def _asked_anew(self, customer_id: UUID) -> None:
        await self._cancelled(customer_id)
        await asyncio.sleep(self._random.uniform(0, 1200))
        await self._crms[customer_id].correct()

    async def _soon(self, most: float, what: Awaitable[None]) -> None:
        await asyncio.sleep(self._random.uniform(0, most))
        try:
            await what
        except (*RACES, QualificationError) as error:
            self._world.trace(f"came too late: {type(error).__name__}")

    async def _bus_comes_back(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._world.bus_is_down = False
