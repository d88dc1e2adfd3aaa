"""A step of a request: commit it, tell subscribers, and keep track of what a person must mend."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from qualification.attention import cause_of
from qualification.errors import PartnerCenterError, PersonNeeded
from qualification.model import Record
from qualification.outbox import Outbox
from qualification.policy import Policy
from qualification.ports import Clock, RecordStore, Stored, Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Commits transitions of records that are stored already.

    Attributes:
        chance: gives the jitter, from 0 to 1.
        partner_tenant_id: the partner's own tenant, which partner-wide causes are kept under.
    """

    store: RecordStore
    outbox: Outbox
    clock: Clock
    policy: Policy
    chance: Callable[[], float]
    partner_tenant_id: UUID

    async def commit(self, before: Stored, transition: Transition) -> Stored:
        """Store a transition and tell its events.

        Raises:
            StepConflict: the record has changed since it was read; nothing was stored.
        """
        after = await self.store.save(before, transition)
        await self.outbox.tell(before.record, transition.events)
        await self._mend(before.record, after.record)
        return after

    async def alarm(self, record: Record, error: PartnerCenterError) -> bool:
        """Whether this request is the one to raise the alarm about `error`, if that takes a person at all."""
        if not isinstance(error, PersonNeeded):
            return False
        cause = cause_of(error, record.customer_tenant_id)
        subject = self.partner_tenant_id if error.partner_wide else record.customer_tenant_id
        return await self.store.raise_cause(cause, subject, record.request_id)

    async def _mend(self, before: Record, after: Record) -> None:
        cause = before.waiting_for
        if cause is not None and after.waiting_for != cause:
            for subject in (self.partner_tenant_id, after.customer_tenant_id):
                await self.store.clear_cause(cause, subject)
