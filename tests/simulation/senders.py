"""CRMs that repeat, correct and overtake themselves, and people who decide at random."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.amendment import amended
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import QualificationError
from qualification.domain.etag import etag
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import Status
from qualification.domain.waiting import Kind
from qualification.use_cases.order import API, Order, Withdrawal, fingerprint
from tests.simulation.hosts import RACES, Host
from tests.simulation.rare import count_confirmation
from tests.unit.builders import wanted

if TYPE_CHECKING:
    from tests.simulation.world import World

CRM = "dataverse"
SOON, SOON_FOR, LATER = 20, 5, 600
"""Seconds until a sender tries again, and how many times it tries so soon."""
PEOPLE = (Caller(kind=CallerKind.FUNCTION_KEY, id="11111111"), Caller(kind=CallerKind.FUNCTION_KEY, id="22222222"))


def people(world: "World") -> "Sequence[Person]":
    """Who decides."""
    who = enumerate(PEOPLE, start=1)
    return [Person(world, caller) for number, caller in who if world.mischief.takes_part(f"person-{number}")]


class Crm:
    """What asks for a customer, and changes its mind.

    Args:
        world: where it is.
        customer_id: for whom it asks.
    """

    def __init__(self, world: "World", customer_id: UUID) -> None:
        self._world, self._customer_id = world, customer_id
        self._random = Random(f"{world.seed}:crm {customer_id}")
        self._sent: list[Order] = []
        self._delivered: list[Order] = []
        self._kind = self._random.choice(
            (*([Qualification.EDUCATION] * 3), *Qualification, Qualification.GOVERNMENT_COMMUNITY_CLOUD)
        )
        self._dates = world.mischief.happens("dated", 0.5)
        self._asks_for_last = world.mischief.happens("asks-for-last", 0.15)

    async def live(self) -> None:
        """Ask for something, then change one's mind."""
        world, random = self._world, self._random
        happens = world.mischief.happens
        await asyncio.sleep(random.choice((10, 3600, 30_000)) * random.random())
        await self.correct()
        while not world.mischief.calm:
            if happens("elsewhere", 0.06):
                world.partner_center.act_elsewhere(self._customer_id)
            if happens("repeat", 0.2):
                await self._send(random.choice(self._sent))
            if happens("correct", 0.12):
                await self.correct()
            if self._dates and happens("saved-twice", 0.06):
                # Its clock ticks in seconds.
                first = self._order(self._content(self._kind, dates=True))
                second = self._order(self._content(self._kind, dates=True))
                await self._send(first)
                await self._send(replace(second, occurred_at=first.occurred_at))
            if happens("other", 0.04):
                self._kind = random.choice(tuple(Qualification))
                await self.correct()
            if happens("withdraw", 0.03):
                await self.withdraw()
            if happens("api", 0.08):
                content = self._content(random.choice(tuple(Qualification)), dates=False)
                await self._send(self._order(content, source=API, joins=False))
            await asyncio.sleep(random.choice((1, 60, 3000, 30_000, 60_000)) * random.uniform(0.5, 1.5))

    async def correct(self) -> None:
        """Ask, with other content each time."""
        order = self._order(self._content(self._kind, dates=self._dates))
        if self._dates and self._world.mischief.happens("overtaken", 0.3):
            self._world.spawn(self._late(order))
        else:
            await self._send(order)

    async def _late(self, order: Order) -> None:
        """An event that others overtake."""
        await asyncio.sleep(self._random.choice((1, 60, 3000, 60_000)) * self._random.uniform(0.5, 1.5))
        await self._send(order)

    def _content(self, kind: Qualification, *, dates: bool) -> QualificationRequest:
        if kind is Qualification.EDUCATION:
            segment, site = self._random.choice(("K12", "HigherEducation")), self._random.choice("abc")
            if dates:
                # Mostly another one each time, so that it can be told whose content a request holds.
                site = f"d{min(len(self._sent), self._random.randrange(2 * len(self._sent) + 2))}"
            asks_for_last = self._random.random() < 0.2 or self._asks_for_last
            last = {"confirmLastAttempt": True} if asks_for_last else {}
            return wanted(kind, educationSegment=segment, website=f"{site}.edu", **last)
        if kind is Qualification.GOVERNMENT_COMMUNITY_CLOUD:
            return wanted(kind, validationCode=self._random.choice((None, None, None, "code-a", "code-gone")))
        return wanted(kind)

    def _order(self, content: QualificationRequest, source: str = CRM, *, joins: bool = True) -> Order:
        event_id = None if self._world.mischief.happens("nameless", 0.1) else f"e{len(self._sent)}"
        order = Order(
            customer_tenant_id=self._customer_id,
            request=content,
            source=source,
            event_id=event_id,
            joins=joins,
            occurred_at=self._world.now if self._dates and joins else None,
        )
        self._sent.append(order)
        return order

    async def _send(self, order: Order) -> None:
        said = (
            f"{order.source} {order.event_id} asks {order.request.qualification[:3]} for {order.customer_tenant_id.int}"
        )
        self._world.judge.dated.sent(order)
        is_first = order not in self._delivered
        self._delivered.append(order)
        for number in range(100):
            host = await self._world.alive()
            try:
                record = await host.run(host.service.intake.accept(order))
            except RACES:
                is_first = False
                await self._waits_after(number)
                continue
            except QualificationError as error:
                self._world.trace(f"{said}: {type(error).__name__}")
                return
            self._world.trace(f"{said}: {record.request_id.hex[:6]} {record.status}")
            self._world.judge.accepted(order, record, is_first=is_first)
            return

    @staticmethod
    async def _waits_after(tries: int) -> None:
        await asyncio.sleep(SOON if tries < SOON_FOR else LATER)

    async def withdraw(self) -> None:
        """Take the mark back."""
        at, judge = self._world.now if self._dates else None, self._world.judge
        if self._dates and self._world.mischief.happens("overtaken", 0.3):
            await asyncio.sleep(self._random.choice((1, 60, 3000)))
        judge.dated.taking_back(self._customer_id, at)
        is_overtaken = judge.dated.is_overtaken(self._customer_id, at)
        for number in range(100):
            host = await self._world.alive()
            try:
                withdrawal = Withdrawal(self._customer_id, CRM, occurred_at=at)
                record = await host.run(host.service.intake.withdraw(withdrawal))
            except RACES:
                await self._waits_after(number)
                continue
            self._world.trace(f"{CRM} withdraws for {self._customer_id.int}: {record and record.request_id.hex[:6]}")
            judge.withdrawn(self._customer_id, record, at, is_overtaken=is_overtaken)
            return


