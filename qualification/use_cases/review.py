"""Reads the customers whose requests are in vetting, and records what Partner Center says now."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qualification.domain.decision import find
from qualification.domain.errors import PartnerCenterError, PersonNeeded, StepConflict, Throttled
from qualification.domain.record import Record, WorkAction
from qualification.domain.timing import Moment
from qualification.domain.transition import Stored, Transition
from qualification.domain.vetting import observed, review_postponed
from qualification.use_cases import telemetry
from qualification.use_cases.alarms import Alarms
from qualification.use_cases.commit import Commit
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import PartnerCenter, RecordStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What reviews came to.

    Attributes:
        customers: read at Partner Center.
        changed: requests with something new.
        unchanged: requests with nothing new, still to be stored.
    """

    customers: int = 0
    changed: int = 0
    unchanged: tuple[tuple[Stored, Transition], ...] = ()

    def __add__(self, other: "Reviewed") -> "Reviewed":
        return Reviewed(
            self.customers + other.customers, self.changed + other.changed, self.unchanged + other.unchanged
        )


NOTHING = Reviewed()


@dataclass(slots=True, kw_only=True)
class Reviews:
    """Reviews customers, some at a time.

    Attributes:
        concurrency: customers read at the same time, however many reviews are under way.
    """

    store: RecordStore
    partner_center: PartnerCenter
    commit: Commit
    alarms: Alarms
    moments: Moments
    concurrency: int
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.concurrency)

    async def review(self, customer_ids: Iterable[UUID], until: datetime, stop: asyncio.Event) -> Reviewed:
        """Read each customer once; what is not reached, or stopped, stays due.

        Requests with nothing new are stored together at the end, the others as they come.

        Args:
            customer_ids: who is due.
            until: nobody is read after this, aware UTC.
            stop: nobody is read once this is set; set here when Partner Center must be left alone for everybody.

        Raises:
            StoreUnavailable: the store is down; who was not stored is still due.
        """
        found: dict[UUID, list[Stored]] = {each: [] for each in customer_ids}
        for each in await self.store.records(*found):
            if each.record.work and each.record.work.action is WorkAction.REVIEW:
                found[each.record.customer_tenant_id].append(each)

        async def review(customer_id: UUID, stored: Sequence[Stored]) -> Reviewed:
            async with self._gate:
                now = self.moments().now
                due = any(each.record.is_due(WorkAction.REVIEW, now) for each in stored)
                return (
                    await self._read(customer_id, stored, stop)
                    if due and now < until and not stop.is_set()
                    else NOTHING
                )

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(review(*each)) for each in found.items()]
        except ExceptionGroup as failed:
            # One failure ends the run; the others it met at the same time say the same.
            raise failed.exceptions[0] from None
        reviewed = sum((task.result() for task in tasks), NOTHING)
        await self.store.save_all(reviewed.unchanged)
        return reviewed

    async def _read(self, customer_id: UUID, stored: Sequence[Stored], stop: asyncio.Event) -> Reviewed:
        """One read serves all of a customer's records."""
        try:
            qualifications = await self.partner_center.get_qualifications(customer_id)
        except PartnerCenterError as error:
            if isinstance(error, Throttled) or (isinstance(error, PersonNeeded) and error.partner_wide):
                stop.set()
            return await self._postpone(stored, error)

        def seen(record: Record, moment: Moment) -> Transition:
            return observed(record, find(qualifications, record.qualification), moment)

        return Reviewed(customers=1) + await self._record(stored, seen)

    async def _postpone(self, stored: Sequence[Stored], error: PartnerCenterError) -> Reviewed:
        now = self.moments().now
        for each in stored:
            telemetry.postponed(each.record, error)
        try:
            alarms = {each.record.request_id: await self.alarms.falls_to(each.record, error, now) for each in stored}
        except StepConflict as conflict:
            customer_id = stored[0].record.customer_tenant_id
            log.info("customer %s is read again in the next run: %s", customer_id, conflict)
            return NOTHING

        def later(record: Record, moment: Moment) -> Transition:
            return review_postponed(record, error, alarm=alarms[record.request_id], moment=moment)

        return await self._record(stored, later)

    async def _record(self, stored: Sequence[Stored], step: Callable[[Record, Moment], Transition]) -> Reviewed:
        moment = self.moments()
        changed, unchanged = 0, []
        for each in stored:
            transition = step(each.record, moment)
            if not transition.events and transition.record.waiting_for == each.record.waiting_for:
                unchanged.append((each, transition))
                continue
            try:
                await self.commit(each, transition)
            except StepConflict:
                log.info("request %s was changed by another worker meanwhile", each.record.request_id)
            else:
                changed += 1
        return Reviewed(changed=changed, unchanged=tuple(unchanged))
