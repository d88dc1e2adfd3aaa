"""Takes requests in: stores each once, answers it, and puts a hint on the queue."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, UUID, uuid5

from qualification.domain.errors import (
    ActiveRequestExists,
    BusUnavailable,
    IdempotencyKeyReused,
    RequestNotFound,
    StepConflict,
)
from qualification.domain.lifecycle import accepted, awaits_confirmation, confirmed
from qualification.domain.record import Record
from qualification.domain.request import REVEAL_SECRETS, EducationRequest, QualificationRequest
from qualification.domain.transition import Joined, Stored, Transition
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.ports import Bus, NewId, RecordStore

TRIES = 5
"""How often an acceptance that lost a race is decided anew."""
PATIENCE = 1.0
"""Seconds that an answer waits for the queue; the work item is stored, so the timer queues it otherwise."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request as it comes in.

    Attributes:
        source: the CRM it comes from, or `api`.
        event_id: the sender's id of the event, or the Idempotency-Key; None where there is none.
        joins: whether another active request for the same customer and qualification answers for it (CRMs), or
            stands against it (API).
        traceparent: W3C trace context of the origin, handed on to the events.
    """

    customer_tenant_id: UUID
    request: QualificationRequest
    source: str
    event_id: str | None
    joins: bool
    traceparent: str | None = None


def request_id(order: Order) -> UUID | None:
    """The id that every delivery of this event leads to; None where the sender gives no id of its own.

    An event id counts within its source and customer.
    """
    if order.event_id is None:
        return None
    name = f"{order.customer_tenant_id}:{order.event_id}"
    # A header may hold bytes that are no UTF-8; the server hands them on as lone surrogates.
    return uuid5(uuid5(NAMESPACE_URL, f"urn:qualification:{order.source}"), name.encode(errors="surrogatepass"))


def fingerprint(request: QualificationRequest) -> str:
    """Equal for equal content, so that a key used twice for different content is noticed."""
    content = request.model_dump(mode="json", by_alias=True, context=REVEAL_SECRETS)
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The use case behind webhooks and the API."""

    store: RecordStore
    bus: Bus
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
        for _ in range(TRIES):
            try:
                stored = await self.store.add(accepted(new, moment))
            except StepConflict:
                answering = await self._known(new) or await self._join(order, new)
                if answering is not None:
                    return answering
            else:
                telemetry.status_of(stored.record, None)
                await self._enqueue(stored.record)
                return stored.record
        raise StepConflict(f"request {new.request_id} kept losing races against others for the same customer")

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
        stored = await self.store.records(customer_id)
        return sorted((each.record for each in stored), key=lambda record: record.created_at, reverse=True)

    async def _known(self, new: Record) -> Record | None:
        """The record that answers for this event, if it came before."""
        stored = await self.store.find(new.customer_tenant_id, new.request_id)
        if stored is not None:
            _same_content(new, stored.record.fingerprint)
            return stored.record
        joined = await self.store.joined(new.customer_tenant_id, new.request_id)
        if joined is None:
            return None
        _same_content(new, joined.fingerprint)
        return await self.find(new.customer_tenant_id, joined.answered_by)

    async def _join(self, order: Order, new: Record) -> Record | None:
        """Let the active request answer for this one; None where it has ended meanwhile."""
        active_id = await self.store.active(new.customer_tenant_id, new.qualification)
        active = active_id and await self.store.find(new.customer_tenant_id, active_id)
        if not active or active.record.request_id == new.request_id:
            return None
        confirms = _confirms(new, active)
        if not (confirms or order.joins):
            raise ActiveRequestExists(new.customer_tenant_id, active.record.request_id)
        transition = confirmed(active.record, self.moments()) if confirms else Transition(active.record)
        join = Joined(new.request_id, active.record.request_id, new.fingerprint)
        try:
            stored = await self.store.save(active, transition, join)
        except StepConflict:
            return None
        if confirms:
            await self._enqueue(stored.record)
        return stored.record

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
        fingerprint=fingerprint(order.request),
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
    return (
        isinstance(new.request, EducationRequest)
        and new.request.confirm_last_attempt
        and awaits_confirmation(active.record)
    )
