"""What must hold of what a person decides: it goes on now, unless something holds everybody."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from qualification.domain.record import Record
from tests.simulation.accounts import HOUR

if TYPE_CHECKING:
    from tests.simulation.judge import Judge

SOON = 2 * HOUR
"""A hint may be lost, the bus down, a host dead: the timer does it a few minutes later, and once more."""


@dataclass
class Promptness:
    """Watches that a decision is followed by a call."""

    judge: "Judge"
    _called: dict[UUID, datetime] = field(default_factory=dict)
    _held: datetime | None = None

    def called(self, customer_id: UUID) -> None:
        """A call leaves a host."""
        self._called[customer_id] = self.judge.world.now

    def held(self) -> None:
        """Something holds everybody, or has just held them."""
        self._held = self.judge.world.now

    def decided(self, record: Record) -> None:
        """A person has confirmed or retried it."""
        self.judge.world.spawn(self._watch(record.customer_tenant_id, record.request_id))

    async def _watch(self, customer_id: UUID, request_id: UUID) -> None:
        judge, since = self.judge, self.judge.world.now
        await asyncio.sleep(SOON.total_seconds())
        hold = judge.holding.hold
        is_held = bool(hold.stop or hold.cause or hold.pause) or (self._held is not None and self._held >= since)
        if is_held or judge.world.deployment.begun or judge.world.is_apart:
            return
        called = self._called.get(customer_id)
        if judge.records[request_id].status.is_active and (called is None or called < since):
            judge.broken("decided, and nothing follows", request_id.hex[:6])
