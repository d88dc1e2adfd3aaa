"""Takes in what a proven delivery holds: each event becomes a request, or is told about."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from qualification.domain.errors import (
    Fault,
    IdempotencyKeyReused,
    InvalidRequest,
    QualificationError,
    StepConflict,
    StoreUnavailable,
)
from qualification.domain.guid import parse_guid
from qualification.domain.request import parse_addressed
from qualification.settings.field_rules import CUSTOMER
from qualification.use_cases.intake import Intake, Order
from qualification.use_cases.rejection import Rejected, Rejections
from qualification.webhooks.receipt import Receipt
from qualification.webhooks.reply import Outcome
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

AT_A_TIME = 16
"""Events of one delivery taken side by side: a hundred must not wait for Service Bus one after the other, each up to
intake.PATIENCE, when Salesforce gives up after 60 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """What is behind the reception."""

    intake: Intake
    rejections: Rejections

    async def take(self, source: Source, events: Sequence[Notice | Unrelated], traceparent: str | None) -> Receipt:
        """Take in the events of a delivery; the receipt of the one that decides on the answer.

        Args:
            source: the CRM.
            events: what it has read.
            traceparent: W3C trace context of the origin, handed on to the events.
        """
        taken: list[tuple[Receipt, Rejected | None]] = []
        for some in batched(events, AT_A_TIME, strict=False):
            work = [self._take(source.name, event, traceparent) for event in some]
            taken += await asyncio.gather(*work) if len(work) > 1 else [await work[0]]
        receipt = max((receipt for receipt, _ in taken), key=lambda each: each.outcome)
        return await self._told(source, receipt, [rejected for _, rejected in taken if rejected])

    async def refuse(
        self, source: Source, delivery: Delivery, error: QualificationError, traceparent: str | None
    ) -> Receipt:
        """Tell about a delivery that cannot be read."""
        rejected = Rejected(
            source=source.name,
            event_id=hashlib.sha256(delivery.body).hexdigest(),
            customer_id=None,
            faults=[Fault("", str(error))],
            traceparent=traceparent,
        )
        return await self._told(source, Receipt(Outcome.REJECTED, error=error), [rejected])

    async def _told(self, source: Source, receipt: Receipt, rejected: Sequence[Rejected]) -> Receipt:
        """The receipt, once what was rejected is told where the CRM shows the answer to nobody."""
        if source.replies[receipt.outcome].attention and rejected:
            try:
                await self.rejections.report(rejected)
            except (StoreUnavailable, StepConflict) as error:
                return Receipt(Outcome.UNAVAILABLE, error=error)
        return receipt

    async def _take(
        self, name: str, event: Notice | Unrelated, traceparent: str | None
    ) -> tuple[Receipt, Rejected | None]:
        if isinstance(event, Unrelated):
            return Receipt(Outcome.UNRELATED), None
        try:
            order = _order(name, event, traceparent)
            return Receipt(Outcome.ACCEPTED, record=await self.intake.accept(order)), None
        except (InvalidRequest, IdempotencyKeyReused) as error:
            rejected = Rejected(
                source=name,
                event_id=event.event_id,
                customer_id=_customer(event.content.get(CUSTOMER)),
                faults=error.faults if isinstance(error, InvalidRequest) else [Fault("", str(error))],
                traceparent=traceparent,
            )
            return Receipt(Outcome.REJECTED, error=error), rejected
        except (StoreUnavailable, StepConflict) as error:
            return Receipt(Outcome.UNAVAILABLE, error=error), None


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
