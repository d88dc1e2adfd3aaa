"""Hosts: the service as bootstrap composes it, several over the same rows, each with its own clock; each may die at any await."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from qualification.bootstrap import bootstrap
from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.work import QueueMessage
from qualification.stores.rows import Rows
from tests.simulation.accounts import MINUTE
from tests.simulation.reach import HostBus, HostPartnerCenter, HostRows
from tests.simulation.versions import LaterRows
from tests.unit.stage import SETTINGS

if TYPE_CHECKING:
    from tests.simulation.world import World


APART = 5 * MINUTE
"""So far clocks may differ (CLOCK_AHEAD)."""
MOST_APART = timedelta(hours=8)
"""So far a clock is off where that is to be told."""


class Died(Exception):
    """The host was killed before it answered."""


class Host:
    """One process.

    Args:
        world: where it runs.
        name: in the trace.
        skew: how far its clock is ahead.
        is_later: whether it is of the version that is being deployed.

    Attributes:
        delay: how much longer its next transaction takes, in seconds.
    """

    def __init__(self, world: "World", name: str, skew: timedelta, *, is_later: bool = False) -> None:
        self.world, self.name, self.skew, self.is_later = world, name, skew, is_later
        self.random = Random(f"{world.seed}:{name}")
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.delay = 0.0
        rows: Rows = HostRows(self)
        if is_later:
            rows = world.deployment.rows(rows)
        elif world.mischief.happens("newer-version", 0.2):
            # One whose rows hold more, and that this version may act on all the same.
            rows = LaterRows(rows, frozenset())
        self.service = bootstrap(
            SETTINGS | {"REVIEW_APPROVED": "P7D"},
            rows=rows,
            bus=HostBus(self),
            partner_center=HostPartnerCenter(self),
            clock=self.clock,
            new_id=lambda: UUID(int=self.random.getrandbits(128), version=4),
            chance=self.random.random,
        )

    def clock(self) -> datetime:
        """Its own time."""
        return self.world.now + self.skew

    @property
    def is_apart(self) -> bool:
        """Whether its clock is further off than the service allows for."""
        return abs(self.skew) > APART

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return not self.death.done()

    async def passes(self, where: str, most: float = 0.03, kill: float = 0.0008) -> None:
        """A message travels; the host may die there."""
        await asyncio.sleep(self.random.uniform(0.0001, most))
        if self.is_alive and self.world.mischief.happens("kill", kill):
            self.world.kill(self, where)
        if not self.is_alive:
            # What a dead process was about to do never happens.
            await self.world.for_ever()

    async def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """Do some work here.

        Raises:
            Died: the host was killed meanwhile.
        """
        task = asyncio.get_running_loop().create_task(work)
        await asyncio.wait((task, self.death), return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        raise Died(self.name)

    async def take(self, message: QueueMessage) -> None:
        """A message of the queue arrives."""
        body = {"customerTenantId": str(message.customer_tenant_id), "requestId": str(message.request_id)}
        await self.run(self.service.submission.take(json.dumps(body).encode()))


RACES = (StepConflict, StoreUnavailable, Died)
"""What a sender answers by sending again."""
