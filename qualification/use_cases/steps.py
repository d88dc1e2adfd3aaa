"""A step of a request: commit it, tell subscribers, and keep track of what a person must mend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from qualification.domain.attention import cause_of
from qualification.domain.errors import PartnerCenterError, PersonNeeded
from qualification.domain.record import EventType, Record, Status
from qualification.domain.timing import Policy
from qualification.domain.transition import Owner, Stored, Transition
from qualification.use_cases import telemetry
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import Clock, RecordStore

LONGEST_TRY = timedelta(minutes=5)
"""The functionTimeout of host.json: by then an owner has raised its alarm, or never will."""


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
        # Before the step: afterwards nobody would know of the cause any more, should this process end between the two.
        await self._mend(before.record, transition.record)
        after = await self.store.save(before, transition)
        _report(before.record, transition)
        await self.outbox.tell(before.record, transition.events)
        return after

    async def alarm(self, record: Record, error: PartnerCenterError) -> bool:
        """Whether this request is the one to raise the alarm about `error`, if that takes a person at all."""
        if not isinstance(error, PersonNeeded):
            return False
        cause = cause_of(error, record.customer_tenant_id)
        subject = self.partner_tenant_id if error.partner_wide else record.customer_tenant_id
        this = Owner(record.request_id, record.customer_tenant_id, self.clock())
        owner = await self.store.owner_of(cause, subject)
        if owner and await self._is_silent(owner, cause):
            return await self.store.take_cause(cause, subject, owner, this)
        if record.waiting_for == cause:
            # It is no news to this request. A try that began before the cause was mended must not raise it anew.
            return False
        return await self.store.raise_cause(cause, subject, this)

    async def _is_silent(self, owner: Owner, cause: str) -> bool:
        """Whether this owner has died, or gone on, before it could raise the alarm."""
        if self.clock() - owner.since <= LONGEST_TRY:
            return False
        found = await self.store.find(owner.customer_tenant_id, owner.request_id)
        return found is None or found.record.waiting_for != cause

    async def _mend(self, before: Record, after: Record) -> None:
        cause = before.waiting_for
        if cause is not None and after.waiting_for != cause:
            for subject in (self.partner_tenant_id, after.customer_tenant_id):
                await self.store.clear_cause(cause, subject)


def report_status(record: Record, previous: Status | None) -> None:
    """Tell operators that a request has entered its status."""
    telemetry.request_status(
        request_id=record.request_id,
        customer_tenant_id=record.customer_tenant_id,
        qualification=record.qualification,
        status=record.status,
        previous_status=previous,
        source=record.source,
        vetting_reason=record.vetting_reason,
        error_code=record.error.code if record.error else None,
    )


def report_postponed(record: Record, error: PartnerCenterError) -> None:
    """Tell operators that a try or a look came to nothing."""
    telemetry.request_postponed(
        request_id=record.request_id,
        customer_tenant_id=record.customer_tenant_id,
        qualification=record.qualification,
        status=record.status,
        reaction=error.reaction,
        error_code=error.code,
        http_status=error.http_status,
        attention=error.attention if isinstance(error, PersonNeeded) else None,
    )


def _report(before: Record, transition: Transition) -> None:
    if transition.record.status is not before.status:
        report_status(transition.record, before.status)
    for event in transition.events:
        if event.type is EventType.ATTENTION_REQUIRED:
            telemetry.attention(
                reason=str(event.data["reason"]), customer_tenant_id=event.subject, request_id=event.stream
            )
