"""Alerts somebody to a customer whose rows this version cannot read; nothing is sent for it meanwhile."""

from collections.abc import Iterable
from dataclasses import dataclass

from qualification.domain.events import unreadable_rows
from qualification.domain.transition import CustomerState
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRows:
    """An active request that cannot be read keeps its work item, so each run of the timer comes by."""

    store: RecordStore
    outbox: Outbox
    moments: Moments

    async def alert(self, states: Iterable[CustomerState]) -> None:
        """Put an event about each such customer on the topic, once for each number of rows.

        Raises:
            StoreUnavailable: the store is down; the next run does it.
        """
        for state in states:
            if not state.unreadable:
                continue
            customer_id = state.customer.customer_tenant_id
            event = unreadable_rows(customer_id, state.unreadable, self.moments())
            if await self.store.alert_once(f"unreadable-rows:{state.unreadable}", event):
                telemetry.attention(event)
                await self.outbox.publish_own(None, [event])
