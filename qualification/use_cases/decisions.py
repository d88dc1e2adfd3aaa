"""A person's decisions about a request: confirm, cancel, retry."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from qualification.domain.actions import (
    Action,
    allowed,
    cancelled,
    confirmed,
    hurried,
    is_repeated,
    may_confirm,
    may_retry,
    retried,
)
from qualification.domain.amendment import NOTE, amended, asked_again, parse_note
from qualification.domain.caller import Caller
from qualification.domain.correction import correction_of
from qualification.domain.customer import Customer
from qualification.domain.errors import (
    ActionNotAllowed,
    BusUnavailable,
    Fault,
    InvalidRequest,
    PreconditionFailed,
    PreconditionRequired,
    RequestNotFound,
    StepConflict,
)
from qualification.domain.etag import etag as etag_of
from qualification.domain.record import Decided, Record
from qualification.domain.transition import CustomerState, Step, Stored
from qualification.domain.work import WorkAction
from qualification.use_cases import telemetry
from qualification.use_cases.commit import Commit
from qualification.use_cases.intake import PATIENCE
from qualification.use_cases.moments import Moments
from qualification.use_cases.order import fingerprint
from qualification.use_cases.ports import Bus, NewId, RecordStore

TRIES = 5
"""How often a decision that lost a race is taken anew, on what is stored then."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What a decision makes.

    Attributes:
        step: to be stored.
        customer: what is kept of the customer, if it was decided on that.
    """

    step: Step
    customer: Customer | None = None


type Decide = Callable[[CustomerState, Stored], Made | Record]
"""What a decision makes, or the request that answers because the same person has decided the same before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """The use case behind what a person does.

    Each decision may raise RequestNotFound, InvalidRequest (the body can never work), ActionNotAllowed (the request's state
    does not allow it), and StoreUnavailable or StepConflict (nothing was stored; it may be sent again).
    """

    store: RecordStore
    bus: Bus
    commit: Commit
    moments: Moments
    new_id: NewId

    async def confirm(
        self, customer_id: UUID, request_id: UUID, etag: str | None, by: Caller, body: Mapping[str, Any]
    ) -> Record:
        """Let what waits for a decision go on, with the fields that the body corrects.

        Args:
            customer_id: of the request.
            request_id: of the request.
            etag: of the state that the person has seen.
            by: who decides.
            body: `note`, and corrected fields.

        Raises:
            PreconditionRequired: there is no etag.
            PreconditionFailed: the request has changed since.
        """
        if etag is None:
            raise PreconditionRequired(
                "Read the request, and send its etag as If-Match: what you saw is what you confirm."
            )
        note = parse_note(body)
        corrects = bool(body.keys() - {NOTE})

        def decide(state: CustomerState, stored: Stored) -> Made | Record:
            record, moment = stored.record, self.moments()
            remembered = record.decided
            if remembered and (remembered.action, remembered.by, remembered.etag) == (Action.CONFIRM, by.id, etag):
                # The same decision sent again, if it brings nothing else than the first did.
                content = fingerprint(amended(record.request, body)) if corrects else None
                if is_repeated(record, Decided(action=Action.CONFIRM, by=by.id, etag=etag, fingerprint=content)):
                    return record
            if etag != etag_of(record):
                raise PreconditionFailed("The request has changed since you read it. Read it again, then decide.")
            if not may_confirm(record, state.customer):
                raise _refusal(Action.CONFIRM, record, state)
            content, correction = None, None
            if corrects:
                request = amended(record.request, body)
                content = fingerprint(request)
                correction = correction_of(request, content, str(by), moment.now)
            decided = Decided(action=Action.CONFIRM, by=by.id, etag=etag, fingerprint=content)
            after = confirmed(record, str(by), note, moment, correction, decided, state.customer)
            return Made(Step(stored, after), state.customer)

        return await self._decide(customer_id, request_id, Action.CONFIRM, by, decide)

    async def cancel(self, customer_id: UUID, request_id: UUID, by: Caller, body: Mapping[str, Any]) -> Record:
        """End an unfinished request; the body may have a `note`."""
        note = _only_note(body)
        decided = Decided(action=Action.CANCEL, by=by.id)

        def decide(state: CustomerState, stored: Stored) -> Made | Record:
            record = stored.record
            if is_repeated(record, decided):
                return record
            if not record.status.is_active:
                raise _refusal(Action.CANCEL, record, state)
            return Made(Step(stored, cancelled(record, str(by), note, self.moments(), decided)))

        return await self._decide(customer_id, request_id, Action.CANCEL, by, decide)

    async def retry(
        self,
        customer_id: UUID,
        request_id: UUID,
        by: Caller,
        body: Mapping[str, Any],
        traceparent: str | None = None,
    ) -> Record:
        """Try an unfinished request now, or have a new one take the place of one that has ended.

        Args:
            customer_id: of the request.
            request_id: of the request.
            by: who decides.
            body: `note`, and fields that the new request corrects.
            traceparent: W3C trace context of the decision.

        Returns:
            The request, or the new one.
        """
        note, new_id = parse_note(body), self.new_id()

        def decide(state: CustomerState, stored: Stored) -> Made | Record:
            record, moment = stored.record, self.moments()
            if record.status.is_active:
                _only_note(body)
                decided = Decided(action=Action.RETRY, by=by.id)
                return Made(Step(stored, hurried(record, str(by), note, moment, decided)))
            newer = next((each.record for each in state.records if each.record.retry_of == request_id), None)
            if newer is None and not may_retry(record, state):
                raise _refusal(Action.RETRY, record, state)
            request = asked_again(record, body)
            content = fingerprint(request)
            if newer is not None:
                if newer.requested_by and (newer.requested_by.id, newer.first_fingerprint) == (by.id, content):
                    return newer
                raise _refusal(Action.RETRY, record, state)
            after = retried(
                record,
                moment,
                request_id=new_id,
                request=request,
                fingerprint=content,
                by=by,
                note=note,
                traceparent=traceparent,
            )
            return Made(Step(None, after))

        return await self._decide(customer_id, request_id, Action.RETRY, by, decide)

    async def _decide(self, customer_id: UUID, request_id: UUID, action: Action, by: Caller, decide: Decide) -> Record:
        for _ in range(TRIES - 1):
            with suppress(StepConflict):
                return await self._once(customer_id, request_id, action, by, decide)
        return await self._once(customer_id, request_id, action, by, decide)

    async def _once(self, customer_id: UUID, request_id: UUID, action: Action, by: Caller, decide: Decide) -> Record:
        state = (await self.store.customers(customer_id))[customer_id]
        stored = state.find(request_id)
        if stored is None:
            raise RequestNotFound(f"Customer {customer_id} has no request {request_id}.")
        made = decide(state, stored)
        if isinstance(made, Record):
            return made
        (after,) = await self.commit(state, [made.step], made.customer)
        telemetry.decision(stored.record, action, str(by))
        await self._enqueue(after.record)
        return after.record

    async def _enqueue(self, record: Record) -> None:
        if record.work is None or record.work.action is not WorkAction.QUEUE:
            return
        try:
            async with asyncio.timeout(PATIENCE):
                await self.bus.enqueue([record.message(record.messages)])
        except (BusUnavailable, TimeoutError) as error:
            log.warning("request %s is stored and will be queued later: %r", record.request_id, error)


def _refusal(action: Action, record: Record, state: CustomerState) -> ActionNotAllowed:
    return ActionNotAllowed(action, record.status, allowed(record, state))


def _only_note(body: Mapping[str, Any]) -> str | None:
    if others := sorted(body.keys() - {NOTE}):
        words = "is not a known field here; confirm, and the retry of a request that has ended, take corrections"
        raise InvalidRequest([Fault("/" + name.replace("~", "~0").replace("/", "~1"), words) for name in others])
    return parse_note(body)
