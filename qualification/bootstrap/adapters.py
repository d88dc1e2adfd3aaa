"""What connects the service to the world that the app settings name."""

from dataclasses import dataclass

from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.opening import open_sign_in, open_token_store
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.tokens import Tokens
from qualification.service_bus.bus import ServiceBus
from qualification.settings.app_settings import Settings
from qualification.settings.credential import Credentials
from qualification.stores.opening import open_rows
from qualification.stores.rows import Rows
from qualification.use_cases.ports import Clock, TokenStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """What connects the service to the world that the app settings name; nothing is opened before the first call."""

    credentials: Credentials
    rows: Rows
    bus: ServiceBus
    token_store: TokenStore
    sign_in: SignIn
    tokens: Tokens
    partner_center: PartnerCenterClient

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "Adapters":
        """The adapters that the app settings ask for."""
        partner = settings.partner_center
        credentials = Credentials()
        token_store, sign_in = open_token_store(partner, credentials), open_sign_in(partner, clock, credentials)
        tokens = Tokens(sign_in, token_store, clock=clock)
        return cls(
            credentials=credentials,
            rows=open_rows(settings.record_storage, credentials),
            bus=ServiceBus(settings.service_bus, settings.queue, settings.topic, credentials),
            token_store=token_store,
            sign_in=sign_in,
            tokens=tokens,
            partner_center=PartnerCenterClient(
                partner.url,
                tokens,
                clock=clock,
                timeout=partner.timeout,
                write_timeout=partner.write_timeout,
                max_concurrency=partner.max_concurrency,
            ),
        )

    async def close(self) -> None:
        """Let go of all connections and files."""
        for each in (self.partner_center, self.sign_in, self.token_store, self.bus, self.rows, self.credentials):
            await each.close()
