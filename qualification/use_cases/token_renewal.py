"""Keeps the refresh token alive: it dies 90 days after it was issued, however often it is used."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID, uuid5

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.events import refresh_token_expiring
from qualification.use_cases import telemetry
from qualification.use_cases.ports import Clock, RecordStore, RefreshToken, TokenStore

RENEW_AFTER = timedelta(days=30)
WARN_AFTER = timedelta(days=60)
"""Ages of the stored token. Its life is 90 days ("Refresh tokens in the Microsoft identity platform")."""

log = logging.getLogger(__name__)


class TokenIssuer(Protocol):
    """Redeems the refresh token and stores the one that comes back; may raise PartnerCenterError."""

    async def renew_refresh_token(self) -> None:
        """Redeem and store."""
        ...


@dataclass(slots=True, kw_only=True)
class TokenRenewal:
    """Checks the refresh token's age now and then."""

    token_store: TokenStore
    tokens: TokenIssuer
    store: RecordStore
    clock: Clock
    partner_tenant_id: UUID
    every: timedelta = timedelta(hours=1)
    _next: datetime | None = None

    async def keep(self) -> None:
        """Renew a token that nobody has redeemed for long; alert subscribers, once, if that does not help.

        Raises:
            StoreUnavailable: the store is down; the next run checks again.
        """
        now = self.clock()
        if self._next is not None and now < self._next:
            return
        try:
            token = await self.token_store.read()
        except PartnerCenterError as error:
            log.warning("the refresh token cannot be read: %s", error)
            return  # Every submission says so by itself.
        self._next = now + self.every
        telemetry.refresh_token_age(age=now - token.stored_at)
        if now - token.stored_at >= RENEW_AFTER:
            await self._renew(token, now)

    async def _renew(self, token: RefreshToken, now: datetime) -> None:
        try:
            await self.tokens.renew_refresh_token()
        except PartnerCenterError as error:
            log.warning("the refresh token cannot be renewed: %s", error)
            if now - token.stored_at >= WARN_AFTER:
                cause = f"refresh-token-expiring:{token.stored_at.isoformat()}"
                stream = uuid5(self.partner_tenant_id, cause)
                event = refresh_token_expiring(self.partner_tenant_id, stream, token.stored_at, now)
                if await self.store.alert_once(cause, event):
                    telemetry.attention(event, lasting=True)
