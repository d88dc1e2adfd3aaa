"""Does all due work, each minute: publishes what is not told yet, re-queues, has vetting reviewed."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import batched

from qualification.domain.errors import BusUnavailable
from qualification.domain.lifecycle import requeued
from qualification.domain.record import WorkAction, WorkItem
from qualification.domain.transition import Stored
from qualification.use_cases import telemetry
from qualification.use_cases.ports import Bus
from qualification.use_cases.review import Reviews, Round
from qualification.use_cases.steps import Steps

RUN_FOR = timedelta(minutes=3)
"""A run takes on no more work after this, well inside functionTimeout; what is left is still due at the next run."""

READS_AT_A_TIME = 32

PAGES_AT_A_TIME = 2
"""Pages under review: while the last looks of one end and it is stored, the first of the next go out."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """What one run of the timer did."""

    reviews: Round
    published: int = 0
    requeued: int = 0
    outbox_lag: timedelta = timedelta(0)
    bus_is_down: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The use case behind the timer."""

    steps: Steps
    bus: Bus
    reviews: Reviews

    async def advance(self) -> Run:
        """Do all work that is due, until none is left or the run's time is over.

        Raises:
            StoreUnavailable: the store is down; everything is still due at the next run.
        """
        now = self.steps.clock()
        run = Run(reviews=Round(until=now + RUN_FOR))
        try:
            async with asyncio.TaskGroup() as reviews:
                await self._do_all(now, run, reviews)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        telemetry.advance_run(
            published=run.published,
            requeued=run.requeued,
            looked_at=run.reviews.looked_at,
            changed=run.reviews.changed,
            complete=run.complete and not run.reviews.closed,
            bus_is_down=run.bus_is_down,
            outbox_lag=run.outbox_lag,
        )
        return run

    async def _do_all(self, now: datetime, run: Run, reviews: asyncio.TaskGroup) -> None:
        gate = asyncio.Semaphore(PAGES_AT_A_TIME)

        async with aclosing(self.steps.store.due(now)) as pages:
            async for page in pages:
                if self.steps.clock() >= run.reviews.until:
                    run.complete = False
                    return
                await self._publish([item for item in page if item.action is WorkAction.PUBLISH], run)
                await self._requeue([item for item in page if item.action is WorkAction.QUEUE], run)
                await gate.acquire()
                customer_ids = [item.customer_tenant_id for item in page if item.action is WorkAction.REVIEW]
                review = reviews.create_task(self.reviews.review(customer_ids, run.reviews))
                review.add_done_callback(lambda _: gate.release())

    async def _publish(self, items: Sequence[WorkItem], run: Run) -> None:
        events = [item.event for item in items if item.event is not None]
        if not events:
            return
        run.outbox_lag = max(run.outbox_lag, self.steps.clock() - min(event.due for event in events))
        if run.bus_is_down:
            return
        try:
            await self.steps.outbox.publish(events)
        except BusUnavailable as error:
            run.bus_is_down = True
            log.warning("%d events stay in the outbox: %s", len(events), error)
        else:
            run.published += len(events)

    async def _requeue(self, items: Sequence[WorkItem], run: Run) -> None:
        if run.bus_is_down:
            return
        found: list[Stored | None] = []
        for some in batched(items, READS_AT_A_TIME, strict=False):
            reads = [self.steps.store.find(item.customer_tenant_id, item.request_id) for item in some]
            found += await asyncio.gather(*reads)
        now, policy = self.steps.clock(), self.steps.policy
        due = [stored for stored in found if stored and stored.record.is_due(WorkAction.QUEUE, now)]
        if not due:
            return
        try:
            # Sent first: a crash before the save only sends the same message, with the same MessageId, once more.
            await self.bus.enqueue([stored.record.message(stored.record.messages + 1) for stored in due])
        except BusUnavailable as error:
            run.bus_is_down = True
            log.warning("%d requests stay due for the queue: %s", len(due), error)
            return
        run.requeued += await self.steps.store.save_all(
            [(stored, requeued(stored.record, jitter=self.steps.chance(), now=now, policy=policy)) for stored in due]
        )
