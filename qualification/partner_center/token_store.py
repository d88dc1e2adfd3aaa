"""Where the refresh token is kept: a file, or a secret in Azure Key Vault."""

import asyncio
import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.domain.remedies import WAIT
from qualification.use_cases.ports import RefreshToken

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline.transport import AsyncHttpTransport
    from azure.core.rest import AsyncHttpResponse, HttpRequest
    from azure.keyvault.secrets.aio import SecretClient

SECRET_PATH = re.compile(r"/secrets/([0-9A-Za-z-]{1,127})", re.ASCII)
FORBIDDEN = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})

SIGN_IN = 'Run "python -m qualification sign-in": it stores a refresh token where PARTNER_CENTER_REFRESH_TOKEN says.'
FILE_ACCESS = "Let the service read and write the file and its folder that PARTNER_CENTER_REFRESH_TOKEN names."
VAULT_ACCESS = (
    "Check the URL in PARTNER_CENTER_REFRESH_TOKEN and give the service the role Key Vault Secrets Officer on it."
)


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
            raise AccessLost("no-refresh-token", text, partner_wide=True, remedy=SIGN_IN) from None
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
            raise AccessLost("no-refresh-token", text, partner_wide=True, remedy=SIGN_IN)
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
        self._name = name[1]
        self._credential = credential
        self._transport = transport
        self._client: SecretClient | None = None

    async def read(self) -> RefreshToken:
        """The newest version of the secret; `stored_at` is when it was last changed.

        Raises:
            AccessLost: there is no such secret, or no permission to read it.
            Unavailable: Key Vault did not answer.
        """
        from azure.core.exceptions import AzureError  # noqa: PLC0415  costs start-up time

        try:
            secret = await (self._client or self._open()).get_secret(self._name)
        except (AzureError, ValueError) as error:
            raise _vault_error("read", error) from None
        if not secret.value:
            text = f"There is no refresh token yet: the secret {self._name} is empty."
            raise AccessLost("no-refresh-token", text, partner_wide=True, remedy=SIGN_IN)
        # A secret that does not tell its age counts as old, so it is renewed soon.
        return RefreshToken(SecretStr(secret.value), secret.properties.updated_on or datetime.min.replace(tzinfo=UTC))

    async def write(self, token: SecretStr) -> None:
        """Add a version to the secret, or make the secret.

        Raises:
            AccessLost: no permission to write it; the older version is still there.
            Unavailable: Key Vault did not answer.
        """
        from azure.core.exceptions import AzureError  # noqa: PLC0415  costs start-up time

        try:
            await (self._client or self._open()).set_secret(self._name, token.get_secret_value())
        except (AzureError, ValueError) as error:
            raise _vault_error("written", error) from None

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client:
            await client.close()

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


def _vault_error(done: str, error: Exception) -> AccessLost | Unavailable:
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError  # noqa: PLC0415  costs start-up time

    status = error.status_code if isinstance(error, HttpResponseError) else None
    answered = f"HTTP {status}" if status else type(error).__name__
    text = f"The refresh token in Key Vault cannot be {done} ({answered})."
    if status == HTTPStatus.NOT_FOUND and done == "read":
        return AccessLost("no-refresh-token", text, partner_wide=True, http_status=status, remedy=SIGN_IN)
    # The SDK raises ValueError where the vault asks for a token that is meant for somebody else.
    if isinstance(error, ClientAuthenticationError | ValueError) or status in FORBIDDEN:
        return AccessLost("refresh-token-secret", text, partner_wide=True, http_status=status, remedy=VAULT_ACCESS)
    return Unavailable("refresh-token-secret", text, http_status=status, remedy=WAIT)
