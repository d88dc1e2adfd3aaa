"""Alerts somebody to an instance whose clock is far from Partner Center's: once a day for as long as it is."""

import logging
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from qualification.domain.errors import StoreUnavailable
from qualification.domain.events import Attention, partner_attention
from qualification.use_cases import telemetry
from qualification.use_cases.moments import Moments
from qualification.use_cases.outbox import Outbox
from qualification.use_cases.ports import RecordStore

UNDER_WAY = timedelta(minutes=1)
"""An answer may have been under way for so long: the moment that it tells is as old."""
REMEDY = (
    "Restart the app; if that does not help, set the clock of its machine by NTP. Until then work may be done too early or "
    "too late by as much, and senders' signatures and sign-ins may fail."
)

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class ClockAlerts:
    """Knows on which day this instance has alerted last."""

    store: RecordStore
    outbox: Outbox
    moments: Moments
    partner_tenant_id: UUID
    _alerted: date | None = field(default=None, init=False)

    async def check(self, ahead: timedelta) -> None:
        """Put an event on the topic, unless the clock is right or any instance has done so that day.

        Never raises for the store: the call that told the time has gone through, and the next one does it.

        Args:
            ahead: how far this instance's clock is ahead of Partner Center's; negative where it is behind.
        """
        now = self.moments().now - ahead
        if abs(ahead) <= self.moments.policy.clock_ahead + UNDER_WAY or self._alerted == now.date():
            return
        minutes = abs(ahead) // timedelta(minutes=1)
        direction = "ahead of" if ahead > timedelta(0) else "behind"
        detail = f"The clock of an instance of this service is {minutes} minutes {direction} Partner Center's."
        event = partner_attention(self.partner_tenant_id, Attention.CLOCK_WRONG.value, detail, REMEDY, now)
        try:
            is_news = await self.store.alert_once(f"{Attention.CLOCK_WRONG}:{now.date()}", event)
        except StoreUnavailable as error:
            log.warning("%s Nobody was alerted yet: %s", detail, error)
            return
        self._alerted = now.date()
        if is_news:
            telemetry.attention(event)
            await self.outbox.publish_own(None, [event])
