"""A world drawn from a seed: hosts, a queue, a topic, a timer, CRMs and people, and a hostile Partner Center."""

import asyncio
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import ceil
from random import Random
from typing import Any
from uuid import UUID

from qualification.domain.errors import QualificationError
from qualification.domain.event import Event
from qualification.domain.work import QueueMessage, WorkAction
from qualification.stores.rows import Change, Insert
from tests.simulation.accounts import DAY, MINUTE
from tests.simulation.aim import Aim
from tests.simulation.deployment import Deployment
from tests.simulation.hosts import MOST_APART, Died, Host
from tests.simulation.judge import Judge
from tests.simulation.mischief import CROWDED, Mischief
from tests.simulation.outages import bus_comes_and_goes, partner_center_comes_and_goes
from tests.simulation.partner_center import HostilePartnerCenter
from tests.simulation.senders import Crm, people
from tests.unit.stand_ins.rows import marked_rows

BEGINNING = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOSTILE, CALM = timedelta(days=3), timedelta(days=13)
"""So long everything may go wrong, and so long nothing does afterwards: what is approved is read every 7 days here."""


class World:
    """Everything there is.

    Args:
        seed: the same seed makes the same world, and the same trace.
        without: kinds of mischief that never happen, and who takes no part.
    """

    def __init__(self, seed: int, without: frozenset[str] = frozenset()) -> None:
        self.seed = seed
        self._loop = asyncio.get_running_loop()
        self.lines: list[str] = []
        self.mischief = Mischief(seed, without)
        self.random = Random(f"{seed}:world")
        self.rows = marked_rows()
        self.judge = Judge(self)
        self.partner_center = HostilePartnerCenter(self)
        crowd = (3, 4, 5) if self.mischief.plot == CROWDED else (1, 1, 1, 1, 2, 2, 3)
        self.customers = [UUID(int=1 + number) for number in range(self.random.choice(crowd))]
        self.crms = {customer_id: Crm(self, customer_id) for customer_id in self.customers}
        self.aim = Aim(self, self.crms)
        self.people = people(self)
        self.hosts: list[Host] = []
        self.tasks: set[asyncio.Task[Any]] = set()
        self.bus_is_down = False
        self.topic: list[Event] = []
        self._names = 0
        self._never: list[asyncio.Future[None]] = []
        self._skews = [self._skew() for _ in range(self.random.choice((2, 2, 3)))]
        self.apart: list[str] = []
        self.is_apart = self.mischief.happens("hours-apart", 0.1)
        if self.is_apart:
            self._skews[0] = self.random.choice((-1, 1)) * self.random.uniform(0.1, 1) * MOST_APART
        self.deployment = Deployment(self)
        self.over = asyncio.Event()
        self._looks_for_work = asyncio.Event()
        self._next_tick = self.now

    @property
    def now(self) -> datetime:
        """The time, as Partner Center has it."""
        return BEGINNING + timedelta(seconds=self._loop.time())

    def trace(self, line: str) -> None:
        """Note what happens."""
        self.lines.append(f"{self.now:%d %H:%M:%S} {line}")

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Something goes on beside the rest."""
        task = self._loop.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    async def live(self) -> None:
        """All of it, from the beginning to the end."""
        for number in range(len(self._skews)):
            self._start(number)
        for customer_id in self.customers:
            self.partner_center.open(customer_id)
        self.spawn(self._timer())
        self.spawn(bus_comes_and_goes(self))
        self.spawn(partner_center_comes_and_goes(self))
        self.spawn(self.deployment.live())
        for customer_id, crm in self.crms.items():
            if self.mischief.takes_part(f"customer-{customer_id.int}"):
                self.spawn(crm.live())
        for person in self.people:
            self.spawn(person.live())
        await self._passes(HOSTILE)
        self.trace("calm")
        self.mischief.calm = True
        self.bus_is_down = False
        self.partner_center.outages.end()
        self.deployment.finish()
        self._set_clocks()
        await self.resume()
        await self._passes(CALM)
        await self.judge.examine()

    async def _passes(self, span: timedelta) -> None:
        """Some time, unless what was found goes on for ever."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.over.wait(), span.total_seconds())

    def kill(self, host: Host, where: str) -> None:
        """The process ends; another one starts soon."""
        self.trace(f"{host.name} is killed {where}")
        self.judge.killed(where)
        host.death.set_result(None)
        number = self.hosts.index(host)
        self._loop.call_later(self.random.choice((1, 30, 400)), self._start, number)

    async def for_ever(self) -> None:
        """Wait for something that never comes."""
        # Kept, for what nobody refers to is collected, and runs on while it is.
        self._never.append(self._loop.create_future())
        await self._never[-1]

    async def alive(self) -> Host:
        """Some host that runs."""
        while not (found := [host for host in self.hosts if host.is_alive]):  # noqa: ASYNC110  it takes virtual seconds only
            await asyncio.sleep(5)
        return self.random.choice(found)

    def enqueue(self, message: QueueMessage) -> None:
        """A hint is on the queue."""
        happens, random = self.mischief.happens, self.random
        if happens("hint-lost", 0.03):
            return
        delay = random.uniform(0.01, 1)
        if happens("hint-late", 0.05):
            delay = random.choice((60, 900, 3600, 40_000))
        self.spawn(self._deliver(message, delay))
        if happens("hint-doubled", 0.05):
            self.spawn(self._deliver(message, random.choice((0.01, 1, 300))))

    def published(self, event: Event) -> None:
        """An event is on the topic."""
        self.topic.append(event)
        said = event.data.get("status") or event.data.get("reason")
        self.trace(f"event {event.stream.hex[:6]}:{event.sequence} {said}")
        self.judge.published(event)

    def stored(self, host: Host, changes: Sequence[Change]) -> bool:
        """A transaction was made; whether an event is among what it stored."""
        for change in changes:
            if isinstance(change, Insert) and change.key.startswith("work|"):
                due = datetime.fromisoformat(change.key.split("|")[1])
                if due < self._next_tick:
                    self._looks_for_work.set()
        self.judge.stored(host, changes)
        has_event = any(isinstance(each, Insert) and f"|{WorkAction.PUBLISH}|" in each.key for each in changes)
        if has_event:
            self.aim.event_stored()
        return has_event

    def _skew(self) -> timedelta:
        return self.random.uniform(-5, 5) * MINUTE if self.mischief.happens("skew", 0.7) else timedelta()

    def _set_clocks(self) -> None:
        """Somebody was told that one is wrong."""
        for number, host in enumerate(self.hosts):
            if host.is_apart:
                self._skews[number] = timedelta()
                if host.is_alive:
                    self.kill(host, "to set its clock")

    def _start(self, number: int) -> None:
        self._names += 1
        is_later = self.deployment.is_later(number)
        host = Host(self, f"h{self._names}", self._skews[number], is_later=is_later)
        if host.is_apart:
            self.apart.append(host.name)
        if number < len(self.hosts):
            self.hosts[number] = host
        else:
            self.hosts.append(host)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.judge.crashed(error)

    async def _deliver(self, message: QueueMessage, delay: float) -> None:
        await asyncio.sleep(delay)
        for _ in range(10):
            try:
                await (await self.alive()).take(message)
            except Died:
                await asyncio.sleep(300)
            except QualificationError:
                await asyncio.sleep(5)
            else:
                return

    async def _timer(self) -> None:
        while True:
            self._looks_for_work.clear()
            # What is due is due by the clock of the host whose timer fires.
            host = await self.alive()
            due = self._next_due() - host.skew
            self._next_tick = self._full_minute(max(due, self.now + timedelta(seconds=1)))
            try:
                async with asyncio.timeout((self._next_tick - self.now).total_seconds()):
                    await self._looks_for_work.wait()
            except TimeoutError:
                if self.mischief.happens("two-timers", 0.02):
                    self.spawn(self._tick(await self.alive()))
                await self._tick(host if host.is_alive else await self.alive())

    async def _tick(self, host: Host) -> None:
        due = self.judge.upgrades.due(host)
        try:
            await host.run(host.service.due_work.advance())
            self.judge.upgrades.ran(due)
        except (Died, QualificationError):
            await asyncio.sleep(20)

    def _next_due(self) -> datetime:
        keys = (key for rows in self.rows.shards.values() for key in rows if key.startswith("work|"))
        first = min(keys, default=None)
        return datetime.fromisoformat(first.split("|")[1]) if first else self.now + DAY

    def _full_minute(self, moment: datetime) -> datetime:
        return BEGINNING + ceil((moment - BEGINNING) / MINUTE) * MINUTE

    async def resume(self) -> None:
        """A person lets writes go again."""
        while True:
            host = await self.alive()
            self.judge.holding.resuming += 1
            try:
                await host.run(host.service.holds.resume())
            except (Died, QualificationError):
                await asyncio.sleep(60)
            else:
                return
            finally:
                self.judge.holding.resuming -= 1
