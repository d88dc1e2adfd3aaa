"""The record store over any rows."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import date, datetime
from functools import partial
from itertools import batched
from json import dumps
from uuid import UUID

from qualification.domain.customer import Customer
from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import CustomerState, Joined, NewestEvent, Step, Stored
from qualification.domain.waiting import WaitingRequest
from qualification.domain.work import WorkItem
from qualification.stores.count import count
from qualification.stores.due import CONCURRENCY, due_rows
from qualification.stores.keys import (
    HOLD,
    SHARDS,
    WAITING,
    cause_key,
    customer_range,
    event_key,
    outbox_key,
    parse_waiting_key,
    request_key,
    shard_of,
)
from qualification.stores.layout import (
    batches,
    event_insert,
    hold_change,
    read_hold,
    read_record,
    read_state,
    read_work,
    step_changes,
)
from qualification.stores.notes import note, noted
from qualification.stores.rows import MAX_CHANGES, Change, Delete, Insert, Row, Rows
from qualification.use_cases.ports import StoredHold

UNREADABLE_HOLD = (
    "The row that says what holds everybody cannot be read by this version, so nothing is sent: deploy the newer version "
    "that wrote it again."
)

log = logging.getLogger(__name__)


class KeyedRecordStore:
    """RecordStore over `rows`. A row that cannot be read is logged by its key and passed over."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def find(self, customer_id: UUID, request_id: UUID) -> Stored | None:
        """See RecordStore."""
        row = await self._rows.get(shard_of(customer_id), request_key(customer_id, request_id))
        if row is None:
            return None
        try:
            return read_record(row)
        except ValueError:
            # Only the key: the row may hold a validation code.
            log.error("row %s cannot be read by this version", row.key)  # noqa: TRY400  as above
            raise StoreUnavailable(f"request {request_id} cannot be read by this version of the service") from None

    async def customers(self, *customer_ids: UUID) -> dict[UUID, CustomerState]:
        """See RecordStore."""
        shards: dict[str, list[tuple[str, str]]] = {}
        for customer_id in customer_ids:
            shards.setdefault(shard_of(customer_id), []).append(customer_range(customer_id))
        rows: dict[UUID, list[Row]] = {customer_id: [] for customer_id in customer_ids}
        for shard, bounds in shards.items():
            for row in await self._rows.ranges(shard, bounds):
                rows[UUID(row.key.split("|")[1])].append(row)
        states: dict[UUID, CustomerState] = {}
        for customer_id, its_rows in rows.items():
            states[customer_id], unreadable = read_state(customer_id, its_rows)
            for key in unreadable:
                # Only the key: the row may hold a validation code.
                log.error("row %s cannot be read by this version: nothing is sent for this customer", key)
        return states

    async def joined(self, customer_id: UUID, request_id: UUID) -> Joined | None:
        """See RecordStore."""
        return await noted(self._rows, customer_id, request_id)

    async def join(self, customer_id: UUID, joined: Joined) -> None:
        """See RecordStore."""
        await note(self._rows, customer_id, joined)

    async def commit(
        self,
        state: CustomerState,
        steps: Sequence[Step],
        customer: Customer | None = None,
        beside: Qualification | None = None,
        newest: tuple[str, NewestEvent] | None = None,
    ) -> tuple[Stored, ...]:
        """See RecordStore."""
        customer_id = state.customer.customer_tenant_id
        changes = step_changes(state, steps, customer, beside, newest)
        etags = await self._rows.transact(shard_of(customer_id), changes)
        records = [step.transition.record for step in steps]
        return tuple(Stored(record, etags[request_key(customer_id, record.request_id)]) for record in records)

    async def commit_all(self, quiet: Sequence[tuple[CustomerState, Sequence[Step]]]) -> int:
        """See RecordStore."""
        shards: dict[str, list[list[Change]]] = {}
        for state, steps in quiet:
            shard = shard_of(state.customer.customer_tenant_id)
            shards.setdefault(shard, []).extend(step_changes(state, [step]) for step in steps)
        saved = 0
        for group in batched(shards.items(), CONCURRENCY, strict=False):
            # None is left running behind the caller's back when another one fails.
            results = await asyncio.gather(*(self._save_shard(*item) for item in group), return_exceptions=True)
            for result in results:
                if isinstance(result, BaseException):
                    raise result
                saved += result
        return saved

    async def due(self, now: datetime) -> AsyncGenerator[list[WorkItem]]:
        """See RecordStore."""
        async with aclosing(due_rows(self._rows, now)) as pages:
            async for shard, page in pages:
                items = _readable(shard, page, partial(read_work, shard))
                if items:
                    yield items

    async def is_unpublished(self, record: Record) -> bool:
        """See RecordStore."""
        if record.event_due is None:
            return False
        subject = record.customer_tenant_id
        key = outbox_key(record.event_due, subject, record.request_id, record.sequence)
        return await self._rows.get(shard_of(subject), key) is not None

    async def published(self, subject: UUID, events: Sequence[Event]) -> None:
        """See RecordStore."""
        gone = dict.fromkeys(event_key(event) for event in events)
        for batch in batched(gone, MAX_CHANGES, strict=False):
            await self._rows.transact(shard_of(subject), [Delete(key) for key in batch])

    async def alert_once(self, cause: str, event: Event) -> bool:
        """See RecordStore."""
        note = Insert(cause_key(event.subject, cause), dumps({"cause": cause, "event": event.id}))
        shard = shard_of(event.subject)
        if await self._rows.get(shard, note.key):
            return False
        try:
            await self._rows.transact(shard, [note, event_insert(event)])
        except StepConflict:
            return False
        return True

    async def count(self, source: str, day: date, number: int) -> int:
        """See RecordStore."""
        return await count(self._rows, source, day, number)

    async def waiting(self, most: int | None = None) -> list[WaitingRequest]:
        """See RecordStore."""
        found: list[WaitingRequest] = []
        for shards in batched(SHARDS, CONCURRENCY, strict=False):
            for each in await asyncio.gather(*(self._waiting_in(shard, most) for shard in shards)):
                found += each
        return sorted(found, key=lambda each: each.since)

    async def hold(self, partner_tenant_id: UUID) -> StoredHold:
        """See RecordStore."""
        row = await self._rows.get(shard_of(partner_tenant_id), HOLD)
        try:
            return read_hold(row) if row else StoredHold(Hold(), None)
        except ValueError:
            raise StoreUnavailable(UNREADABLE_HOLD) from None

    async def put_hold(
        self, partner_tenant_id: UUID, before: StoredHold, hold: Hold, event: Event | None = None
    ) -> None:
        """See RecordStore."""
        changes: list[Change] = [hold_change(before, hold), *([event_insert(event)] if event else [])]
        await self._rows.transact(shard_of(partner_tenant_id), changes)

    async def ping(self) -> None:
        """See RecordStore."""
        await self._rows.get(SHARDS[0], "ping")

    async def prove_writing(self) -> None:
        """Make sure that this sign-in may write, by deleting a row that nobody has ever written."""
        await self._rows.transact(SHARDS[0], [Delete("ping")])

    async def close(self) -> None:
        """See RecordStore."""
        await self._rows.close()

    async def _waiting_in(self, shard: str, most: int | None) -> list[WaitingRequest]:
        found: list[WaitingRequest] = []
        async for page in self._rows.scan(shard, *WAITING):
            found += _readable(shard, page, lambda row: parse_waiting_key(row.key))
            if most is not None and len(found) >= most:
                return found[:most]
        return found

    async def _save_shard(self, shard: str, steps: Sequence[list[Change]]) -> int:
        return sum([await self._save_batch(shard, batch) for batch in batches(steps)])

    async def _save_batch(self, shard: str, batch: Sequence[list[Change]]) -> int:
        """Save the batch in one transaction or, if one of its steps has lost a race, each step that has not."""
        try:
            await self._rows.transact(shard, [change for step in batch for change in step])
        except StepConflict:
            if len(batch) == 1:
                return 0
            return sum([await self._save_batch(shard, [step]) for step in batch])
        return len(batch)


def _readable[T](shard: str, rows: Sequence[Row], read: Callable[[Row], T]) -> list[T]:
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except ValueError:
            # Only the key: the row may hold a validation code.
            log.error("row %s in shard %s cannot be read and is passed over", row.key, shard)  # noqa: TRY400  as above
    return found
