"""Which of the requests that wait for the same cause raises the alarm, and when the cause is resolved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from qualification.domain.attention import cause_of
from qualification.domain.errors import PartnerCenterError, PersonNeeded
from qualification.domain.record import Record
from qualification.domain.transition import Owner
from qualification.use_cases.ports import RecordStore

LONGEST_TRY = timedelta(minutes=5)
"""The functionTimeout of host.json: by then an owner has raised its alarm, or never will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """Keeps track of what a person must resolve.

    Attributes:
        partner_tenant_id: the partner's own tenant, which partner-wide causes are kept under.
    """

    store: RecordStore
    partner_tenant_id: UUID

    async def falls_to(self, record: Record, error: PartnerCenterError, now: datetime) -> bool:
        """Whether this request is the one to raise the alarm about `error`, if that takes a person at all.

        Args:
            record: the request that has met the error.
            error: the error.
            now: aware UTC.
        """
        if not isinstance(error, PersonNeeded):
            return False
        cause = cause_of(error, record.customer_tenant_id)
        subject = self.partner_tenant_id if error.partner_wide else record.customer_tenant_id
        this = Owner(record.request_id, record.customer_tenant_id, now)
        owner = await self.store.owner_of(cause, subject)
        if owner and await self._is_silent(owner, cause, now):
            return await self.store.take_cause(cause, subject, owner, this)
        if record.waiting_for == cause:
            # It is no news to this request. A try that began before the cause was resolved must not raise it anew.
            return False
        return await self.store.raise_cause(cause, subject, this)

    async def resolve(self, before: Record, after: Record) -> None:
        """Clear the cause that a request has waited for, if it waits for it no longer."""
        cause = before.waiting_for
        if cause is not None and after.waiting_for != cause:
            for subject in (self.partner_tenant_id, after.customer_tenant_id):
                await self.store.clear_cause(cause, subject)

    async def _is_silent(self, owner: Owner, cause: str, now: datetime) -> bool:
        """Whether this owner has died, or gone on, before it could raise the alarm."""
        if now - owner.since <= LONGEST_TRY:
            return False
        found = await self.store.find(owner.customer_tenant_id, owner.request_id)
        return found is None or found.record.waiting_for != cause
