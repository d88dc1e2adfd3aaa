"""Where the refresh token is kept, and what renews it, in memory."""

from datetime import datetime

from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.use_cases.ports import RefreshToken
from tests.unit.stand_ins.clock import StandInClock


class StandInTokenStore:
    """Keeps one refresh token, and redeems it for the next.

    Attributes:
        stored_at: when the token was stored.
        reads: how often it was read.
        renewals: how often it was redeemed, or tried to be.
        reading_fails: what reading raises.
        renewing_fails: what redeeming raises.
    """

    def __init__(self, clock: StandInClock, stored_at: datetime) -> None:
        self.stored_at = stored_at
        self.reads = 0
        self.renewals = 0
        self.reading_fails: PartnerCenterError | None = None
        self.renewing_fails: PartnerCenterError | None = None
        self._clock = clock

    async def read(self) -> RefreshToken:
        """See TokenStore."""
        self.reads += 1
        if self.reading_fails:
            raise self.reading_fails
        return RefreshToken(SecretStr("a refresh token"), self.stored_at)

    async def write(self, token: SecretStr) -> None:  # noqa: ARG002  which token it is does not matter here
        """See TokenStore."""
        self.stored_at = self._clock()

    async def close(self) -> None:
        """See TokenStore."""

    async def renew_refresh_token(self) -> None:
        """See TokenIssuer."""
        self.renewals += 1
        if self.renewing_fails:
            raise self.renewing_fails
        await self.write(SecretStr("the next one"))
