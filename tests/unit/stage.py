"""The use cases, composed over stand-ins as bootstrap composes them over adapters."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.record import QueueMessage, Record
from qualification.use_cases.alarms import Alarms
from qualification.use_cases.commit import Commit
from qualification.use_cases.due_work import DueWork, Run
from qualification.use_cases.intake import Intake
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.review import Reviews
from qualification.use_cases.submission import Submission
from tests.unit.builders import PARTNER, POLICY
from tests.unit.stand_ins.bus import StandInBus
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.partner_center import StandInPartnerCenter
from tests.unit.stand_ins.store import StandInStore


class Stage:
    """A service in memory; jitter is always 1, the whole delay."""

    def __init__(self, store: StandInStore | None = None) -> None:
        self.clock = StandInClock()
        self.store = store or StandInStore()
        self.bus = StandInBus()
        self.partner_center = StandInPartnerCenter()
        self.outbox = Outbox(store=self.store, bus=self.bus)
        self.moments = Moments(clock=self.clock, chance=lambda: 1.0, policy=POLICY)
        self.alarms = Alarms(store=self.store, partner_tenant_id=PARTNER)
        self.commit = Commit(store=self.store, outbox=self.outbox, alarms=self.alarms)
        self.intake = Intake(store=self.store, bus=self.bus, moments=self.moments, new_id=self.new_id)
        self.submission = Submission(
            store=self.store,
            partner_center=self.partner_center,
            commit=self.commit,
            alarms=self.alarms,
            moments=self.moments,
            new_id=self.new_id,
        )
        self.due_work = DueWork(
            store=self.store, bus=self.bus, outbox=self.outbox, moments=self.moments, reviews=self.reviews()
        )
        self._ids = 0

    def reviews(self, concurrency: int = 1) -> Reviews:
        """Reviews of so many customers at a time."""
        return Reviews(
            store=self.store,
            partner_center=self.partner_center,
            commit=self.commit,
            alarms=self.alarms,
            moments=self.moments,
            concurrency=concurrency,
        )

    def new_id(self) -> UUID:
        """Ids in a row."""
        self._ids += 1
        return UUID(int=self._ids)

    def stored(self, record: Record) -> Record:
        """The record as the store has it now."""
        return self.store.kept[record.request_id].record

    def put(self, record: Record) -> Record:
        """Store a record as it is."""
        return self.store.put(record).record

    async def submit(self, record: Record) -> Record:
        """A message about it arrives."""
        await self.submission.submit(record.customer_tenant_id, record.request_id)
        return self.stored(record)

    async def advance(self, by: timedelta = timedelta()) -> Run:
        """Time passes, and the timer fires."""
        self.clock.advance(by)
        return await self.due_work.advance()

    async def deliver(self) -> None:
        """Every message on the queue arrives, until the queue is empty."""
        waiting: list[QueueMessage] = self.bus.queue
        while waiting:
            message = waiting.pop(0)
            await self.submission.submit(message.customer_tenant_id, message.request_id)
