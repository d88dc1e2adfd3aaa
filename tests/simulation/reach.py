"""What a host reaches: rows, Service Bus, Partner Center; each call takes a while, may fail, and the host may die in it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.errors import BusUnavailable, StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.look import Look
from qualification.domain.request import QualificationRequest
from qualification.domain.work import QueueMessage
from qualification.stores.rows import Change, Row
from qualification.use_cases.ports import Accepted

if TYPE_CHECKING:
    from tests.simulation.hosts import Host


class HostRows:
    """The rows, as far as one host reaches them."""

    def __init__(self, host: "Host") -> None:
        self._host, self._world = host, host.world

    async def make(self) -> bool:
        """See Rows; nobody makes a store here."""
        raise AssertionError("the store is there")

    async def get(self, shard: str, key: str) -> Row | None:
        """See Rows."""
        await self._reach("get")
        row = await self._world.rows.get(shard, key)
        await self._host.passes("at got", 0.005)
        return row

    async def scan(self, shard: str, start: str, stop: str) -> AsyncIterator[list[Row]]:
        """See Rows."""
        if not self._world.rows.shards.get(shard):
            # Nothing was ever there: ten of the sixteen, in a world of six customers.
            return
        await self._reach("scan")
        async for page in self._world.rows.scan(shard, start, stop):
            await self._host.passes("at scanned", 0.005)
            yield page

    async def ranges(self, shard: str, bounds: Sequence[tuple[str, str]]) -> list[Row]:
        """See Rows."""
        await self._reach("ranges")
        rows = await self._world.rows.ranges(shard, bounds)
        await self._host.passes("at read", 0.005)
        return rows

    async def transact(self, shard: str, changes: Sequence[Change]) -> dict[str, str]:
        """See Rows."""
        await self._reach("transact", kill=0.006)
        delay, self._host.delay = self._host.delay, 0.0
        await asyncio.sleep(delay)
        rows = self._world.rows.shards.get(shard, {})
        before = [rows[each.key] for each in changes if each.key in rows]
        etags = await self._world.rows.transact(shard, changes)
        rows = self._world.rows.shards[shard]
        self._world.judge.upgrades.changed(self._host, before, [rows[key] for key in etags])
        has_event = self._world.stored(self._host, changes)
        where = "between commit and publish" if has_event else "at transacted"
        await self._host.passes(where, 0.01, kill=0.03 if has_event else 0.006)
        happens = self._world.mischief.happens
        if happens("store-lost-after", 0.004):
            raise StoreUnavailable("the answer got lost")
        if happens("store-repeats", 0.004):
            # The SDK repeats a call whose answer got lost; the store knows its own rows unless they have changed since.
            await self._host.passes("at repeated", 12.0)
            if any(key not in rows or rows[key].etag != etag for key, etag in etags.items()):
                raise StepConflict("others have changed a row since")
        return etags

    async def close(self) -> None:
        """See Rows."""

    async def _reach(self, what: str, kill: float = 0.0008) -> None:
        slow = self._world.mischief.happens("slow-store", 0.003)
        await self._host.passes(f"at {what}", 12.0 if slow else 0.02, kill)
        if self._world.mischief.happens("store-lost-before", 0.002):
            raise StoreUnavailable("the store is down")


class HostBus:
    """Service Bus, as far as one host reaches it."""

    def __init__(self, host: "Host") -> None:
        self._host, self._world = host, host.world

    async def enqueue(self, messages: Sequence[QueueMessage]) -> None:
        """See Bus."""
        await self.ping()
        for message in messages:
            self._world.enqueue(message)
        await self._answer()

    async def publish(self, events: Sequence[Event]) -> None:
        """See Bus."""
        await self._host.passes("between commit and publish", 0.05, kill=0.004)
        await self.ping()
        for event in events:
            self._world.published(event)
        await self._answer()

    async def ping(self) -> None:
        """See Bus."""
        await self._host.passes("at bus", 0.05, kill=0.003)
        if self._world.bus_is_down:
            await asyncio.sleep(self._host.random.choice((0.1, 20.0)))
            raise BusUnavailable("the bus is down")

    async def close(self) -> None:
        """See Bus."""

    async def _answer(self) -> None:
        await self._host.passes("at bus answered", 0.02, kill=0.003)
        if self._world.mischief.happens("bus-lost", 0.01):
            raise BusUnavailable("the answer got lost")


class HostPartnerCenter:
    """Partner Center, as far as one host reaches it."""

    def __init__(self, host: "Host") -> None:
        self._host, self._there = host, host.world.partner_center
        self._looked_at: UUID | None = None

    async def get_qualifications(self, customer_id: UUID) -> Look:
        """See PartnerCenter."""
        self._host.world.judge.called(self._host, "GET", customer_id)
        self._looked_at = customer_id
        await self._host.passes("at GET", 0.5, kill=0.004)
        look = self._there.read(customer_id, self._host.name)
        await self._host.passes("at GET answered", 0.5, kill=0.004)
        if isinstance(look, Exception):
            raise look
        return look

    async def sign_in(self) -> None:
        """See PartnerCenter."""
        if self._looked_at is not None:
            self._host.world.aim.claiming(self._host, self._looked_at)
        await self._host.passes("at sign-in", 1.0, kill=0.004)
        self._there.sign_in()

    async def create_qualification(
        self, customer_id: UUID, request: QualificationRequest, *, ms_request_id: UUID
    ) -> Accepted:
        """See PartnerCenter."""
        self._host.world.judge.called(self._host, "POST", customer_id)
        await self._host.passes("between claim and write", 0.5, kill=0.05)
        answer = self._there.write(customer_id, request, ms_request_id, self._host.name)
        await self._host.passes("between write and record", 2.0, kill=0.05)
        if answer is None:
            await self._host.world.for_ever()
        if isinstance(answer, Exception):
            raise answer
        assert answer is not None
        return answer

    update_qualification = create_qualification

    async def validation_codes(self) -> list[SecretStr]:
        """See PartnerCenter."""
        if self._looked_at is not None:
            self._host.world.judge.called(self._host, "GET codes", self._looked_at)
        await self._host.passes("at codes", 0.5)
        return self._there.codes.listed()
