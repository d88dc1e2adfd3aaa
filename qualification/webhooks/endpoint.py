"""Where webhooks arrive: proves the sender, takes in each event of the delivery, and says what came of it."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from qualification.domain.addressed_request import parse_addressed
from qualification.domain.errors import (
    Fault,
    IdempotencyKeyReused,
    InvalidRequest,
    Overtaken,
    QualificationError,
    SenderNotProven,
    SourceNotConfigured,
    StepConflict,
    StoreUnavailable,
    UnreadableBody,
    shown,
)
from qualification.domain.guid import parse_tenant_id
from qualification.domain.record import Record
from qualification.domain.request import Qualification, Reference, left_out
from qualification.use_cases.intake import Intake
from qualification.use_cases.order import Order, Withdrawal
from qualification.use_cases.rejection import Rejected, Rejections
from qualification.webhooks.field_rules import CUSTOMER, QUALIFICATION
from qualification.webhooks.limits import qualifications_setting
from qualification.webhooks.reply import Outcome
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated, Withdrawn

AT_A_TIME = 16
"""Events of one delivery taken side by side: a hundred must not wait for Service Bus one after the other, each up to
intake.PATIENCE, when a CRM gives up after 60 seconds."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a delivery, or of one event in it.

    Attributes:
        outcome: the same in one word.
        record: the request that answers for it, if it was accepted.
        error: why it was not.
        rejected: what is published where the CRM shows the answer to nobody.
    """

    outcome: Outcome
    record: Record | None = None
    error: QualificationError | None = None
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Turns the deliveries of all CRMs into requests and, where they can never work, into attention events."""

    intake: Intake
    rejections: Rejections

    async def receive(self, source: Source, delivery: Delivery, traceparent: str | None = None) -> Receipt:
        """Take a delivery; of several events in it the worst decides.

        Args:
            source: the CRM whose address was called.
            delivery: what came.
            traceparent: W3C trace context of the origin, handed on to the events.
        """
        try:
            source.prove(delivery)
            events = source.read(delivery)
        except SenderNotProven as error:
            return Receipt(Outcome.NOT_PROVEN, error=error)
        except SourceNotConfigured as error:
            return Receipt(Outcome.UNAVAILABLE, error=error)
        except UnreadableBody as error:
            event = Notice(error.event_id or hashlib.sha256(delivery.body).hexdigest(), {})
            receipt = replace(_rejected(source, event, error, traceparent), outcome=Outcome.UNREADABLE)
            return await self._alert(source, [receipt])
        receipts: list[Receipt] = []
        for some in batched(events, AT_A_TIME, strict=False):
            work = [self._take(source, event, traceparent) for event in some]
            receipts += await asyncio.gather(*work) if len(work) > 1 else [await work[0]]
        return await self._alert(source, receipts)

    async def _take(self, source: Source, event: Notice | Withdrawn | Unrelated, traceparent: str | None) -> Receipt:
        match event:
            case Unrelated():
                return Receipt(Outcome.UNRELATED)
            case Withdrawn():
                return await self._withdraw(source, event)
        try:
            return Receipt(Outcome.ACCEPTED, record=await self.intake.accept(order_of(source, event, traceparent)))
        except Overtaken:
            return Receipt(Outcome.UNRELATED)
        except (InvalidRequest, IdempotencyKeyReused) as error:
            return _rejected(source, event, error, traceparent)
        except (StoreUnavailable, StepConflict) as error:
            return Receipt(Outcome.UNAVAILABLE, error=error)

    async def _withdraw(self, source: Source, event: Withdrawn) -> Receipt:
        about = event.about
        withdrawal = Withdrawal(event.customer_tenant_id, source.name, about.requested_by, about.occurred_at)
        try:
            record = await self.intake.withdraw(withdrawal)
            return Receipt(Outcome.ACCEPTED, record=record) if record else Receipt(Outcome.UNRELATED)
        except (StoreUnavailable, StepConflict) as error:
            return Receipt(Outcome.UNAVAILABLE, error=error)

    async def _alert(self, source: Source, receipts: Sequence[Receipt]) -> Receipt:
        """The receipt that decides, once what was rejected is reported where the CRM shows the answer to nobody."""
        receipt = max(receipts, key=lambda each: each.outcome)
        rejected = [each.rejected for each in receipts if each.rejected]
        if rejected and source.replies[receipt.outcome].attention:
            try:
                await self.rejections.report(rejected)
            except (StoreUnavailable, StepConflict) as error:
                return Receipt(Outcome.UNAVAILABLE, error=error)
        return receipt


def order_of(source: Source | type[Source], notice: Notice, traceparent: str | None) -> Order:
    """The order in a notice of a source.

    Raises:
        InvalidRequest: with every fault, those that the source found first.
    """
    if any(not fault.pointer for fault in notice.faults):
        raise InvalidRequest(notice.faults)  # It holds no request at all, so there is nothing else to say.
    content, about = notice.content, notice.about
    if about.reference and content.get("reference") is None:
        content = {**content, "reference": about.reference.model_dump(by_alias=True)}
    try:
        customer_id, request = parse_addressed(content)
    except InvalidRequest as error:
        known = {fault.pointer for fault in notice.faults}
        others = [fault for fault in error.faults if fault.pointer not in known]
        raise InvalidRequest([_traced(fault, notice) for fault in (*notice.faults, *others)]) from None
    faults = [_traced(fault, notice) for fault in notice.faults]
    if forbidden := _forbidden(source, request.qualification):
        faults.append(replace(_traced(forbidden, notice), allowed=forbidden.allowed))
    if faults:
        raise InvalidRequest(faults)
    return Order(
        customer_tenant_id=customer_id,
        request=request,
        source=source.name,
        event_id=notice.event_id if about.named else None,
        joins=True,
        traceparent=traceparent,
        requested_by=about.requested_by,
        occurred_at=about.occurred_at,
        daily_limit=source.limits.daily,
        note=left_out(content),
    )


def _forbidden(source: Source | type[Source], wanted: Qualification) -> Fault | None:
    if wanted in source.limits.qualifications:
        return None
    words = f"is not to be asked for by {source.name} ({qualifications_setting(source.name)})"
    return Fault(f"/{QUALIFICATION}", words, value=wanted, allowed=tuple(source.limits.qualifications))


def _traced(fault: Fault, notice: Notice) -> Fault:
    """The fault with the sender's own field, what came in it, and what would do there."""
    name = fault.pointer.removeprefix("/").replace("/", ".")
    origin = notice.origins.get(name)
    if origin is None:
        return fault
    return replace(fault, field=origin.name, value=shown(name, origin.value), allowed=origin.allowed or fault.allowed)


def _rejected(source: Source, event: Notice, error: QualificationError, traceparent: str | None) -> Receipt:
    rejected = Rejected(
        source=source.name,
        event_id=event.event_id,
        customer_id=_customer(event.content.get(CUSTOMER)),
        faults=error.faults if isinstance(error, InvalidRequest) else [Fault("", str(error))],
        reference=_reference(event.content.get("reference")) or event.about.reference,
        requested_by=event.about.requested_by,
        traceparent=traceparent,
    )
    return Receipt(Outcome.REJECTED, error=error, rejected=rejected)


def _reference(value: Any) -> Reference | None:
    try:
        return Reference.model_validate(value)
    except ValidationError:
        return None


def _customer(value: Any) -> UUID | None:
    try:
        return parse_tenant_id(value)
    except ValueError:
        return None
