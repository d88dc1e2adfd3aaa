"""Alerts about CRMs that are closed because their settings have faults: once a day for as long as they last."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from qualification.domain.events import Attention, partner_attention
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore

REMEDY = (
    "Correct the app settings that GET /api/health names, or run the command that it shows; docs/crm has each setting."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAlerts:
    """Knows which CRMs are closed, and why.

    Attributes:
        closed: what is wrong, by CRM and by the settings' names; never a value.
    """

    store: RecordStore
    outbox: Outbox
    moments: Moments
    partner_tenant_id: UUID
    closed: Mapping[str, Mapping[str, str]]

    async def alert(self) -> None:
        """Put an event for each closed CRM in the outbox, unless that was done today, and publish the new ones.

        Raises:
            StoreUnavailable: some are not noted; the next run does it.
        """
        for source, faults in self.closed.items():
            now = self.moments().now
            detail = (
                f"The source {source} is closed: {', '.join(sorted(faults))} cannot be used. Its webhooks are refused."
            )
            event = partner_attention(self.partner_tenant_id, Attention.SOURCE_MISCONFIGURED.value, detail, REMEDY, now)
            digest = sha256(json.dumps(dict(faults), sort_keys=True).encode()).hexdigest()
            cause = f"{Attention.SOURCE_MISCONFIGURED}:{source}:{digest}:{now.date()}"
            if await self.store.alert_once(cause, event):
                telemetry.attention(event)
                await self.outbox.publish_own(None, [event])
