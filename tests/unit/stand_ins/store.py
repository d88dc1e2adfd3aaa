"""A record store in memory."""

from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.record import Record, WorkAction, WorkItem
from qualification.domain.request import Qualification
from qualification.domain.transition import Joined, Owner, Stored, Transition


class StandInStore:
    """Keeps records in memory under ETags.

    Attributes:
        down: whether every call fails.
        rivals: what other workers do, one before each of the next steps.
        batches: how many records each `save_all` was given.
        page: how many items `due` gives at a time.
    """

    def __init__(self) -> None:
        self.kept: dict[UUID, Stored] = {}
        self.outbox: dict[str, Event] = {}
        self.joins: dict[UUID, Joined] = {}
        self.causes: dict[tuple[str, UUID], Owner] = {}
        self.down = False
        self.rivals: deque[Callable[[], Awaitable[object]]] = deque()
        self.batches: list[int] = []
        self.page = 500
        self._versions = 0

    async def find(self, customer_id: UUID, request_id: UUID) -> Stored | None:
        """See RecordStore."""
        await self.ping()
        stored = self.kept.get(request_id)
        return stored if stored and stored.record.customer_tenant_id == customer_id else None

    async def records(self, *customer_ids: UUID) -> list[Stored]:
        """See RecordStore."""
        await self.ping()
        return [each for each in self.kept.values() if each.record.customer_tenant_id in customer_ids]

    async def active(self, customer_id: UUID, qualification: Qualification) -> UUID | None:
        """See RecordStore."""
        found = [each.record for each in await self.records(customer_id) if each.record.status.is_active]
        return next((each.request_id for each in found if each.qualification is qualification), None)

    async def joined(self, customer_id: UUID, request_id: UUID) -> Joined | None:
        """See RecordStore."""
        await self.ping()
        join = self.joins.get(request_id)
        return join if join and self.kept[join.answered_by].record.customer_tenant_id == customer_id else None

    async def add(self, transition: Transition) -> Stored:
        """See RecordStore."""
        await self._race()
        record = transition.record
        taken = await self.active(record.customer_tenant_id, record.qualification)
        if record.request_id in self.kept or record.request_id in self.joins or taken:
            raise StepConflict("stored already")
        return self._keep(transition)

    async def save(self, before: Stored, transition: Transition, join: Joined | None = None) -> Stored:
        """See RecordStore."""
        await self._race()
        if self.kept[before.record.request_id] != before or (join and join.request_id in self.joins):
            raise StepConflict("changed meanwhile")
        if join:
            self.joins[join.request_id] = join
        return self._keep(transition)

    async def save_all(self, steps: Sequence[tuple[Stored, Transition]]) -> int:
        """See RecordStore."""
        await self._race()
        self.batches.append(len(steps))
        current = [transition for before, transition in steps if self.kept[before.record.request_id] == before]
        for transition in current:
            self._keep(transition)
        return len(current)

    async def due(self, now: datetime) -> AsyncGenerator[list[WorkItem]]:
        """See RecordStore."""
        await self.ping()
        told = [
            (event.due, WorkItem("", event.id, WorkAction.PUBLISH, event.subject, event.stream, event))
            for event in self.outbox.values()
        ]
        todo = [
            (record.work.due, WorkItem("", "", record.work.action, record.customer_tenant_id, record.request_id))
            for record in (stored.record for stored in self.kept.values())
            if record.work
        ]
        items = [item for due, item in sorted([*told, *todo], key=lambda pair: pair[0]) if due <= now]
        for start in range(0, len(items), self.page):
            yield items[start : start + self.page]

    async def is_unpublished(self, record: Record) -> bool:
        """See RecordStore."""
        await self.ping()
        return f"{record.request_id}:{record.sequence}" in self.outbox

    async def published(self, subject: UUID, events: Sequence[Event]) -> None:
        """See RecordStore."""
        await self.ping()
        for event in events:
            if event.subject == subject:
                self.outbox.pop(event.id, None)

    async def owner_of(self, cause: str, subject: UUID) -> Owner | None:
        """See RecordStore."""
        await self.ping()
        return self.causes.get((cause, subject))

    async def raise_cause(self, cause: str, subject: UUID, owner: Owner, event: Event | None = None) -> bool:
        """See RecordStore."""
        await self.ping()
        if (cause, subject) not in self.causes and event:
            self.outbox[event.id] = event
        return self.causes.setdefault((cause, subject), owner).request_id == owner.request_id

    async def take_cause(self, cause: str, subject: UUID, before: Owner, owner: Owner) -> bool:
        """See RecordStore."""
        await self.ping()
        if self.causes.get((cause, subject)) != before:
            return False
        self.causes[cause, subject] = owner
        return True

    async def clear_cause(self, cause: str, subject: UUID) -> None:
        """See RecordStore."""
        await self.ping()
        self.causes.pop((cause, subject), None)

    async def ping(self) -> None:
        """See RecordStore."""
        if self.down:
            raise StoreUnavailable("the store is down")

    async def close(self) -> None:
        """See RecordStore."""

    def put(self, record: Record) -> Stored:
        """Make the record what the store holds, as another worker would."""
        return self._keep(Transition(record))

    async def _race(self) -> None:
        await self.ping()
        if self.rivals:
            await self.rivals.popleft()()

    def _keep(self, transition: Transition) -> Stored:
        self._versions += 1
        stored = Stored(transition.record, f"v{self._versions}")
        self.kept[transition.record.request_id] = stored
        self.outbox |= {event.id: event for event in transition.events}
        return stored
