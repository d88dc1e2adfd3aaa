"""Looks at customers whose requests are in vetting, and records what Partner Center says now."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qualification.domain.decision import find
from qualification.domain.errors import PartnerCenterError, PersonNeeded, StepConflict, Throttled
from qualification.domain.record import Record, WorkAction
from qualification.domain.transition import Stored, Transition
from qualification.domain.vetting import observed, review_postponed
from qualification.use_cases.ports import PartnerCenter
from qualification.use_cases.steps import Steps, report_postponed

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Round:
    """The reviews of one run; `closed` once Partner Center must be left alone for everybody."""

    until: datetime
    looked_at: int = 0
    changed: int = 0
    closed: bool = False
    under_way: set[UUID] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Reviews:
    """Reviews customers, some at a time.

    Attributes:
        concurrency: customers looked at the same time, however many reviews are under way.
    """

    steps: Steps
    partner_center: PartnerCenter
    concurrency: int
    _gate: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._gate = asyncio.Semaphore(self.concurrency)

    async def review(self, customer_ids: Iterable[UUID], this_round: Round) -> None:
        """Look once at each customer; what is not reached, or stopped, stays due.

        Requests with nothing new are stored together at the end, the others as they come.

        Raises:
            StoreUnavailable: the store is down; who was not stored is still due.
        """
        # Requests of one customer may be due on two pages that are reviewed side by side.
        customers = [each for each in dict.fromkeys(customer_ids) if each not in this_round.under_way]
        this_round.under_way.update(customers)
        found: dict[UUID, list[Stored]] = {each: [] for each in customers}
        for each in await self.steps.store.records(*customers):
            if each.record.work and each.record.work.action is WorkAction.REVIEW:
                found[each.record.customer_tenant_id].append(each)
        unchanged: list[tuple[Stored, Transition]] = []

        async def look(customer_id: UUID, stored: list[Stored]) -> None:
            async with self._gate:
                if not this_round.closed and self.steps.clock() < this_round.until:
                    unchanged.extend(await self._look(customer_id, stored, this_round))

        try:
            async with asyncio.TaskGroup() as group:
                for customer_id, stored in found.items():
                    group.create_task(look(customer_id, stored))
        except ExceptionGroup as failed:
            # One failure ends the round; the others it met at the same time say the same.
            raise failed.exceptions[0] from None
        await self.steps.store.save_all(unchanged)
        this_round.under_way.difference_update(customers)

    async def _look(
        self, customer_id: UUID, stored: list[Stored], this_round: Round
    ) -> list[tuple[Stored, Transition]]:
        """One look serves all of a customer's records; those with nothing new are left to the caller to store."""
        now, policy = self.steps.clock(), self.steps.policy
        if not any(each.record.is_due(WorkAction.REVIEW, now) for each in stored):
            return []
        try:
            qualifications = await self.partner_center.get_qualifications(customer_id)
        except PartnerCenterError as error:
            return await self._postpone(stored, error, this_round)
        this_round.looked_at += 1
        now = self.steps.clock()

        def seen(record: Record) -> Transition:
            row = find(qualifications, record.qualification)
            return observed(record, row, jitter=self.steps.chance(), now=now, policy=policy)

        return await self._commit(stored, seen, this_round)

    async def _postpone(
        self, stored: list[Stored], error: PartnerCenterError, this_round: Round
    ) -> list[tuple[Stored, Transition]]:
        if isinstance(error, Throttled) or (isinstance(error, PersonNeeded) and error.partner_wide):
            this_round.closed = True
        for each in stored:
            report_postponed(each.record, error)
        try:
            alarms = {each.record.request_id: await self.steps.alarm(each.record, error) for each in stored}
        except StepConflict as conflict:
            log.info(
                "customer %s is looked at again in the next run: %s", stored[0].record.customer_tenant_id, conflict
            )
            return []
        now, policy = self.steps.clock(), self.steps.policy

        def later(record: Record) -> Transition:
            alarm, jitter = alarms[record.request_id], self.steps.chance()
            return review_postponed(record, error, alarm=alarm, jitter=jitter, now=now, policy=policy)

        return await self._commit(stored, later, this_round)

    async def _commit(
        self, stored: list[Stored], step: Callable[[Record], Transition], this_round: Round
    ) -> list[tuple[Stored, Transition]]:
        unchanged: list[tuple[Stored, Transition]] = []
        for each in stored:
            transition = step(each.record)
            if not transition.events and transition.record.waiting_for == each.record.waiting_for:
                unchanged.append((each, transition))
                continue
            try:
                await self.steps.commit(each, transition)
            except StepConflict:
                log.info("request %s was changed by another worker meanwhile", each.record.request_id)
            else:
                this_round.changed += 1
        return unchanged
