"""Hosts: the service as bootstrap composes it, several over the same rows, each with its own clock; each may die at any await."""

import asyncio
import json
from collections.abc import AsyncIterator, Coroutine, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import SecretStr

from qualification.bootstrap import bootstrap
from qualification.domain.errors import BusUnavailable, StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.look import Look
from qualification.domain.request import QualificationRequest
from qualification.domain.work import QueueMessage
from qualification.stores.rows import Change, Row
from qualification.use_cases.ports import Accepted
from tests.unit.stage import SETTINGS

if TYPE_CHECKING:
    from tests.simulation.world import World


class Died(Exception):
    """The host was killed before it answered."""


class Host:
    """One process.

    Args:
        world: where it runs.
        name: in the trace.
        skew: how far its clock is ahead.
    """

    def __init__(self, world: "World", name: str, skew: timedelta) -> None:
        self.world, self.name, self.skew = world, name, skew
        self.random = Random(f"{world.seed}:{name}")
        self.death: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.service = bootstrap(
            SETTINGS,
            rows=HostRows(self),
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


class HostRows:
    """The rows, as far as one host reaches them."""

    def __init__(self, host: Host) -> None:
        self._host, self._world = host, host.world

    async def make(self) -> bool:
        """See Rows; nobody makes a store here."""
        raise AssertionError("the store is there")

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        await self._reach("get")
        row = await self._world.rows.get(shard, key)
        await self._host.passes("got", 0.005)
        return row

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        if not self._world.rows.shards.get(shard):
            # Nothing was ever there: ten of the sixteen, in a world of six customers.
            return
        await self._reach("scan")
        async for page in self._world.rows.scan(shard, start, stop):
            await self._host.passes("scanned", 0.005)
            yield page

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        await self._reach("ranges")
        rows = await self._world.rows.ranges(shard, bounds)
        await self._host.passes("read", 0.005)
        return rows

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        await self._reach("transact", kill=0.006)
        etags = await self._world.rows.transact(shard, changes)
        self._world.stored(self._host, changes)
        await self._host.passes("transacted", 0.01, kill=0.006)
        happens = self._world.mischief.happens
        if happens("store-lost-after", 0.004):
            raise StoreUnavailable("the answer got lost")
        if happens("store-repeats", 0.004):
            # The SDK repeats a call whose answer got lost.
            etags = await self._world.rows.transact(shard, changes)
        return etags

    async def close(self) -> None:
        """See Rows."""

    async def _reach(self, what: str, kill: float = 0.0008) -> None:
        slow = self._world.mischief.happens("slow-store", 0.003)
        await self._host.passes(what, 12.0 if slow else 0.02, kill)
        if self._world.mischief.happens("store-lost-before", 0.002):
            raise StoreUnavailable("the store is down")


class HostBus:
    """Service Bus, as far as one host reaches it."""

    def __init__(self, host: Host) -> None:
        self._host, self._world = host, host.world

    async def enqueue(self, messages: Sequence[QueueMessage]) -> None:
        """See Bus."""
        await self.ping()
        for message in messages:
            self._world.enqueue(message)
        await self._answer()

    async def publish(self, events: Sequence[Event]) -> None:
        """See Bus."""
        await self.ping()
        for event in events:
            self._world.published(event)
        await self._answer()

    async def ping(self) -> None:
        """See Bus."""
        await self._host.passes("bus", 0.05, kill=0.003)
        if self._world.bus_is_down:
            await asyncio.sleep(self._host.random.choice((0.1, 20.0)))
            raise BusUnavailable("the bus is down")

    async def close(self) -> None:
        """See Bus."""

    async def _answer(self) -> None:
        await self._host.passes("bus answered", 0.02, kill=0.003)
        if self._world.mischief.happens("bus-lost", 0.01):
            raise BusUnavailable("the answer got lost")


class HostPartnerCenter:
    """Partner Center, as far as one host reaches it."""

    def __init__(self, host: Host) -> None:
        self._host, self._there = host, host.world.partner_center

    async def get_qualifications(self, customer_id: UUID) -> Look:
        """See PartnerCenter."""
        self._host.world.judge.called(self._host.name, "GET", customer_id)
        await self._host.passes("GET", 0.5, kill=0.004)
        look = self._there.read(customer_id, self._host.name)
        await self._host.passes("GET answered", 0.5, kill=0.004)
        if isinstance(look, Exception):
            raise look
        return look

    async def sign_in(self) -> None:
        """See PartnerCenter."""
        await self._host.passes("sign-in", 1.0, kill=0.004)
        self._there.sign_in()

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """See PartnerCenter."""
        self._host.world.judge.called(self._host.name, "POST", customer_id)
        await self._host.passes("POST", 0.5, kill=0.03)
        answer = self._there.write(customer_id, request, ms_request_id, self._host.name)
        await self._host.passes("POST answered", 2.0, kill=0.03)
        if answer is None:
            await self._host.world.for_ever()
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    update_qualification = create_qualification

    async def validation_codes(self) -> list[SecretStr]:
        """See PartnerCenter."""
        await self._host.passes("codes", 0.5)
        return [SecretStr(code) for code, left in self._there.codes.items() if left > 0]


RACES = (StepConflict, StoreUnavailable, Died)
"""What a sender answers by sending again."""
