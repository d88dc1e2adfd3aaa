"""Takes requests in: stores each once, answers it, and puts a hint on the queue."""

import asyncio
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qualification.domain.actions import confirmed, withdrawn
from qualification.domain.correction import corrected, correction_of, kept
from qualification.domain.customer import Customer
from qualification.domain.errors import (
    ActiveRequestExists,
    BusUnavailable,
    IdempotencyKeyReused,
    RequestNotFound,
    StepConflict,
    StoreUnavailable,
)
from qualification.domain.lifecycle import accepted
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, GovernmentRequest
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Joined, Step, Stored, Transition
from qualification.domain.waiting import Reason
from qualification.domain.work import WorkAction
from qualification.use_cases.commit import Commit
from qualification.use_cases.moments import Moments
from qualification.use_cases.order import API, Order, fingerprint, request_id
from qualification.use_cases.ports import Bus, NewId, RecordStore

TRIES = 100
"""How often an acceptance that lost a race is decided anew: somebody wins each race, so many at once get through one by one."""
PAUSE = 0.02
"""Seconds, at most, between two of them, so that those who lost together do not meet again."""
PATIENCE = 1.0
"""Seconds that an answer waits for the queue; the work item is stored, so the timer queues it otherwise."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The use case behind webhooks and the API."""

    store: RecordStore
    bus: Bus
    commit: Commit
    moments: Moments
    new_id: NewId

    async def accept(self, order: Order) -> Record:
        """Store the request, or find the one that answers for it already; once this returns it is never lost.

        Raises:
            IdempotencyKeyReused: the same event id came with another content.
            ActiveRequestExists: another request for this customer and qualification is unfinished (API only).
            StoreUnavailable: nothing was stored; the sender may send it again.
        """
        moment = self.moments()
        new = _record(order, request_id(order) or self.new_id(), moment.now)
        state = CustomerState(Customer(customer_tenant_id=new.customer_tenant_id))
        for _ in range(TRIES):
            try:
                # The first try does not read: most customers have no request yet.
                stored = await self._add(state, new, moment, order.note)
            except StepConflict:
                state = (await self.store.customers(new.customer_tenant_id))[new.customer_tenant_id]
                answering = await self._known(state, new) or await self._answering(state, order, new)
                if answering is not None:
                    return answering
                await asyncio.sleep(random.uniform(0, PAUSE))  # noqa: S311  not for secrecy
                # Whoever was first began before this one does, by their histories too.
                moment = self.moments()
                new = new.changed(created_at=moment.now, updated_at=moment.now)
            else:
                await self._enqueue(stored.record)
                return stored.record
        raise StepConflict(f"request {new.request_id} kept losing races against others for the same customer")

    async def withdraw(self, customer_id: UUID, source: str) -> Record | None:
        """A CRM takes its mark back: its unfinished request ends, once nothing of it is out; the request, if there is one.

        Raises:
            StoreUnavailable, StepConflict: nothing was stored; the sender may send it again.
        """
        for _ in range(TRIES):
            state = (await self.store.customers(customer_id))[customer_id]
            active = [each for each in state.records if each.record.status.is_active and each.record.source == source]
            if not active:
                return None
            steps = [Step(each, withdrawn(each.record, source, "mark taken back", self.moments())) for each in active]
            try:
                return (await self.commit(state, steps))[0].record
            except StepConflict:
                await asyncio.sleep(random.uniform(0, PAUSE))  # noqa: S311  not for secrecy
                continue
        raise StepConflict(f"the request of customer {customer_id} kept changing")

    async def find(self, customer_id: UUID, request_id: UUID) -> Record:
        """One request of a customer.

        Raises:
            RequestNotFound: the customer has no such request.
        """
        stored = await self.store.find(customer_id, request_id)
        if stored is None:
            raise RequestNotFound(f"Customer {customer_id} has no request {request_id}.")
        return stored.record

    async def list(self, customer_id: UUID) -> Sequence[Record]:
        """All requests of a customer, the newest first."""
        state = (await self.store.customers(customer_id))[customer_id]
        return sorted((each.record for each in state.records), key=lambda record: record.created_at, reverse=True)

    async def _add(self, state: CustomerState, new: Record, moment: Moment, note: str | None) -> Stored:
        newest = state.guards.get(new.qualification)
        if newest is not None and newest.active:
            if state.find(newest.request_id) is None:
                # To begin another one beside it might send both, once it can be read again.
                raise StoreUnavailable(f"the unfinished request {newest.request_id} cannot be read by this version")
            raise StepConflict("another request for this qualification is unfinished")
        steps = [Step(None, accepted(new, moment, note))]
        for each in state.records:
            # Whoever changes the qualification in a CRM does not want the one that was not sent yet.
            other = each.record
            if other.status.is_active and other.source == new.source != API:
                steps.append(Step(each, withdrawn(other, new.source, "superseded", moment)))
        # The first request of a customer brings the customer's own row along: whoever comes later has to read.
        stored, *_ = await self.commit(state, steps, None if state.etag else state.customer)
        return stored

    async def _known(self, state: CustomerState, new: Record) -> Record | None:
        """The record that answers for this event, if it came before."""
        stored = state.find(new.request_id)
        if stored is not None:
            _same_content(new, stored.record.first_fingerprint)
            return stored.record
        joined = await self.store.joined(new.customer_tenant_id, new.request_id)
        if joined is None:
            return None
        _same_content(new, joined.fingerprint)
        return await self.find(new.customer_tenant_id, joined.answered_by)

    async def _answering(self, state: CustomerState, order: Order, new: Record) -> Record | None:
        """The request that answers for a new event, once what the event says is stored; None where none does."""
        active, moment = state.active(new.qualification), self.moments()
        if active is None:
            return await self._approved(state, order, new, moment)
        record = active.record
        confirms = _confirms(new, active)
        if not (confirms or order.joins):
            raise ActiveRequestExists(new.customer_tenant_id, record.request_id)
        if confirms:
            transition = confirmed(record, order.source, None, moment)
        elif new.fingerprint == record.newest_fingerprint:
            transition = None
        else:
            correction = correction_of(new.request, new.fingerprint, order.source, moment.now)
            transition = (
                kept(record, correction, moment) if record.out else corrected(record, correction, moment, order.note)
            )
        return await self._join(state, active, new, transition)

    async def _approved(self, state: CustomerState, order: Order, new: Record, moment: Moment) -> Record | None:
        """What is approved already begins nothing: the request that says so answers."""
        newest = state.guards.get(new.qualification)
        stored = state.find(newest.request_id) if newest else None
        if stored is None or stored.record.status is not Status.APPROVED:
            return None
        if new.fingerprint == stored.record.newest_fingerprint:
            return await self._join(state, stored, new, None)
        correction = correction_of(new.request, new.fingerprint, order.source, moment.now)
        return await self._join(state, stored, new, kept(stored.record, correction, moment))

    async def _join(
        self, state: CustomerState, answering: Stored, new: Record, transition: Transition | None
    ) -> Record | None:
        record = answering.record
        if transition is not None:
            try:
                (stored,) = await self.commit(state, [Step(answering, transition)])
            except StepConflict:
                return None
            record = stored.record
            if record.work and record.work.action is WorkAction.QUEUE:
                await self._enqueue(record)
        await self.store.join(new.customer_tenant_id, Joined(new.request_id, record.request_id, new.fingerprint))
        return record

    async def _enqueue(self, record: Record) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.bus.enqueue([record.message(record.messages)])
        except (BusUnavailable, TimeoutError) as error:
            log.warning("request %s is stored and will be queued later: %r", record.request_id, error)


def _record(order: Order, request_id: UUID, now: datetime) -> Record:
    return Record(
        request_id=request_id,
        customer_tenant_id=order.customer_tenant_id,
        request=order.request,
        source=order.source,
        requested_by=order.requested_by,
        code_given=isinstance(order.request, GovernmentRequest) and order.request.validation_code is not None,
        fingerprint=fingerprint(order.request),
        first_fingerprint=fingerprint(order.request),
        traceparent=order.traceparent,
        created_at=now,
        updated_at=now,
        history=(),
        work=None,
    )


def _same_content(new: Record, fingerprint: str) -> None:
    if new.fingerprint != fingerprint:
        raise IdempotencyKeyReused("This event id or Idempotency-Key came before, with another content.")


def _confirms(new: Record, active: Stored) -> bool:
    waiting = active.record.waiting
    return (
        isinstance(new.request, EducationRequest)
        and new.request.confirm_last_attempt
        and waiting is not None
        and waiting.reason is Reason.LAST_ATTEMPT
    )
