"""The refresh token in a file and in Key Vault."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from azure.core.pipeline.transport import AioHttpTransport
from pydantic import SecretStr

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.partner_center.token_store import FileTokenStore, KeyVaultTokenStore
from sandbox.azure_services import KeyVault
from sandbox.azure_services.key_vault import CREATED
from tests.contract.partner_center.key_vault import SECRET_URL, TOKEN, VaultCredential


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the file store keeps the token."""
    return tmp_path / "refresh-token"


@pytest.fixture
def file_store(file: Path) -> FileTokenStore:
    """A store without a token yet."""
    return FileTokenStore(file)


async def test_a_file_gives_back_what_was_written_last(file_store: FileTokenStore) -> None:
    """With the time it was written."""
    before = datetime.now(UTC).replace(microsecond=0)
    await file_store.write(SecretStr("older"))
    await file_store.write(TOKEN)
    stored = await file_store.read()
    assert stored.value == TOKEN
    assert before <= stored.stored_at <= datetime.now(UTC)


async def test_a_file_is_for_its_owner_only(file_store: FileTokenStore, file: Path) -> None:
    """And no draft of it stays behind."""
    await file_store.write(TOKEN)
    assert stat.S_IMODE(os.stat(file).st_mode) == 0o600  # noqa: PTH116  Path.stat would need a thread here
    assert os.listdir(file.parent) == ["refresh-token"]  # noqa: PTH208  same
    await file_store.close()


async def test_a_token_put_there_by_hand_may_end_with_a_newline(file_store: FileTokenStore) -> None:
    """As an editor or echo leaves it."""
    await file_store.write(SecretStr("1.abc\n"))
    assert (await file_store.read()).value.get_secret_value() == "1.abc"


async def test_a_missing_or_empty_file_asks_for_a_sign_in(file_store: FileTokenStore) -> None:
    """It says how, and where the file is expected."""
    with pytest.raises(AccessLost) as missing:
        await file_store.read()
    await file_store.write(SecretStr(" \n"))
    with pytest.raises(AccessLost) as empty:
        await file_store.read()
    for lost in (missing, empty):
        assert (lost.value.code, lost.value.partner_wide) == ("no-refresh-token", True)
        assert "python -m qualification sign-in" in lost.value.remedy
        assert "refresh-token" in lost.value.description


async def test_a_file_that_cannot_be_read_or_written_says_why(tmp_path: Path) -> None:
    """A folder in its place, a folder that does not exist: the same error, the system's own reason."""
    with pytest.raises(AccessLost, match="Is a directory"):
        await FileTokenStore(tmp_path).read()
    with pytest.raises(AccessLost, match="No such file or directory"):
        await FileTokenStore(tmp_path / "nowhere" / "token").write(TOKEN)


async def test_a_write_that_fails_leaves_the_older_token(tmp_path: Path) -> None:
    """Nothing half-written, no draft."""
    target = tmp_path / "refresh-token"
    (target / "in-the-way").mkdir(parents=True)
    with pytest.raises(AccessLost):
        await FileTokenStore(target).write(TOKEN)
    assert os.listdir(tmp_path) == ["refresh-token"]  # noqa: PTH208  Path.iterdir would need a thread here


async def test_key_vault_gives_back_the_newest_version(transport: AioHttpTransport, key_vault: KeyVault) -> None:
    """With the time the vault says it was made, and after the challenge that every vault begins with."""
    credential = VaultCredential()
    store = KeyVaultTokenStore(SECRET_URL, credential, transport=transport)
    await store.write(SecretStr("older"))
    await store.write(TOKEN)
    stored = await store.read()
    await store.close()
    assert (stored.value, stored.stored_at) == (TOKEN, CREATED)
    assert key_vault.versions == ["older", TOKEN.get_secret_value()]
    assert set(credential.scopes) == {"https://vault.azure.net/.default"}


async def test_a_missing_secret_asks_for_a_sign_in(vault_store: KeyVaultTokenStore) -> None:
    """As a missing file does."""
    with pytest.raises(AccessLost) as lost:
        await vault_store.read()
    assert (lost.value.code, lost.value.http_status) == ("no-refresh-token", 404)
    assert "python -m qualification sign-in" in lost.value.remedy


@pytest.mark.parametrize(
    ("status", "kind"), [(403, AccessLost), (400, Unavailable), (409, Unavailable), (404, AccessLost)]
)
async def test_a_refusal_of_key_vault_names_the_role_and_a_mishap_passes(
    vault_store: KeyVaultTokenStore, key_vault: KeyVault, status: int, kind: type[AccessLost | Unavailable]
) -> None:
    """For writing as for reading."""
    key_vault.status = status
    with pytest.raises(kind) as failed:
        await vault_store.write(TOKEN)
    assert failed.value.http_status == status
    assert ("Key Vault Secrets Officer" in failed.value.remedy) is (kind is AccessLost)


async def test_a_vault_that_asks_for_somebody_elses_token_gets_none(
    transport: AioHttpTransport, key_vault: KeyVault
) -> None:
    """The SDK checks whom the token is for."""
    key_vault.audience = "management.azure.com"
    credential = VaultCredential()
    store = KeyVaultTokenStore(SECRET_URL, credential, transport=transport)
    with pytest.raises(AccessLost):
        await store.read()
    await store.close()
    assert "https://management.azure.com/.default" not in credential.scopes


@pytest.mark.parametrize(
    "url",
    [
        "http://contoso.vault.azure.net/secrets/refresh-token",
        "https://contoso.vault.azure.net/secrets/refresh-token/0123456789abcdef",
        "https://contoso.vault.azure.net/secrets/",
        "https://contoso.vault.azure.net/secrets/a_b",
        "https://contoso.vault.azure.net/keys/refresh-token",
        "https://contoso.vault.azure.net/secrets/refresh-token?x=1",
        "https://user@contoso.vault.azure.net/secrets/refresh-token",
        "https:///secrets/refresh-token",
        "refresh-token",
    ],
)
def test_only_the_url_of_a_secret_without_a_version_is_taken(url: str) -> None:
    """A version would pin the first token, and die with it."""
    with pytest.raises(ValueError, match="without a version"):
        KeyVaultTokenStore(url, VaultCredential())


async def test_a_token_store_that_was_never_used_closes(transport: AioHttpTransport) -> None:
    """Nothing is opened before the first call."""
    await KeyVaultTokenStore(SECRET_URL, VaultCredential(), transport=transport).close()
