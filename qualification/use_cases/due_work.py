"""Does all due work, each minute: publishes what is not published yet, re-queues, has vetting reviewed."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from qualification.domain.errors import BusUnavailable, QualificationError
from qualification.domain.event import Event
from qualification.domain.lifecycle import is_unheard, requeued
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.transition import Step, Stored
from qualification.domain.work import WorkAction, WorkItem
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import Bus, RecordStore
from qualification.use_cases.review import NOTHING, Reviewed, Reviews
from qualification.use_cases.submission import Submission
from qualification.use_cases.unreadable import UnreadableRows

RUN_FOR = timedelta(minutes=3)
"""A run takes on no more work after this, well inside functionTimeout; what is left is still due at the next run."""

FOLLOWED_AT_A_TIME = 4

PAGES_AT_A_TIME = 2
"""Pages under review: while the last reads of one end and it is stored, the first of the next go out."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Run:
    """What one run of the timer did."""

    published: int = 0
    requeued: int = 0
    reviewed: Reviewed = NOTHING
    outbox_lag: timedelta = timedelta(0)
    oldest_queued: timedelta = timedelta(0)
    topic_is_down: bool = False
    queue_is_down: bool = False
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWork:
    """The use case behind the timer.

    Attributes:
        follow_for: how long a run may begin submissions, which take longer than reviews.
    """

    store: RecordStore
    bus: Bus
    outbox: Outbox
    moments: Moments
    reviews: Reviews
    submission: Submission
    unreadable: UnreadableRows
    follow_for: timedelta
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(FOLLOWED_AT_A_TIME))

    async def advance(self) -> Run:
        """Do all work that is due, until none is left or the run's time is over.

        Raises:
            StoreUnavailable: the store is down; everything is still due at the next run.
        """
        now = self.moments().now
        try:
            run = await self._do_all(now, now + RUN_FOR)
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        telemetry.advance_run(
            published=run.published,
            requeued=run.requeued,
            looked_at=run.reviewed.customers,
            changed=run.reviewed.changed,
            complete=run.complete,
            bus_is_down=run.topic_is_down or run.queue_is_down,
            outbox_lag=run.outbox_lag,
            oldest_queued=run.oldest_queued,
        )
        return run

    async def _do_all(self, now: datetime, until: datetime) -> Run:
        run = Run()
        gate, stop = asyncio.Semaphore(PAGES_AT_A_TIME), asyncio.Event()
        reviews: list[asyncio.Task[Reviewed]] = []
        met = set[UUID]()

        def not_met(page: Sequence[WorkItem]) -> list[UUID]:
            # Requests of one customer may be due on two pages; one read serves them all.
            due = dict.fromkeys(item.customer_tenant_id for item in page if item.action is WorkAction.REVIEW)
            new = [each for each in due if each not in met]
            met.update(new)
            return new

        async def review(customer_ids: Sequence[UUID]) -> Reviewed:
            try:
                return await self.reviews.review(customer_ids, until, stop)
            finally:
                gate.release()

        async with asyncio.TaskGroup() as group, aclosing(self.store.due(now)) as pages:
            async for page in pages:
                if self.moments().now >= until:
                    run.complete = False
                    break
                await self._publish([item.event for item in page if item.event is not None], run)
                queued = [item for item in page if item.action is WorkAction.QUEUE]
                for stored in await self._requeue(queued, run):
                    group.create_task(self._follow(stored.record, now + self.follow_for))
                await gate.acquire()
                reviews.append(group.create_task(review(not_met(page))))
        run.reviewed = sum((task.result() for task in reviews), NOTHING)
        run.complete = run.complete and not stop.is_set()
        return run

    async def _publish(self, events: Sequence[Event], run: Run) -> None:
        if not events:
            return
        run.outbox_lag = max(run.outbox_lag, self.moments().now - min(event.due for event in events))
        if run.topic_is_down:
            return
        try:
            await self.outbox.publish(events)
        except BusUnavailable as error:
            run.topic_is_down = True
            log.warning("%d events stay in the outbox: %s", len(events), error)
        else:
            run.published += len(events)

    async def _requeue(self, items: Sequence[WorkItem], run: Run) -> list[Stored]:
        """Put hints on the queue once more; the requests whose hints nobody has taken for long are given back."""
        now = self.moments().now
        states = await self.store.customers(*{item.customer_tenant_id for item in items})
        await self.unreadable.alert(states.values())
        wanted = {item.request_id for item in items}
        due = [
            (state, stored)
            for state in states.values()
            for stored in state.records
            if stored.record.request_id in wanted and stored.record.is_due(WorkAction.QUEUE, now)
        ]
        run.oldest_queued = max([run.oldest_queued, *(_queued_for(stored.record, now) for _, stored in due)])
        if due and not run.queue_is_down:
            try:
                # Sent first: a crash before the save only sends the same message, with the same MessageId, once more.
                await self.bus.enqueue([stored.record.message(stored.record.messages + 1) for _, stored in due])
            except BusUnavailable as error:
                run.queue_is_down = True
                log.warning("%d requests stay due for the queue: %s", len(due), error)
            else:
                steps = [(state, [Step(stored, requeued(stored.record, self.moments()))]) for state, stored in due]
                run.requeued += await self.store.commit_all(steps)
        return [stored for _, stored in due if is_unheard(stored.record, now)]

    async def _follow(self, record: Record, until: datetime) -> None:
        """Submit a request whose hint nobody takes."""
        async with self.gate:
            if self.moments().now >= until:
                return
            try:
                await self.submission.submit(record.customer_tenant_id, record.request_id)
            except QualificationError as error:
                log.warning("request %s is submitted by a later run: %s", record.request_id, error)


def _queued_for(record: Record, now: datetime) -> timedelta:
    """How long nothing has come of a request that waits for nothing but its turn."""
    is_queued = record.status is Status.QUEUED and record.waiting is None
    return now - record.ended_at if is_queued else timedelta(0)
