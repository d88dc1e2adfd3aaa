"""Stores steps of one customer's requests, and publishes their events."""

from collections.abc import Sequence
from dataclasses import dataclass

from qualification.domain.customer import Customer
from qualification.domain.errors import StepConflict
from qualification.domain.event import EventType
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import CustomerState, NewestEvent, Step, Stored, Transition
from qualification.use_cases import telemetry
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Stores what was decided on one read of a customer's state."""

    store: RecordStore
    outbox: Outbox

    async def __call__(
        self,
        state: CustomerState,
        steps: Sequence[Step],
        customer: Customer | None = None,
        beside: Qualification | None = None,
        newest: tuple[str, NewestEvent] | None = None,
    ) -> tuple[Stored, ...]:
        """Store steps together and publish their events.

        Args:
            state: what they were decided on.
            steps: the requests.
            customer: what is kept of the customer, where they were decided on that; stored if it has changed, and
                otherwise held to be unchanged.
            beside: another qualification whose guard they were decided on.
            newest: a source and its newest dated event from now on, if they were decided on that.

        Raises:
            StepConflict: something that they were decided on has changed; nothing was stored.
            StoreUnavailable: the store is down.
        """
        try:
            stored = await self.store.commit(state, steps, customer, beside, newest)
        except StepConflict:
            # The SDK repeats a call whose answer got lost, and then loses the race to itself.
            won = await self._won(state, steps, newest)
            if won is None:
                raise
            stored = won
        for step in steps:
            before = step.before.record if step.before else None
            _report(before, step.transition)
            await self.outbox.publish_own(before, step.transition.events)
        return stored

    async def _won(
        self, state: CustomerState, steps: Sequence[Step], newest: tuple[str, NewestEvent] | None
    ) -> tuple[Stored, ...] | None:
        """What is stored, if that is what was to be stored."""
        customer_id = state.customer.customer_tenant_id
        now = (await self.store.customers(customer_id))[customer_id]
        stored = [now.find(step.transition.record.request_id) for step in steps]
        won = tuple(each for each in stored if each is not None)
        is_newest = newest is None or now.newest.get(newest[0]) == newest[1]
        as_decided = [each.record for each in won] == [step.transition.record for step in steps]
        return won if as_decided and is_newest else None


def _report(before: Record | None, transition: Transition) -> None:
    if before is None or transition.record.status is not before.status:
        telemetry.request_status(transition.record, before.status if before else None)
    for event in transition.events:
        if event.type is EventType.ATTENTION_REQUIRED:
            waiting = transition.record.waiting
            telemetry.attention(event, lasting=waiting is not None and waiting.reason == event.data["reason"])
