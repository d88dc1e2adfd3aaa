"""Takes a delivery in: proves its sender, takes each event in it, and finds out how to answer."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from qualification.errors import (
    BodyTooLarge,
    Fault,
    IdempotencyKeyReused,
    InvalidRequest,
    QualificationError,
    SenderNotProven,
    SourceNotConfigured,
    StepConflict,
    StoreUnavailable,
    UnreadableBody,
)
from qualification.field_rules import CUSTOMER
from qualification.intake import Intake, Order
from qualification.model import Record
from qualification.rejection import Rejected, Rejections
from qualification.request import parse_addressed, parse_guid
from qualification.webhooks.reply import REPLIES, Outcome, Reply
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

AT_A_TIME = 16
"""Events of one delivery taken side by side: a hundred must not wait for Service Bus one after the other, each up to
intake.PATIENCE, when Salesforce gives up after 60 seconds."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a delivery or of one event in it.

    Attributes:
        outcome: the same in one word.
        record: the request that answers for it, if it was accepted.
        error: why it was not.
        rejected: what to tell about it.
    """

    outcome: Outcome
    record: Record | None = None
    error: QualificationError | None = None
    rejected: Rejected | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception:
    """The use case behind webhooks."""

    intake: Intake
    rejections: Rejections

    async def receive(
        self, name: str, source: Source, delivery: Delivery, traceparent: str | None = None
    ) -> tuple[Reply, Receipt]:
        """Take a delivery of the source `name`; how to answer it, and what came of it.

        Args:
            name: the source's name.
            source: the source.
            delivery: what came.
            traceparent: W3C trace context of the origin, handed on to the events.
        """
        receipts = await self._receive(name, source, delivery, traceparent)
        receipt = max(receipts, key=lambda each: each.outcome)
        reply = REPLIES[name][receipt.outcome]
        rejected = [each.rejected for each in receipts if each.rejected]
        if reply.attention and rejected:
            try:
                await self.rejections.report(rejected)
            except (StoreUnavailable, StepConflict) as error:
                return REPLIES[name][Outcome.UNAVAILABLE], Receipt(Outcome.UNAVAILABLE, error=error)
        return reply, receipt

    async def _receive(
        self, name: str, source: Source, delivery: Delivery, traceparent: str | None
    ) -> Sequence[Receipt]:
        try:
            source.prove(delivery)
            events = source.read(delivery)
        except SenderNotProven as error:
            return [Receipt(Outcome.NOT_PROVEN, error=error)]
        except SourceNotConfigured as error:
            return [Receipt(Outcome.UNAVAILABLE, error=error)]
        except (UnreadableBody, BodyTooLarge) as error:
            digest = hashlib.sha256(delivery.body).hexdigest()
            rejected = Rejected(
                source=name,
                event_id=digest,
                customer_id=None,
                faults=[Fault("", str(error))],
                traceparent=traceparent,
            )
            return [Receipt(Outcome.REJECTED, error=error, rejected=rejected)]
        receipts: list[Receipt] = []
        for some in batched(events, AT_A_TIME, strict=False):
            receipts += await asyncio.gather(*(self._take(name, event, traceparent) for event in some))
        return receipts

    async def _take(self, name: str, event: Notice | Unrelated, traceparent: str | None) -> Receipt:
        if isinstance(event, Unrelated):
            return Receipt(Outcome.UNRELATED)
        try:
            order = _order(name, event, traceparent)
            return Receipt(Outcome.ACCEPTED, record=await self.intake.accept(order))
        except (InvalidRequest, IdempotencyKeyReused) as error:
            rejected = Rejected(
                source=name,
                event_id=event.event_id,
                customer_id=_customer(event.content.get(CUSTOMER)),
                faults=error.faults if isinstance(error, InvalidRequest) else [Fault("", str(error))],
                traceparent=traceparent,
            )
            return Receipt(Outcome.REJECTED, error=error, rejected=rejected)
        except (StoreUnavailable, StepConflict) as error:
            return Receipt(Outcome.UNAVAILABLE, error=error)


def _order(name: str, notice: Notice, traceparent: str | None) -> Order:
    """The order in a notice.

    Raises:
        InvalidRequest: with every fault, those that the source found first.
    """
    if any(not fault.pointer for fault in notice.faults):
        raise InvalidRequest(notice.faults)  # It holds no request at all, so there is nothing else to say.
    try:
        customer_id, request = parse_addressed(notice.content)
    except InvalidRequest as error:
        known = {fault.pointer for fault in notice.faults}
        others = [fault for fault in error.faults if fault.pointer not in known]
        raise InvalidRequest([*notice.faults, *others]) from None
    if notice.faults:
        raise InvalidRequest(notice.faults)
    return Order(
        customer_tenant_id=customer_id,
        request=request,
        source=name,
        event_id=notice.event_id,
        joins=True,
        traceparent=traceparent,
    )


def _customer(value: Any) -> UUID | None:
    try:
        return parse_guid(value)
    except ValueError:
        return None
