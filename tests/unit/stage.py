"""The service as bootstrap composes it, over a world in memory: rows, bus, Partner Center, time, ids and chance."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from qualification.bootstrap import bootstrap
from qualification.domain.customer import Customer
from qualification.domain.event import Event, EventType
from qualification.domain.record import Record
from qualification.domain.transition import CustomerState, Step, Transition
from qualification.domain.work import QueueMessage, WorkAction
from qualification.stores.layout import read_record
from qualification.stores.rows import Row
from qualification.use_cases.due_work import Run
from qualification.use_cases.order import Order
from tests.unit.builders import PARTNER
from tests.unit.stand_ins.bus import StandInBus
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.partner_center import StandInPartnerCenter
from tests.unit.stand_ins.rows import marked_rows

SETTINGS = {
    "ServiceBusConnection": "Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=b",
    "RecordStorage": "sqlite:///nothing-is-stored-here.db",
    "PARTNER_CENTER_TENANT_ID": str(PARTNER),
    "PARTNER_CENTER_CLIENT_ID": "2b0ec684-0c6a-46df-84db-cca99577bfbb",
    "PARTNER_CENTER_CLIENT_SECRET": "not-used",
    "PARTNER_CENTER_REFRESH_TOKEN": "file:///nothing-is-read-here",
}


class Stage:
    """A service in memory; jitter is always 1, the whole delay."""

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.clock = StandInClock()
        self.rows = marked_rows()
        self.bus = StandInBus()
        self.partner_center = StandInPartnerCenter(self.clock)
        self._ids = 0
        self.service = bootstrap(
            SETTINGS | dict(settings or {}),
            rows=self.rows,
            bus=self.bus,
            partner_center=self.partner_center,
            clock=self.clock,
            new_id=self.new_id,
            chance=lambda: 1.0,
        )
        self.store = self.service.store

    def new_id(self) -> UUID:
        """Ids in a row."""
        self._ids += 1
        return UUID(int=self._ids)

    async def state(self, customer_id: UUID) -> CustomerState:
        """All that is stored of a customer."""
        return (await self.store.customers(customer_id))[customer_id]

    async def stored(self, record: Record) -> Record:
        """The record as the store has it now."""
        stored = await self.store.find(record.customer_tenant_id, record.request_id)
        assert stored, record.request_id
        return stored.record

    async def put(self, record: Record, customer: Customer | None = None) -> Record:
        """Store a record as it is, and what is kept of its customer."""
        state = await self.state(record.customer_tenant_id)
        before = state.find(record.request_id)
        await self.store.commit(state, [Step(before, Transition(record))], customer)
        return record

    async def accept(self, order: Order) -> Record:
        """A request comes in."""
        return await self.service.intake.accept(order)

    async def submit(self, record: Record) -> Record:
        """A message about it arrives."""
        await self.service.submission.submit(record.customer_tenant_id, record.request_id)
        return await self.stored(record)

    async def advance(self, by: timedelta = timedelta()) -> Run:
        """Time passes, and the timer fires."""
        self.clock.advance(by)
        return await self.service.due_work.advance()

    async def deliver(self) -> None:
        """Every message on the queue arrives, until the queue is empty."""
        waiting: list[QueueMessage] = self.bus.queue
        while waiting:
            message = waiting.pop(0)
            await self.service.submission.submit(message.customer_tenant_id, message.request_id)

    async def live(self, span: timedelta, every: timedelta = timedelta(minutes=1)) -> None:
        """Time passes for so long; the timer fires and messages arrive whenever something is due."""
        end = self.clock.now + span
        while self.clock.now < end:
            due = await self._next_due()
            step = max(every, (due - self.clock.now)) if due else span
            await self.advance(min(step, end - self.clock.now))
            await self.deliver()
            await asyncio.sleep(0)

    @property
    def records(self) -> list[Record]:
        """Everything that is stored of requests, of all customers."""
        return [read_record(row).record for row in self._rows("customer|") if "|request|" in row.key]

    @property
    def outbox(self) -> list[Event]:
        """Events that are not published yet, in the order in which they are due."""
        found = [row for row in self._rows("work|") if f"|{WorkAction.PUBLISH}|" in row.key]
        return [Event.model_validate_json(row.value) for row in found]

    @property
    def alerts(self) -> list[str]:
        """Why somebody was alerted, in order."""
        attention = [event for event in self.bus.topic if event.type is EventType.ATTENTION_REQUIRED]
        return [str(event.data["reason"]) for event in attention]

    @property
    def news(self) -> list[str]:
        """The statuses that were published, in order."""
        changes: list[Event] = [event for event in self.bus.topic if event.type is EventType.STATUS_CHANGED]
        return [str(event.data["status"]) for event in changes]

    async def _next_due(self) -> datetime | None:
        return min((datetime.fromisoformat(row.key.split("|")[1]) for row in self._rows("work|")), default=None)

    def _rows(self, kind: str) -> list[Row]:
        found = [row for rows in self.rows.shards.values() for row in rows.values() if row.key.startswith(kind)]
        return sorted(found, key=lambda row: row.key)
