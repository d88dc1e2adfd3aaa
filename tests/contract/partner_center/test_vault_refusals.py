"""What Key Vault refuses, and what a person is told to do about each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from azure.core.pipeline.transport import AioHttpTransport

from qualification.commands.sign_in import sign_in
from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.partner_center.sign_in import SignIn
from qualification.partner_center.token_store import KeyVaultTokenStore
from qualification.settings.connections import Identity
from qualification.settings.credential import AzureCredential
from sandbox.azure_services import KeyVault, Tls
from sandbox.azure_services.key_vault import CREATED, HOST
from sandbox.fault_proxy import Faults, HttpProxy, Mishap, Rule
from tests.contract.identity.endpoint import announced
from tests.contract.partner_center.key_vault import SECRET_URL, TOKEN, VaultCredential, reached_at

CALLS: dict[str, Callable[[KeyVaultTokenStore], Awaitable[object]]] = {
    "read": lambda store: store.read(),
    "write": lambda store: store.write(TOKEN),
}


@pytest.fixture
def key_vault() -> KeyVault:
    """A vault with one version of the secret."""
    vault = KeyVault()
    vault.versions.append("older")
    return vault


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("inner", "remedy"),
    [
        ("ForbiddenByFirewall", "az keyvault network-rule add --name contoso"),
        ("ForbiddenByConnection", "private links only"),
        ("ForbiddenByRbac", "Key Vault Secrets Officer"),
        ("AccessDenied", "az keyvault set-policy --name contoso"),
        (
            "SecretDisabled",
            "az keyvault secret set-attributes --vault-name contoso --name refresh-token --enabled true",
        ),
    ],
)
async def test_each_refusal_has_its_own_code_and_remedy(
    vault_store: KeyVaultTokenStore, key_vault: KeyVault, call: str, inner: str, remedy: str
) -> None:
    """A role that is given where a firewall is in the way mends nothing."""
    key_vault.status, key_vault.code, key_vault.inner = 403, "Forbidden", inner
    with pytest.raises(AccessLost) as lost:
        await CALLS[call](vault_store)
    assert (lost.value.code, lost.value.http_status, lost.value.partner_wide) == (inner, 403, True)
    assert remedy in lost.value.remedy
    assert inner in lost.value.description


@pytest.mark.parametrize("code", ["No code!", "x" * 65, ""])
async def test_what_is_no_code_is_not_repeated(vault_store: KeyVaultTokenStore, key_vault: KeyVault, code: str) -> None:
    """It becomes part of a cause, of alerts and of logs."""
    key_vault.status, key_vault.code = 403, code
    with pytest.raises(AccessLost) as lost:
        await vault_store.read()
    assert lost.value.code == "refresh-token-secret"


@pytest.mark.parametrize("call", CALLS)
async def test_a_deleted_secret_is_to_be_recovered_or_purged(
    vault_store: KeyVaultTokenStore, key_vault: KeyVault, call: str
) -> None:
    """Signing in alone does not help: a secret of its name cannot be made."""
    key_vault.deleted = True
    with pytest.raises(AccessLost) as lost:
        await CALLS[call](vault_store)
    assert lost.value.code == "ObjectIsDeletedButRecoverable"
    assert "az keyvault secret recover --vault-name contoso --name refresh-token" in lost.value.remedy
    assert "purge" in lost.value.remedy
    assert "python -m qualification sign-in" in lost.value.remedy


async def test_who_may_not_see_deleted_secrets_is_told_to_sign_in(
    vault_store: KeyVaultTokenStore, key_vault: KeyVault
) -> None:
    """The vault hides it; storing the token will say more."""
    key_vault.deleted, key_vault.shows_deleted = True, 403
    with pytest.raises(AccessLost) as lost:
        await vault_store.read()
    assert lost.value.code == "no-refresh-token"


@pytest.mark.parametrize("inner", ["ObjectIsBeingDeleted", "ObjectIsBeingRecovered"])
async def test_a_secret_on_its_way_is_asked_for_again_later(
    vault_store: KeyVaultTokenStore, key_vault: KeyVault, inner: str
) -> None:
    """It takes seconds; nobody need act."""
    key_vault.versions.clear()
    key_vault.shows_deleted, key_vault.inner = 409, inner
    with pytest.raises(Unavailable) as reading:
        await vault_store.read()
    key_vault.status, key_vault.code = 409, "Conflict"
    with pytest.raises(Unavailable) as writing:
        await vault_store.write(TOKEN)
    assert reading.value.code == writing.value.code == inner


async def test_a_token_is_as_old_as_its_version(vault_store: KeyVaultTokenStore, key_vault: KeyVault) -> None:
    """Whoever edits the tags of the secret does not renew the token."""
    key_vault.updated = CREATED + timedelta(days=86)
    assert (await vault_store.read()).stored_at == CREATED


@pytest.mark.parametrize(
    ("inner", "kind"),
    [("ForbiddenByRbac", AccessLost), ("ObjectIsDeletedButRecoverable", AccessLost), ("", Unavailable)],
)
async def test_nobody_signs_in_for_nothing(
    vault_store: KeyVaultTokenStore,
    key_vault: KeyVault,
    open_sign_in: Callable[..., SignIn],
    inner: str,
    kind: type[Exception],
) -> None:
    """Where the token could not be stored afterwards, the sign-in ends before it shows its URL."""
    key_vault.deleted = inner == "ObjectIsDeletedButRecoverable"
    if not key_vault.deleted:
        key_vault.status, key_vault.code, key_vault.inner = (403 if inner else 503), "Refused", inner
    shown: list[str] = []
    with pytest.raises(kind):
        await sign_in(open_sign_in(), vault_store, 0, shown.append)
    assert shown == []


@pytest.mark.parametrize(("status", "kind"), [(503, Unavailable), (403, AccessLost)])
async def test_without_a_token_for_the_vault_it_is_not_the_vault(
    transport: AioHttpTransport, monkeypatch: pytest.MonkeyPatch, status: int, kind: type[AccessLost | Unavailable]
) -> None:
    """The identity's endpoint has its own code, words and remedy, for reading and for writing."""
    async with announced(monkeypatch) as endpoint, AzureCredential(Identity(managed=True)) as credential:
        endpoint.status = status
        store = KeyVaultTokenStore(SECRET_URL, credential, transport=transport)
        for call in CALLS.values():
            with pytest.raises(kind) as failed:
                await call(store)
            assert (failed.value.code, failed.value.http_status) == ("managed-identity", status)
            assert "managed identity's endpoint" in failed.value.description
        await store.close()


