"""Commits a step of a request that is stored already, and publishes its events."""

from dataclasses import dataclass

from qualification.domain.record import EventType, Record
from qualification.domain.transition import Stored, Transition
from qualification.use_cases import telemetry
from qualification.use_cases.alarms import Alarms
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Stores transitions."""

    store: RecordStore
    outbox: Outbox
    alarms: Alarms

    async def __call__(self, before: Stored, transition: Transition) -> Stored:
        """Store a transition and publish its events.

        Raises:
            StepConflict: the record has changed since it was read; nothing was stored.
        """
        # Before the step: afterwards nobody would know of the cause any more, should this process end between the two.
        await self.alarms.resolve(before.record, transition.record)
        after = await self.store.save(before, transition)
        _report(before.record, transition)
        await self.outbox.publish_own(before.record, transition.events)
        return after


def _report(before: Record, transition: Transition) -> None:
    if transition.record.status is not before.status:
        telemetry.status_of(transition.record, before.status)
    for event in transition.events:
        if event.type is EventType.ATTENTION_REQUIRED:
            telemetry.attention(
                reason=str(event.data["reason"]), customer_tenant_id=event.subject, request_id=event.stream
            )
