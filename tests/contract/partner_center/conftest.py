"""A client of the simulator, with its sign-in; a store in a key vault."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from azure.core.pipeline.transport import AioHttpTransport
from pydantic import SecretStr

from qualification.partner_center.client import PartnerCenterClient
from qualification.partner_center.sign_in import ClientProof, SignIn
from qualification.partner_center.token_store import FileTokenStore, KeyVaultTokenStore
from qualification.partner_center.tokens import Tokens
from sandbox.azure_services import KeyVault
from sandbox.partner_center import PartnerCenterThread
from tests.contract.partner_center.clock import Clock
from tests.contract.partner_center.key_vault import SECRET_URL, VaultCredential, running
from tests.contract.partner_center.wire_server import WireServer

PATIENCE = timedelta(seconds=30)

type OpenClient = Callable[..., PartnerCenterClient]


@pytest.fixture
def clock() -> Clock:
    """The client's clock; the simulator has its own."""
    return Clock()


@pytest.fixture
def token_file(tmp_path: Path, partner_center: PartnerCenterThread) -> Path:
    """The file that holds the service account's refresh token."""
    path = tmp_path / "refresh-token"
    path.write_text(partner_center.refresh_token, encoding="utf-8")
    return path


@pytest.fixture
async def open_sign_in(partner_center: PartnerCenterThread, clock: Clock) -> AsyncIterator[Callable[..., SignIn]]:
    """Opens a sign-in, to the simulator if nothing else is said."""
    async with AsyncExitStack() as stack:

        def open_one(*, login_url: str = partner_center.login_url, proof: ClientProof | None = None) -> SignIn:
            sign_in = SignIn(
                login_url,
                partner_center.tenant_id,
                partner_center.client_id,
                proof or SecretStr(partner_center.client_secret),
                clock=clock,
                timeout=PATIENCE,
            )
            stack.push_async_callback(sign_in.close)
            return sign_in

        yield open_one


@pytest.fixture
def store(token_file: Path) -> FileTokenStore:
    """Where the refresh token is kept."""
    return FileTokenStore(token_file)


@pytest.fixture
def key_vault() -> KeyVault:
    """A vault without a secret yet."""
    return KeyVault()


@pytest.fixture
async def transport(key_vault: KeyVault, tmp_path: Path) -> AsyncIterator[AioHttpTransport]:
    """The way to the vault."""
    async with running(key_vault, tmp_path) as transport:
        yield transport


@pytest.fixture
async def vault_store(transport: AioHttpTransport) -> AsyncIterator[KeyVaultTokenStore]:
    """A store in that vault."""
    store = KeyVaultTokenStore(SECRET_URL, VaultCredential(), transport=transport)
    yield store
    await store.close()


@pytest.fixture
def tokens(open_sign_in: Callable[..., SignIn], store: FileTokenStore, clock: Clock) -> Tokens:
    """The tokens of the simulator's sign-in."""
    return Tokens(open_sign_in(), store, clock=clock)


@pytest.fixture
async def open_client(partner_center: PartnerCenterThread, tokens: Tokens, clock: Clock) -> AsyncIterator[OpenClient]:
    """Opens a client, of the simulator if nothing else is said."""
    async with AsyncExitStack() as stack:

        def open_one(
            url: str = partner_center.url,
            *,
            timeout: timedelta = PATIENCE,
            write_timeout: timedelta | None = None,
            max_concurrency: int = 64,
        ) -> PartnerCenterClient:
            client = PartnerCenterClient(
                url,
                tokens,
                clock=clock,
                timeout=timeout,
                write_timeout=write_timeout or timeout,
                max_concurrency=max_concurrency,
            )
            stack.push_async_callback(client.close)
            return client

        yield open_one


@pytest.fixture
def client(open_client: OpenClient) -> PartnerCenterClient:
    """A client of the simulator."""
    return open_client()


@pytest.fixture
def customer_id() -> UUID:
    """A customer that nothing is known of yet."""
    return uuid4()


@pytest.fixture
async def wire_server() -> AsyncIterator[WireServer]:
    """A server that writes exact bytes."""
    async with WireServer().running() as server:
        yield server
