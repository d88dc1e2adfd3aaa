"""What a sign-in has brought, as a person is shown it before anything is stored."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.partner_center.account import Account, account_in
from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import Grant, SignIn
from qualification.partner_center.tokens import Tokens
from qualification.settings.app_settings import PartnerCenterSettings
from qualification.use_cases.ports import Clock, RefreshToken


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """Who signed in, and what comes of it.

    Attributes:
        account: as the directory names it.
        has_mfa: whether Partner Center finds the MFA claim in its tokens; None where it could not be asked.
        doubt: why not.
        refresh_token: the newest.
    """

    account: Account
    has_mfa: bool | None
    doubt: str = ""
    refresh_token: SecretStr

    def __str__(self) -> str:
        tenant = f", tenant {self.account.tenant_id}" if self.account.tenant_id else ""
        return f"Signed in: {self.account}{tenant}, {self._mfa()}."

    def _mfa(self) -> str:
        if self.has_mfa is None:
            return f"and whether with MFA could not be asked ({self.doubt})"
        return "with MFA" if self.has_mfa else "without MFA, so Partner Center will refuse what the service writes"


class _Held:
    """Keeps a refresh token in memory only."""

    def __init__(self, token: SecretStr, at: datetime) -> None:
        self.token = RefreshToken(token, at)

    async def read(self) -> RefreshToken:
        return self.token

    async def write(self, token: SecretStr) -> None:
        self.token = RefreshToken(token, self.token.stored_at)

    async def close(self) -> None:
        """Nothing is held open."""


async def examined(
    settings: PartnerCenterSettings, entra: SignIn, grant: Grant, refresh_token: SecretStr, clock: Clock
) -> SignedIn:
    """What a grant is worth: its refresh token is redeemed once, as the service will, and Partner Center looks at what comes of it.

    Args:
        settings: where Partner Center is.
        entra: the sign-in endpoint; it stays open.
        grant: what the sign-in gave.
        refresh_token: that in it.
        clock: tells the time.
    """
    held = _Held(refresh_token, clock())
    client = PartnerCenterClient(
        settings.url,
        Tokens(entra, held, clock=clock),
        clock=clock,
        timeout=settings.timeout,
        write_timeout=settings.write_timeout,
        max_concurrency=1,
    )
    has_mfa: bool | None = None
    doubt = ""
    try:
        has_mfa = await client.validate_mfa()
    except PartnerCenterError as error:
        doubt = str(error).rstrip(".")
    finally:
        await client.close()
    return SignedIn(account=account_in(grant.id_token), has_mfa=has_mfa, doubt=doubt, refresh_token=held.token.value)
