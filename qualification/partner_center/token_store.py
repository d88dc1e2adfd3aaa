"""Where the refresh token is kept: a file, or a secret in Azure Key Vault."""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost
from qualification.partner_center.managed_identity import identity_failure
from qualification.partner_center.vault_failures import NO_TOKEN, SIGN_IN, deleted, vault_failure
from qualification.settings.no_token import NoToken
from qualification.use_cases.ports import RefreshToken

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline.transport import AsyncHttpTransport
    from azure.core.rest import AsyncHttpResponse, HttpRequest
    from azure.keyvault.secrets.aio import SecretClient

SECRET_PATH = re.compile(r"/secrets/([0-9A-Za-z-]{1,127})", re.ASCII)

FILE_ACCESS = "Let the service read and write the file and its folder that PARTNER_CENTER_REFRESH_TOKEN names."


class FileTokenStore:
    """A file that only its owner can read; replaced as a whole, so a crash leaves the older token."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def read(self) -> RefreshToken:
        """The token in the file; `stored_at` is when the file was written.

        Raises:
            AccessLost: there is no file, no token in it, or no permission to read it.
        """
        try:
            return await asyncio.to_thread(self._read)
        except FileNotFoundError:
            text = f"There is no refresh token yet: {self._path} does not exist."
            raise AccessLost(NO_TOKEN, text, partner_wide=True, remedy=SIGN_IN) from None
        except (OSError, UnicodeDecodeError) as error:
            raise _file_error(f"{self._path} cannot be read", error) from None

    async def write(self, token: SecretStr) -> None:
        """Replace the file.

        Raises:
            AccessLost: it cannot be written; the older token is still there.
        """
        try:
            await asyncio.to_thread(self._write, token.get_secret_value())
        except OSError as error:
            raise _file_error(f"{self._path} cannot be written", error) from None

    async def close(self) -> None:
        """Nothing is held open."""

    def _read(self) -> RefreshToken:
        with self._path.open(encoding="utf-8") as file:
            token = file.read().strip()
            written = os.fstat(file.fileno()).st_mtime
        if not token:
            text = f"There is no refresh token yet: {self._path} is empty."
            raise AccessLost(NO_TOKEN, text, partner_wide=True, remedy=SIGN_IN)
        return RefreshToken(SecretStr(token), datetime.fromtimestamp(written, UTC))

    def _write(self, token: str) -> None:
        draft = self._path.with_name(f".{self._path.name}.{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(token)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            _sync_folder(self._path.parent)
        except BaseException:
            with suppress(OSError):
                draft.unlink()
            raise


class KeyVaultTokenStore:
    """A secret in Azure Key Vault; the SDK is loaded at the first call.

    Args:
        secret_url: https://VAULT/secrets/NAME, without a version, because the newest is wanted.
        credential: of azure.identity.aio; it stays open.
        transport: instead of the SDK's own, where TLS needs another root certificate.

    Raises:
        ValueError: `secret_url` is anything else.
    """

    def __init__(
        self,
        secret_url: str,
        credential: "AsyncTokenCredential",
        *,
        transport: "AsyncHttpTransport[HttpRequest, AsyncHttpResponse] | None" = None,
    ) -> None:
        parts = urlsplit(secret_url)
        name = SECRET_PATH.fullmatch(parts.path)
        extra = parts.query or parts.fragment or parts.username or parts.password
        if parts.scheme != "https" or not parts.hostname or not name or extra:
            raise ValueError("must be a Key Vault secret without a version, such as https://VAULT/secrets/NAME")
        self._vault = f"https://{parts.netloc}"
        self._vault_name = parts.hostname.partition(".")[0]
        self._name = name[1]
        self._credential = credential
        self._transport = transport
        self._client: SecretClient | None = None

    async def read(self) -> RefreshToken:
        """The newest version of the secret; `stored_at` is when that was made, whatever was done to it since.

        Raises:
            AccessLost: there is no such secret, or it is deleted or disabled, or it may not be read from here.
            Unavailable: Key Vault, or who gives the token for it, did not answer.
        """
        from azure.core.exceptions import ResourceNotFoundError  # noqa: PLC0415  costs start-up time

        try:
            secret = await (self._client or self._open()).get_secret(self._name)
        except ResourceNotFoundError as error:
            await self._refuse_deleted()
            raise vault_failure("read", error, self._vault_name, self._name) from None
        except NoToken as error:
            raise identity_failure(error) from None
        except Exception as error:  # noqa: BLE001  the SDK stumbles over odd answers with errors of all kinds
            raise vault_failure("read", error, self._vault_name, self._name) from None
        if not secret.value:
            text = f"There is no refresh token yet: the secret {self._name} is empty."
            raise AccessLost(NO_TOKEN, text, partner_wide=True, remedy=SIGN_IN)
        # A secret that does not tell its age counts as old, so it is renewed soon.
        return RefreshToken(SecretStr(secret.value), secret.properties.created_on or datetime.min.replace(tzinfo=UTC))

    async def write(self, token: SecretStr) -> None:
        """Add a version to the secret, or make the secret.

        Raises:
            AccessLost: it may not be written from here, or it is deleted; the older version is still there.
            Unavailable: Key Vault, or who gives the token for it, did not answer.
        """
        try:
            await (self._client or self._open()).set_secret(self._name, token.get_secret_value())
        except NoToken as error:
            raise identity_failure(error) from None
        except Exception as error:  # noqa: BLE001  as above
            raise vault_failure("written", error, self._vault_name, self._name) from None

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client:
            await client.close()

    async def _refuse_deleted(self) -> None:
        """Raise if the secret is deleted and can be recovered, as far as the vault lets this caller know."""
        from azure.core.exceptions import ResourceExistsError  # noqa: PLC0415  costs start-up time

        try:
            await (self._client or self._open()).get_deleted_secret(self._name)
        except ResourceExistsError as error:
            # Just being deleted or recovered.
            raise vault_failure("read", error, self._vault_name, self._name) from None
        except Exception:  # noqa: BLE001  whatever it is, the secret is not there
            return
        raise deleted(self._vault_name, self._name)

    def _open(self) -> "SecretClient":
        from azure.keyvault.secrets.aio import SecretClient  # noqa: PLC0415  costs start-up time

        options = {"transport": self._transport} if self._transport else {}
        self._client = SecretClient(
            self._vault, self._credential, connection_timeout=10, read_timeout=10, retry_total=2, **options
        )
        return self._client


def _sync_folder(folder: Path) -> None:
    """Make sure that a rename in it survives a power failure (fsync(2): that of the file does not do so)."""
    if os.name == "nt":
        return  # a folder cannot be opened there
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _file_error(what: str, error: OSError | UnicodeDecodeError) -> AccessLost:
    reason = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else type(error).__name__
    return AccessLost("refresh-token-file", f"{what}: {reason}.", partner_wide=True, remedy=FILE_ACCESS)