class Person:
    """Who decides.

    Args:
        world: where it is.
        caller: as the service knows them.
    """

    def __init__(self, world: "World", caller: Caller) -> None:
        self._world, self._caller = world, caller
        self._random = Random(f"{world.seed}:person {caller.id}")

    async def live(self) -> None:
        """Look now and then, and decide."""
        while not self._world.mischief.calm:
            await asyncio.sleep(self._random.expovariate(1 / 15_000))
            try:
                await self.decide(self._random.choice(self._world.customers))
            except RACES:
                continue
            except QualificationError as error:
                self._world.trace(f"person {self._caller.id[:1]}: {type(error).__name__}")

    async def decide(self, customer_id: UUID) -> None:
        """Look at a customer's requests, and decide about one.

        Raises:
            QualificationError: it came too late.
        """
        world, random = self._world, self._random
        happens = world.mischief.happens
        if happens("stop", 0.05):
            await world.aim.stopped(random.choice((10, 3000, 30_000)))
            return
        host = await world.alive()
        records = await host.run(host.service.intake.list(customer_id))
        if not records:
            return
        record = next((each for each in records if each.waiting and each.waiting.reason.kind is Kind.DECISION), None)
        record = record or next((each for each in records if each.status is Status.SUBMITTING), random.choice(records))
        waits = record.waiting is not None and record.waiting.reason.kind is Kind.DECISION
        pause = random.choice((0.1, 30, 900))
        if waits:
            world.aim.confirming(customer_id, pause)
        await asyncio.sleep(pause)
        host = await world.alive()
        decisions, name, about = host.service.decisions, record.request_id.hex[:6], (customer_id, record.request_id)
        if waits and happens("confirm", 0.7):
            await self._confirm(host, record)
        elif happens("cancel", 0.4 if record.status is Status.SUBMITTING else 0.1):
            await host.run(decisions.cancel(*about, self._caller, {}))
            world.trace(f"person cancels {name}")
        elif happens("retry", 0.3):
            known, before = set(world.judge.records), world.judge.records[record.request_id]
            after = await host.run(decisions.retry(*about, self._caller, {}))
            world.trace(f"person retries {name}: {after.request_id.hex[:6]} {after.status}")
            # A second retry of what was retried is answered with that, and decides nothing.
            decides = after.request_id == record.request_id or after.request_id not in known
            world.judge.retried(before, after, decides=decides)

    async def _confirm(self, host: Host, record: Record) -> None:
        world, about = self._world, (record.customer_tenant_id, record.request_id)
        corrects = record.qualification is Qualification.EDUCATION and world.mischief.happens("confirm-body", 0.3)
        body = {"website": "corrected.edu"} if corrects else {}
        world.judge.steps.confirming(record.request_id, str(self._caller), fingerprint(amended(record.request, body)))
        before = world.judge.steps.confirms[record.request_id]
        try:
            await host.run(host.service.decisions.confirm(*about, etag(record), self._caller, body))
        except QualificationError:
            count_confirmation(world.judge, record)
            raise
        # The same confirmation sent again is answered like the first, and decides nothing.
        if world.judge.steps.confirms[record.request_id] > before:
            world.judge.promptness.decided(record)
        world.trace(f"person confirms {record.request_id.hex[:6]} {body}")
