"""Logs what waits as a state: every quarter of an hour a line for each request that waits, and for what holds everybody.

An alert that reads these lines lasts as long as the waiting does. One that reads a line that comes once ends by itself,
and Azure Monitor mails "Resolved" though nobody has decided anything.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from qualification.domain.held import Held
from qualification.domain.record import Record
from qualification.domain.waiting import Reason, Waiting, WaitingRequest
from qualification.use_cases import telemetry
from qualification.use_cases.hold import Holds
from qualification.use_cases.ports import Clock, RecordStore

EVERY = timedelta(minutes=15)
LINES = 50
"""Requests with a line of their own. Azure Monitor mails an address at most a hundred times an hour ("Service limits"), and
an alert mails twice: when it fires and when it ends."""
COUNTED = 500
"""Requests of a shard that are looked for, at most: what waits costs sixteen small reads, however much that is."""


@dataclass(slots=True, kw_only=True)
class WaitingLog:
    """Knows which quarter of an hour has its lines; after a restart it may have them twice, which no alert minds."""

    store: RecordStore
    holds: Holds
    clock: Clock
    _written: float | None = field(default=None, init=False)

    async def write(self) -> None:
        """Write the lines of this quarter of an hour, unless that was done.

        Raises:
            StoreUnavailable: the next run does it.
        """
        now = self.clock()
        quarter = now.timestamp() // EVERY.total_seconds()
        if quarter == self._written:
            return
        held = Held.of(await self.holds.current(), now)
        found = await self.store.waiting(COUNTED)
        waiting = await self._read(first_of_each_reason(found)[:LINES])
        for part, each in (("pause", held.pause), ("cause", held.cause), ("stop", held.stop)):
            if each is not None:
                telemetry.everybody_held(part, each, now)
        for record, reason in waiting:
            telemetry.request_waiting(record, reason, now)
        telemetry.requests_waiting(waiting=len(found), logged=len(waiting))
        self._written = quarter

    async def _read(self, found: Sequence[WaitingRequest]) -> list[tuple[Record, Waiting]]:
        """The records that still wait, and for what."""
        states = await self.store.customers(*{each.customer_tenant_id for each in found})
        stored = [states[each.customer_tenant_id].find(each.request_id) for each in found]
        records = [each.record for each in stored if each is not None]
        return [(each, each.waiting) for each in records if each.waiting is not None]


def first_of_each_reason(found: Sequence[WaitingRequest]) -> list[WaitingRequest]:
    """The one of each reason that waits longest, then the second of each, and so on: no reason crowds out another.

    Args:
        found: those that wait longest first.
    """
    so_far = Counter[Reason]()
    order: list[tuple[int, datetime, WaitingRequest]] = []
    for each in found:
        order.append((so_far[each.reason], each.since, each))
        so_far[each.reason] += 1
    return [each for _, _, each in sorted(order, key=lambda ranked: ranked[:2])]
