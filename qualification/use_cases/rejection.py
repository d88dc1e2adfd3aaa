"""Alerts about CRM data that can never work, because the CRM itself will not: once for each of the CRM's events."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from qualification.domain.caller import Caller
from qualification.domain.errors import Fault
from qualification.domain.event import Event
from qualification.domain.events import Attention, request_rejected
from qualification.domain.request import Reference
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import NewId, RecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """One event of a CRM that was rejected.

    Attributes:
        source: the CRM.
        event_id: its id of the event.
        customer_id: whom it is about, if that could be read.
        faults: what is wrong with it.
        reference: the CRM's record.
        requested_by: who asked, for the log.
        traceparent: W3C trace context of the origin.
    """

    source: str
    event_id: str
    customer_id: UUID | None
    faults: Sequence[Fault]
    reference: Reference | None = None
    requested_by: Caller | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejections:
    """Turns rejected events into attention events."""

    store: RecordStore
    outbox: Outbox
    moments: Moments
    new_id: NewId
    partner_tenant_id: UUID

    async def report(self, rejected: Sequence[Rejected]) -> None:
        """Put an event for each in the outbox, unless it was there before, and publish the new ones.

        Raises:
            StoreUnavailable, StepConflict: some are not noted; the CRM's next try does it.
        """
        noted = [await self._note(each) for each in rejected]
        await self.outbox.publish_own(None, [event for event in noted if event])

    async def _note(self, rejected: Rejected) -> Event | None:
        subject = rejected.customer_id or self.partner_tenant_id
        namespace = uuid5(NAMESPACE_URL, f"urn:qualification:{rejected.source}:rejected")
        moment = self.moments()
        event = request_rejected(
            source=rejected.source,
            event_id=rejected.event_id,
            faults=rejected.faults,
            subject=subject,
            customer_id=rejected.customer_id,
            reference=rejected.reference,
            stream=uuid5(namespace, f"{subject}:{rejected.event_id}"),
            traceparent=rejected.traceparent,
            moment=moment,
        )
        cause = f"{Attention.REQUEST_REJECTED}:{rejected.source}:{rejected.event_id}"
        if not await self.store.alert_once(cause, event):
            return None
        telemetry.attention(event, requested_by=rejected.requested_by, detail="; ".join(map(str, rejected.faults)))
        return event