@pytest.mark.parametrize("mishap", [mishap for mishap in Mishap if mishap is not Mishap.DELAY])
async def test_a_vault_that_answers_oddly_is_asked_again_later(
    key_vault: KeyVault, tmp_path: Path, mishap: Mishap
) -> None:
    """Answers lost or halved, 503 or a page of a gateway, with TLS terminated before the vault: no person's cause."""
    faults, tls = Faults([Rule(mishap, times=None)]), Tls.of(HOST, tmp_path)
    async with (
        key_vault.serving(tls),
        HttpProxy(
            f"https://127.0.0.1:{key_vault.port}", faults, certificate=tls.server, trust=tls.client, name=HOST
        ) as way,
        reached_at(way.port, tls) as through,
    ):
        store = KeyVaultTokenStore(SECRET_URL, VaultCredential(), transport=through)
        with pytest.raises(Unavailable):
            await store.read()
        faults.clear()
        assert (await store.read()).value.get_secret_value() == "older"
        await store.close()


async def test_many_tasks_at_once_on_a_fresh_store_are_all_answered(vault_store: KeyVaultTokenStore) -> None:
    """The client is opened by whichever comes first, and each task's challenge is its own."""
    tokens = await asyncio.gather(*(vault_store.read() for _ in range(20)))
    assert {token.value.get_secret_value() for token in tokens} == {"older"}
