"""Reads the customers whose requests are due, and records what Partner Center shows now."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from qualification.domain import ledger
from qualification.domain.answer import answer
from qualification.domain.call_errors import PartnerCenterError, PersonNeeded, Throttled
from qualification.domain.customer import Customer
from qualification.domain.errors import StepConflict
from qualification.domain.record import Record
from qualification.domain.review import review_postponed, reviewed, superseded
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Step, Stored, Transition
from qualification.domain.unclear import settled
from qualification.domain.work import WorkAction
from qualification.use_cases import telemetry
from qualification.use_cases.commit import Commit
from qualification.use_cases.looks import Looks
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import RecordStore
from qualification.use_cases.unreadable import UnreadableRows

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What reviews came to.

    Attributes:
        customers: read at Partner Center.
        changed: requests with something new.
        quiet: requests with nothing new, still to be stored.
    """

    customers: int = 0
    changed: int = 0
    quiet: tuple[tuple[CustomerState, Sequence[Step]], ...] = ()

    def __add__(self, other: "Reviewed") -> "Reviewed":
        return Reviewed(self.customers + other.customers, self.changed + other.changed, self.quiet + other.quiet)


NOTHING = Reviewed()


@dataclass(slots=True, kw_only=True)
class Reviews:
    """Reviews customers, some at a time.

    Attributes:
        concurrency: customers read at the same time, however many reviews are under way.
    """

    store: RecordStore
    looks: Looks
    commit: Commit
    moments: Moments
    unreadable: UnreadableRows
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
        states = await self.store.customers(*customer_ids)
        await self.unreadable.alert(states.values())

        async def review(state: CustomerState) -> Reviewed:
            now = self.moments().now
            due = [each for each in state.records if each.record.is_due(WorkAction.REVIEW, now)]
            return await self._review(state, due, until, stop) if due else NOTHING

        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(review(state)) for state in states.values()]
        except ExceptionGroup as failed:
            # One failure ends the run; the others it met at the same time say the same.
            raise failed.exceptions[0] from None
        result = sum((task.result() for task in tasks), NOTHING)
        await self.store.commit_all(result.quiet)
        return result

    async def _review(
        self, state: CustomerState, due: Sequence[Stored], until: datetime, stop: asyncio.Event
    ) -> Reviewed:
        """One read serves all of a customer's requests that speak; the others have nothing to come."""
        speaking = [each for each in state.records if _is_read(state, each.record)]
        silent = [each for each in due if each not in speaking]
        moment = self.moments()
        ended = [Step(each, superseded(each.record, moment)) for each in silent]
        if not speaking:
            return Reviewed(quiet=((state, ended),))
        try:
            # Only the read waits for its turn, so that as many as may are under way while others are decided on and stored.
            async with self._gate:
                if self.moments().now >= until or stop.is_set():
                    return NOTHING
                look = await self.looks.read(state.customer.customer_tenant_id)
        except PartnerCenterError as error:
            if _is_everybodys(error):
                stop.set()
            return await self._failed(state, speaking, ended, error)
        seen = state.customer.after(look)
        for each in speaking:
            found = answer(each.record, seen, look)
            if found is not None and each.record.out:
                seen = ledger.after_adoption(seen, each.record, found.row)
        seen = settled(seen, (each.record for each in state.records), look)

        def shown(record: Record, at: Moment) -> Transition:
            return reviewed(record, seen, state.unreadable, look, at)

        return Reviewed(customers=1) + await self._record(
            state, [*ended, *_steps(speaking, shown, self.moments())], seen
        )

    async def _failed(
        self, state: CustomerState, speaking: Sequence[Stored], ended: Sequence[Step], error: PartnerCenterError
    ) -> Reviewed:
        for each in speaking:
            telemetry.request_postponed(each.record, error)

        alone = await self.looks.holds.others_are_read()

        def later(record: Record, at: Moment) -> Transition:
            return review_postponed(record, error, at, alone=alone)

        return await self._record(state, [*ended, *_steps(speaking, later, self.moments())], state.customer)

    async def _record(self, state: CustomerState, steps: Sequence[Step], seen: Customer) -> Reviewed:
        news = seen if seen != state.customer else None
        changed = sum(_is_news(step) for step in steps)
        if not changed and news is None:
            return Reviewed(quiet=((state, steps),))
        try:
            await self.commit(state, steps, news)
        except StepConflict:
            log.info("customer %s was changed by another worker meanwhile", state.customer.customer_tenant_id)
            return NOTHING
        return Reviewed(changed=changed)


def _is_everybodys(error: PartnerCenterError) -> bool:
    """Whether others would meet it too."""
    if isinstance(error, Throttled):
        return not error.alone
    return isinstance(error, PersonNeeded) and error.partner_wide


def _is_read(state: CustomerState, record: Record) -> bool:
    return record.work is not None and record.work.action is WorkAction.REVIEW and state.speaks(record)


def _steps(stored: Sequence[Stored], step: Callable[[Record, Moment], Transition], moment: Moment) -> list[Step]:
    return [Step(each, step(each.record, moment)) for each in stored]


def _is_news(step: Step) -> bool:
    before = step.before.record if step.before else None
    return bool(step.transition.events) or before is None or before.status is not step.transition.record.status
