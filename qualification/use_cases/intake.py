"""Takes requests in: stores each once, answers it, and puts a hint on the queue."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from qualification.domain.arrival import REPEATED_WITHIN, Arrival, Arriving, arrive, overtaking, take_back
from qualification.domain.correction import sender
from qualification.domain.customer import Customer
from qualification.domain.errors import BusUnavailable, IdempotencyKeyReused, RequestNotFound, StepConflict
from qualification.domain.lifecycle import accepted_above_limit
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, Joined, NewestEvent, Step
from qualification.domain.work import WorkAction
from qualification.use_cases.commit import Commit
from qualification.use_cases.daily_limit import DailyLimits
from qualification.use_cases.moments import Moments
from qualification.use_cases.order import API, Order, Withdrawal, fingerprint, request_id
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
    limits: DailyLimits

    async def accept(self, order: Order) -> Record:
        """Store the request, or find the one that answers for it already; once this returns it is never lost.

        Raises:
            IdempotencyKeyReused: the same event id came with another content.
            ActiveRequestExists: another request for this customer and qualification is unfinished (API only).
            Overtaken: a newer event of the sender has taken the mark back, and there is no request.
            StoreUnavailable: nothing was stored; the sender may send it again.
        """
        customer_id, new_id = order.customer_tenant_id, request_id(order) or self.new_id()
        # Where nothing but the customer's requests decides, the first try does not read: most customers have none yet.
        blind = order.daily_limit is None and order.occurred_at is None
        ticket: bool | None = None
        for number in range(TRIES):
            state = CustomerState(Customer(customer_tenant_id=customer_id))
            reads = number > 0 or not blind
            if reads:
                state = await self._state(customer_id)
            # After the read: no earlier than what it shows, whoever has stored that.
            moment = self.moments()
            new = _record(order, new_id, moment.now)
            if reads and (known := await self._known(state, new)) is not None:
                return known
            event = await self._arriving(order, new, state, moment)
            arrival = arrive(event, state, moment)
            if arrival.begins and order.daily_limit is not None:
                # Counted before it is stored; a lost race is decided anew with the same ticket.
                ticket = await self.limits.take(order.source, order.daily_limit) if ticket is None else ticket
                if not ticket:
                    above = accepted_above_limit(new, order.daily_limit, moment, order.note)
                    arrival = Arrival((Step(None, above), *arrival.steps[1:]), above.record, begins=True)
            try:
                return await self._store(event, state, arrival)
            except StepConflict:
                await asyncio.sleep(PAUSE * moment.jitter)
        raise StepConflict(f"request {new_id} kept losing races against others for the same customer")

    async def withdraw(self, withdrawal: Withdrawal) -> Record | None:
        """A CRM takes its mark back: its unfinished request ends, once nothing of it is out; the request, if there is one.

        Raises:
            StoreUnavailable, StepConflict: nothing was stored; the sender may send it again.
        """
        customer_id, source = withdrawal.customer_tenant_id, withdrawal.source
        by = sender(source, withdrawal.requested_by)
        for _ in range(TRIES):
            state, moment = await self._state(customer_id), self.moments()
            at = _believed(withdrawal.occurred_at, moment)
            if overtaking(state, source, at) is not None:
                return None
            steps = take_back(state, source, by, moment)
            ended = steps[0].transition.record if steps else None
            newest = _newest(state, source, at, ended)
            try:
                if steps or newest:
                    await self.commit(state, steps, None, None, newest)
            except StepConflict:
                await asyncio.sleep(PAUSE * moment.jitter)
                continue
            return ended
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
        state = await self._state(customer_id)
        return sorted((each.record for each in state.records), key=lambda record: record.created_at, reverse=True)

    async def _state(self, customer_id: UUID) -> CustomerState:
        return (await self.store.customers(customer_id))[customer_id]

    async def _known(self, state: CustomerState, new: Record) -> Record | None:
        """The record that answers for this event, if it came before."""
        stored = state.find(new.request_id)
        if stored is not None:
            _same_content(new, stored.record.first_fingerprint)
            return stored.record
        joined = await self.store.joined(new.customer_tenant_id, new.request_id) if state.records else None
        if joined is None:
            return None
        _same_content(new, joined.fingerprint)
        return await self.find(new.customer_tenant_id, joined.answered_by)

    async def _arriving(self, order: Order, new: Record, state: CustomerState, moment: Moment) -> Arriving:
        named = order.event_id is not None or order.source == API
        ended = None if named else state.ended(new.qualification)
        lately = ended is not None and (
            moment.now - ended.record.ended_at <= REPEATED_WITHIN or await self.store.is_unpublished(ended.record)
        )
        return Arriving(
            new=new,
            joins=order.joins,
            named=named,
            occurred_at=_believed(order.occurred_at, moment),
            supersedes=order.source != API,
            lately=lately,
            note=order.note,
        )

    async def _store(self, event: Arriving, state: CustomerState, arrival: Arrival) -> Record:
        """Store what an event does.

        Raises:
            StepConflict: somebody was first; nothing was stored.
        """
        new, record = event.new, arrival.answered_by
        newest = _newest(state, new.source, event.occurred_at, record)
        if arrival.steps or newest:
            # The first request of a customer brings the customer's own row along: whoever comes later has to read.
            customer = state.customer if arrival.begins and not state.etag else None
            await self.commit(state, arrival.steps, customer, None, newest)
        if any(step.transition.record is record for step in arrival.steps):
            await self._enqueue(record)
        if arrival.is_noted and event.named and new.request_id != record.request_id:
            joined = Joined(new.request_id, record.request_id, new.fingerprint)
            await self.store.join(new.customer_tenant_id, joined)
        return record

    async def _enqueue(self, record: Record) -> None:
        if record.work is None or record.work.action is not WorkAction.QUEUE or record.not_before is not None:
            return
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


def _believed(at: datetime | None, moment: Moment) -> datetime | None:
    """A sender's moment; one that is still long to come would keep every true one out.

    One that is not is believed, though it be still to come: whose clock is behind, the sender's or this one's, nobody knows.
    """
    return moment.now if at is not None and at - moment.now > moment.policy.clock_ahead else at


def _newest(
    state: CustomerState, source: str, at: datetime | None, record: Record | None
) -> tuple[str, NewestEvent] | None:
    """The newest dated event of a source with this one, if that is news."""
    if at is None or overtaking(state, source, at) is not None:
        return None
    event = NewestEvent(at, record.request_id if record else None)
    return (source, event) if event != state.newest.get(source) else None


def _same_content(new: Record, fingerprint: str) -> None:
    if new.fingerprint != fingerprint:
        raise IdempotencyKeyReused("This event id or Idempotency-Key came before, with another content.")
