"""The record store over any rows."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from datetime import datetime
from functools import partial
from itertools import batched
from uuid import UUID

from qualification.domain.errors import StepConflict
from qualification.domain.record import Event, Record, WorkItem
from qualification.domain.request import Qualification
from qualification.domain.transition import Joined, Owner, Stored, Transition
from qualification.stores.due import CONCURRENCY, due_rows
from qualification.stores.keys import (
    SHARDS,
    active_key,
    cause_key,
    event_key,
    outbox_key,
    request_key,
    request_range,
    shard_of,
)
from qualification.stores.layout import (
    batches,
    cause_insert,
    event_insert,
    is_joined,
    is_record,
    read_id,
    read_joined,
    read_owner,
    read_record,
    read_work,
    step_changes,
)
from qualification.stores.rows import MAX_CHANGES, Change, Delete, Replace, Row, Rows

TRIES = 3
"""How often a cause is looked at again that others raise and clear meanwhile."""

log = logging.getLogger(__name__)


class KeyedRecordStore:
    """RecordStore over `rows`. A row that cannot be read is logged by its key and passed over."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def find(self, customer_id: UUID, request_id: UUID) -> Stored | None:
        """See RecordStore."""
        return await self._get(customer_id, request_key(customer_id, request_id), read_record, is_record)

    async def records(self, *customer_ids: UUID) -> list[Stored]:
        """See RecordStore."""
        shards: dict[str, list[tuple[str, str]]] = {}
        for customer_id in customer_ids:
            shards.setdefault(shard_of(customer_id), []).append(request_range(customer_id))
        found: list[Stored] = []
        for shard, bounds in shards.items():
            rows = await self._rows.ranges(shard, bounds)
            found += _readable(shard, [row for row in rows if is_record(row)], read_record)
        return found

    async def active(self, customer_id: UUID, qualification: Qualification) -> UUID | None:
        """See RecordStore."""
        return await self._get(customer_id, active_key(customer_id, qualification), read_id)

    async def joined(self, customer_id: UUID, request_id: UUID) -> Joined | None:
        """See RecordStore."""
        return await self._get(customer_id, request_key(customer_id, request_id), read_joined, is_joined)

    async def add(self, transition: Transition) -> Stored:
        """See RecordStore."""
        return await self._step(None, transition)

    async def save(self, before: Stored, transition: Transition, join: Joined | None = None) -> Stored:
        """See RecordStore."""
        return await self._step(before, transition, join)

    async def save_all(self, steps: Sequence[tuple[Stored, Transition]]) -> int:
        """See RecordStore."""
        shards: dict[str, list[list[Change]]] = {}
        for before, transition in steps:
            shard = shard_of(before.record.customer_tenant_id)
            shards.setdefault(shard, []).append(step_changes(before, transition))
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

    async def owner_of(self, cause: str, subject: UUID) -> Owner | None:
        """See RecordStore."""
        return await self._get(subject, cause_key(subject, cause), read_owner)

    async def raise_cause(self, cause: str, subject: UUID, owner: Owner, event: Event | None = None) -> bool:
        """See RecordStore."""
        if event and event.subject != subject:
            raise ValueError("the event of a cause must be about the cause's subject")
        shard, note = shard_of(subject), cause_insert(cause, subject, owner)
        changes = [note, event_insert(event)] if event else [note]
        for _ in range(TRIES):
            row = await self._rows.get(shard, note.key)
            if row:
                return owner.request_id in {found.request_id for found in _readable(shard, [row], read_owner)}
            try:
                await self._rows.transact(shard, changes)
            except StepConflict:
                continue
            return True
        raise StepConflict(f"the cause {cause!r} could not be noted")

    async def take_cause(self, cause: str, subject: UUID, before: Owner, owner: Owner) -> bool:
        """See RecordStore."""
        shard, note = shard_of(subject), cause_insert(cause, subject, owner)
        row = await self._rows.get(shard, note.key)
        if row is None or _readable(shard, [row], read_owner) != [before]:
            return False
        try:
            await self._rows.transact(shard, [Replace(note.key, note.value, row.etag)])
        except StepConflict:
            return False
        return True

    async def clear_cause(self, cause: str, subject: UUID) -> None:
        """See RecordStore."""
        await self._rows.transact(shard_of(subject), [Delete(cause_key(subject, cause))])

    async def ping(self) -> None:
        """See RecordStore."""
        await self._rows.get(SHARDS[0], "ping")

    async def prove_writing(self) -> None:
        """Make sure that this sign-in may write, by deleting a row that nobody has ever written."""
        await self._rows.transact(SHARDS[0], [Delete("ping")])

    async def close(self) -> None:
        """See RecordStore."""
        await self._rows.close()

    async def _get[T](
        self, subject: UUID, key: str, read: Callable[[Row], T], wanted: Callable[[Row], bool] | None = None
    ) -> T | None:
        shard = shard_of(subject)
        row = await self._rows.get(shard, key)
        if row is None or (wanted and not wanted(row)):
            return None
        return next(iter(_readable(shard, [row], read)), None)

    async def _step(self, before: Stored | None, transition: Transition, join: Joined | None = None) -> Stored:
        record = transition.record
        changes = step_changes(before, transition, join)
        etags = await self._rows.transact(shard_of(record.customer_tenant_id), changes)
        return Stored(record, etags[changes[0].key])

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
