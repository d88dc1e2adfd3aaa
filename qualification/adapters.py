"""Which adapter the app settings ask for; each is imported when it is built."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from qualification.secret import Secret
from qualification.settings import Identity, PartnerCenterSettings

if TYPE_CHECKING:
    from qualification.partner_center.sign_in import SignIn
    from qualification.ports import Clock, SecretStore
    from qualification.stores.rows import Rows


def utc_now() -> datetime:
    """The time, in aware UTC."""
    return datetime.now(UTC)


def secret_store(settings: PartnerCenterSettings) -> "SecretStore":
    """Where the refresh token is kept."""
    from urllib.request import url2pathname

    from qualification.credential import AzureCredential
    from qualification.secret_store import FileSecretStore, KeyVaultSecretStore

    location = settings.refresh_token
    if location.startswith("file:"):
        return FileSecretStore(Path(url2pathname(urlsplit(location).path)))
    return KeyVaultSecretStore(location, AzureCredential(settings.identity))


def entra_sign_in(settings: PartnerCenterSettings, clock: "Clock" = utc_now) -> "SignIn":
    """The sign-in endpoint of the partner's tenant."""
    from pydantic import SecretStr

    from qualification.partner_center.managed_identity import ManagedIdentityAssertion
    from qualification.partner_center.sign_in import SignIn

    secret = settings.client_secret
    return SignIn(
        settings.login_url,
        str(settings.tenant_id),
        settings.client_id,
        SecretStr(secret.get_secret_value()) if secret else ManagedIdentityAssertion(settings.identity.client_id),
        clock=clock,
        timeout=settings.timeout,
    )


def record_rows(storage: Secret | Identity) -> "Rows":
    """Where the records are kept."""
    if isinstance(storage, Identity):
        from qualification.credential import AzureCredential
        from qualification.stores.tables import TableRows

        return TableRows.from_endpoint(storage.endpoint, AzureCredential(storage))
    location = storage.get_secret_value()
    if location.startswith("sqlite:"):
        from qualification.stores.sqlite import SqliteRows

        return SqliteRows.from_url(location)
    from qualification.stores.tables import TableRows

    return TableRows.from_connection_string(location)
