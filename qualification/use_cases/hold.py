"""Keeps what holds everybody: read by each instance every few seconds, changed under its ETag with its event."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from qualification.domain.call_errors import Held, PartnerCenterError, PersonNeeded, Throttled, Unsent
from qualification.domain.errors import StepConflict, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.events import partner_attention
from qualification.domain.hold import Cause, Hold, Stop, after_answer, after_error
from qualification.domain.waiting import Reason
from qualification.use_cases import telemetry
from qualification.use_cases.clock_alerts import ClockAlerts
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore, StoredHold

READ_EVERY = timedelta(seconds=5)
"""A stop reaches every instance within this."""
OTHERS_FIRST = 6
"""A sixth of the time between two probes is left to customers whose own writes have not met the cause, and the next sixth to those
of them that did not probe last."""
TRIES = 5
NOTHING = "Nothing to do: it goes again."

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Holds:
    """The hold row, whose moments are in Partner Center's time.

    Attributes:
        partner_tenant_id: the subject of its events.
    """

    store: RecordStore
    outbox: Outbox
    moments: Moments
    clock_alerts: ClockAlerts
    partner_tenant_id: UUID
    _read: StoredHold | None = field(default=None, init=False)
    _read_at: datetime | None = field(default=None, init=False)
    _ahead: timedelta = field(init=False)
    _gate: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)

    def __post_init__(self) -> None:
        """Take this host's clock to be ahead, until an answer tells by how much."""
        self._ahead = self.moments.policy.clock_ahead

    @property
    def _now(self) -> datetime:
        return self.moments().now - self._ahead

    async def _compare(self, at: datetime | None) -> None:
        """Note how far this host's clock is ahead of Partner Center's."""
        if at is not None:
            self._ahead = self.moments().now - at
            await self.clock_alerts.check(self._ahead)

    async def current(self) -> Hold:
        """What holds everybody, at most a few seconds old."""
        now = self.moments().now
        async with self._gate:
            if self._read is None or self._read_at is None or not timedelta(0) <= now - self._read_at < READ_EVERY:
                self._read, self._read_at = await self.store.hold(self.partner_tenant_id), now
        return self._read.hold

    async def check_read(self) -> None:
        """Let a read go.

        Raises:
            Throttled: Partner Center asked for a pause that is not over.
        """
        hold = await self.current()
        if hold.pause and hold.pauses(self._now):
            raise Throttled(hold.pause.until)

    async def check_try(self, customer_id: UUID) -> None:
        """Make sure that a write of this customer might go, before anything is asked for it.

        Raises:
            Unsent: a stop or a cause holds it.
        """
        hold = await self.current()
        if hold.stop is not None:
            raise _stopped(hold.stop)
        cause = hold.cause
        if cause is None:
            return
        first = cause.next_probe + cause.waits(customer_id) * (self.moments.policy.retry_max / OTHERS_FIRST)
        if self._now < first:
            raise self._held(cause, first)

    async def check_write(self, customer_id: UUID) -> bool:
        """Let a write go; whether it is the one that probes a cause.

        Raises:
            Throttled: Partner Center asked for a pause that is not over.
            Unsent: a stop or a cause holds it.
        """
        await self.check_read()
        await self.check_try(customer_id)
        cause = (await self.current()).cause
        if cause is None:
            return False
        if not await self._take_probe(self._now):
            raise self._held(cause, cause.next_probe)
        return True

    async def check_claimed(self, *, probe: bool) -> None:
        """Let a write go that is claimed: the claim may have taken longer than a hold needs to reach every instance.

        Raises:
            Unsent: a stop, a pause or a cause holds it now.
        """
        try:
            hold = await self.current()
        except StoreUnavailable as error:
            raise Unsent("not-begun", f"Nobody knows whether writes are held: {error}", remedy=NOTHING) from error
        if hold.stop is not None:
            raise _stopped(hold.stop)
        if hold.pause and hold.pauses(self._now):
            raise Unsent("throttled", "Partner Center asked for a pause.", remedy=NOTHING, retry_at=hold.pause.until)
        if hold.cause is not None and not probe:
            raise self._held(hold.cause, hold.cause.next_probe)

    async def answered(self, customer_id: UUID, at: datetime, *, writes: bool = False, probe: bool = False) -> None:
        """A call was answered, at `at` by Partner Center's clock."""
        await self._compare(at)
        hold = await self.current()
        doubts = writes and hold.doubts
        lone = hold.lone is not None and hold.lone.after_answer(customer_id) != hold.lone
        if probe or doubts or lone or hold.silent or hold.pause or (hold.cause and not hold.cause.met_by):
            await self._change(
                lambda each, now: after_answer(each, now, customer_id=customer_id, writes=writes, probe=probe)
            )

    async def failed(
        self, error: PartnerCenterError, customer_id: UUID, request_id: UUID | None = None, *, probe: bool = False
    ) -> PartnerCenterError:
        """A call failed; the error, about one customer only where the cause turns out to be that customer's.

        Args:
            error: how it failed.
            customer_id: whose call it was.
            request_id: whose write it was; None for a read.
            probe: whether it was the write that a cause lets through.
        """
        await self._compare(error.at)
        if isinstance(error, Unsent) and error.code != "unreachable":
            return error

        def change(hold: Hold, now: datetime) -> Hold:
            at = error.at or now
            return after_error(
                hold,
                error,
                at,
                request_id=request_id,
                customer_id=customer_id,
                next_probe=at + self.moments.policy.retry_max,
                probe=probe,
            )

        hold = await self._change(change)
        personal = request_id is not None and hold.is_personal(customer_id, error.code)
        if isinstance(error, PersonNeeded) and error.partner_wide and personal:
            return error.for_one_customer()
        if isinstance(error, Throttled) and hold.lone is not None and hold.lone.is_alone:
            return error.for_one_customer(hold.lone.until)
        return error

    async def others_are_read(self) -> bool:
        """Whether other customers are read now: nothing holds everybody's reads."""
        hold = await self.current()
        return hold.cause is None and not hold.pauses(self._now)

    async def stop(self, by: str, note: str | None) -> Hold:
        """No write leaves any instance until somebody resumes."""
        return await self._change(lambda hold, now: hold.changed(stop=hold.stop or Stop(since=now, by=by, note=note)))

    async def resume(self) -> Hold:
        """Writes may leave again."""
        return await self._change(lambda hold, _: hold.changed(stop=None))

    def _held(self, cause: Cause, first: datetime) -> Held:
        return Held(cause.code, cause.detail, remedy=cause.remedy, retry_at=first + self._ahead)

    async def _take_probe(self, now: datetime) -> bool:
        """Whether this call is the probe: whoever moves its next moment under the ETag."""
        stored = await self.store.hold(self.partner_tenant_id)
        cause = stored.hold.cause
        if cause is None or now < cause.next_probe:
            return False
        moved = cause.model_copy(update={"next_probe": now + self.moments.policy.retry_max})
        try:
            await self.store.put_hold(self.partner_tenant_id, stored, stored.hold.changed(cause=moved))
        except StepConflict:
            # Whoever lost the race to itself, because an answer got lost, sees its own moment.
            found = (await self.store.hold(self.partner_tenant_id)).hold.cause
            return found is not None and found.next_probe == moved.next_probe
        finally:
            self._read = None
        return True

    async def _change(self, change: Callable[[Hold, datetime], Hold]) -> Hold:
        for _ in range(TRIES):
            now = self._now
            stored = await self.store.hold(self.partner_tenant_id)
            after = change(stored.hold, now)
            if after == stored.hold:
                return after
            event = self._news(stored.hold, after, now)
            try:
                await self.store.put_hold(self.partner_tenant_id, stored, after, event)
            except StepConflict:
                continue
            self._read = None
            if event is not None:
                telemetry.attention(event, lasting=True)
                await self.outbox.publish_own(None, [event])
            return after
        raise StepConflict("others kept changing what holds everybody")

    def _news(self, before: Hold, after: Hold, now: datetime) -> Event | None:
        cause, stop = after.cause, after.stop
        if cause is not None and (before.cause is None or before.cause.code != cause.code):
            return partner_attention(self.partner_tenant_id, cause.reason.value, cause.detail, cause.remedy, now)
        if after.pause and after.pause.alerted and not (before.pause and before.pause.alerted):
            detail = f"Partner Center has asked to wait since {after.pause.since:%Y-%m-%d %H:%M} UTC, again and again."
            remedy = (
                "Nothing to do: the service waits. Lower PARTNER_CENTER_MAX_CONCURRENCY if other tools call it too."
            )
            return partner_attention(self.partner_tenant_id, Reason.THROTTLED.value, detail, remedy, now)
        if stop is not None and before.stop is None:
            detail = f"Writing to Partner Center was stopped by {stop.by}." + (f" {stop.note}" if stop.note else "")
            return partner_attention(self.partner_tenant_id, "stopped", detail, "Resume when it may go on.", now)
        return None


def _stopped(stop: Stop) -> Unsent:
    return Unsent("stopped", f"Writing was stopped by {stop.by}.", remedy="Resume when it may go on.")
