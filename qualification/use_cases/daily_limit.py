"""Counts what a source asks for in a day, and says once a day that it was too much."""

import asyncio
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid5

from qualification.domain.decision import above_limit
from qualification.domain.events import source_attention
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore


@dataclass(slots=True)
class _Batch:
    """Requests of one source that wait for their numbers together."""

    day: date
    size: int = 0
    total: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyLimits:
    """Gives each new request of a source the next number of its UTC day.

    The count is stored before the request: after a crash it may be one too many, never too few. Those that come while a
    count is being stored are counted together by the next one, so that a source that sends many at once does not race
    against itself.
    """

    store: RecordStore
    outbox: Outbox
    moments: Moments
    partner_tenant_id: UUID
    _waiting: dict[str, _Batch] = field(init=False, default_factory=dict)
    _counting: dict[str, asyncio.Lock] = field(init=False, default_factory=dict)
    _alerted: dict[str, date] = field(init=False, default_factory=dict)

    async def take(self, source: str, limit: int) -> bool:
        """Count a new request; whether it goes by itself.

        Raises:
            StoreUnavailable, StepConflict: it was not counted, or nobody knows.
        """
        number, day = await self._next(source)
        if number <= limit:
            return True
        if self._alerted.get(source) != day:
            await self._alert(source, limit, day)
            self._alerted[source] = day
        return False

    async def _next(self, source: str) -> tuple[int, date]:
        day = self.moments().now.date()
        batch = self._waiting.get(source)
        if batch is None or batch.day != day:
            batch = self._waiting[source] = _Batch(day)
        batch.size += 1
        own = batch.size
        async with self._counting.setdefault(source, asyncio.Lock()):
            if batch.total is None:
                if self._waiting.get(source) is batch:
                    del self._waiting[source]
                batch.total = await self.store.count(source, day, batch.size)
        return batch.total - batch.size + own, day

    async def _alert(self, source: str, limit: int, day: date) -> None:
        wait, moment = above_limit(source, limit), self.moments()
        event = source_attention(
            self.partner_tenant_id,
            source=source,
            stream=uuid5(self.partner_tenant_id, f"{wait.reason}:{source}:{day}"),
            reason=wait.reason,
            detail=wait.detail,
            remedy=wait.remedy,
            moment=moment,
        )
        if await self.store.alert_once(f"{wait.reason}:{source}:{day}", event):
            telemetry.attention(event, lasting=True)
            await self.outbox.publish_own(None, [event])
