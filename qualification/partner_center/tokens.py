"""The access tokens for Partner Center: kept until shortly before they expire, asked for once at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.partner_center.sign_in import Grant, SignIn
from qualification.use_cases.ports import Clock, TokenStore

logger = logging.getLogger(__name__)

MARGIN = timedelta(minutes=5)
MARGIN_OF_SHORT = 0.2
LONGEST = timedelta(days=1)
"""Entra's tokens live for an hour or so, at most a day; no other lifetime is believed."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A bearer token, and until when it is used."""

    value: SecretStr
    use_until: datetime


class Tokens:
    """Gives App-only and App+User tokens; may raise any PartnerCenterError but OutcomeUnknown.

    The refresh token changes at every redemption; the new one is stored before its access token is used.

    Args:
        sign_in: redeems grants; it stays open.
        store: keeps the refresh token; it stays open.
        clock: tells the time.
    """

    def __init__(self, sign_in: SignIn, store: TokenStore, *, clock: Clock) -> None:
        self._sign_in = sign_in
        self._store = store
        self._app_only = _Cache(sign_in.app_only, clock)
        self._app_and_user = _Cache(self._redeem_refresh_token, clock)
        self.storing_failed: PartnerCenterError | None = None
        """Why the newest refresh token could not be stored, until one is; the stored one still works meanwhile."""
        self.has_stored = False
        """Whether this process has stored a refresh token."""

    async def app_only(self) -> AccessToken:
        """The app's own token."""
        return await self._app_only.get()

    async def app_and_user(self) -> AccessToken:
        """The app's token on behalf of the service account."""
        return await self._app_and_user.get()

    def discard(self, token: AccessToken) -> None:
        """Use `token` no more: Partner Center has refused it."""
        self._app_only.discard(token)
        self._app_and_user.discard(token)

    async def renew_refresh_token(self) -> None:
        """Redeem the refresh token and store the next one, so that it does not die of age on its 90th day.

        Raises:
            PartnerCenterError: also where only the storing failed.
        """
        await self._app_and_user.renew()
        if self.storing_failed:
            raise self.storing_failed

    async def _redeem_refresh_token(self) -> Grant:
        stored = await self._store.read()
        grant = await self._sign_in.app_and_user(stored.value)
        if grant.refresh_token:
            await self._keep(grant.refresh_token)
        return grant

    async def _keep(self, refresh_token: SecretStr) -> None:
        try:
            await self._store.write(refresh_token)
        except PartnerCenterError as error:
            # Entra does not revoke the older ones, so the stored one serves until its 90th day.
            logger.error("the newest refresh token could not be stored: %s", error)  # noqa: TRY400  a stack trace says no more
            self.storing_failed = error
        else:
            self.storing_failed = None
            self.has_stored = True


class _Cache:
    """One kind of token. Whoever waits while it is asked for shares the answer, be it a token or an error."""

    def __init__(self, redeem: Callable[[], Awaitable[Grant]], clock: Clock) -> None:
        self._redeem = redeem
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: AccessToken | None = None
        self._tries = 0
        self._error: PartnerCenterError | None = None

    async def get(self) -> AccessToken:
        tries = self._tries
        if token := self._fresh():
            return token
        async with self._lock:
            if token := self._fresh():
                return token
            if self._error and self._tries > tries:
                raise self._error.with_traceback(None)
            return await self._ask()

    async def renew(self) -> None:
        async with self._lock:
            await self._ask()

    def discard(self, token: AccessToken) -> None:
        if self._token is token:
            self._token = None

    def _fresh(self) -> AccessToken | None:
        return self._token if self._token and self._clock() < self._token.use_until else None

    async def _ask(self) -> AccessToken:
        self._error = None
        asked_at = self._clock()
        try:
            grant = await self._redeem()
        except PartnerCenterError as error:
            self._error = error
            raise
        finally:
            self._tries += 1
        lifetime = timedelta(seconds=min(grant.expires_in, LONGEST.total_seconds()))
        self._token = AccessToken(grant.access_token, asked_at + lifetime - min(MARGIN, lifetime * MARGIN_OF_SHORT))
        return self._token
