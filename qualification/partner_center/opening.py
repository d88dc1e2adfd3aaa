"""Opens the sign-in and the token store that the app settings ask for."""

from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from qualification.partner_center.managed_identity import ManagedIdentityAssertion
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import FileTokenStore, KeyVaultTokenStore
from qualification.settings.app_settings import PartnerCenterSettings
from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.use_cases.ports import Clock, TokenStore


def open_token_store(settings: PartnerCenterSettings, credentials: Credentials) -> TokenStore:
    """Where the refresh token is kept."""
    location = settings.refresh_token
    if location.startswith("file:"):
        return FileTokenStore(Path(url2pathname(urlsplit(location).path)))
    return KeyVaultTokenStore(location, credentials.of(settings.identity))


def open_sign_in(settings: PartnerCenterSettings, clock: Clock, credentials: Credentials) -> SignIn:
    """The sign-in endpoint of the partner's tenant."""
    managed = Identity(managed=True, client_id=settings.identity.client_id)
    return SignIn(
        settings.login_url,
        str(settings.tenant_id),
        settings.client_id,
        settings.client_secret or ManagedIdentityAssertion(credentials.of(managed)),
        clock=clock,
        timeout=settings.timeout,
    )
