"""A bearer token goes to the configured host, over TLS that is verified, and nowhere else."""

import ast
import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.errors import ConfigurationError
from qualification.partner_center.answer import NoAnswer, NotSent
from qualification.partner_center.connection import Connection
from qualification.partner_center.sign_in import SignIn
from qualification.settings.app_settings import Settings
from sandbox.azure_services import Tls
from sandbox.azure_services.key_vault import HOST
from tests.contract.partner_center.wire_server import WireServer
from tests.security.app import App

ROOT = Path(__file__).parents[2]
PATIENCE = timedelta(seconds=10)
TOKEN = {"Authorization": "Bearer s3cret"}


@asynccontextmanager
async def servers(number: int) -> AsyncIterator[list[WireServer]]:
    """Servers that write exact bytes."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(WireServer().running()) for _ in range(number)]


@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent"]
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
async def test_a_redirect_is_not_followed(method: str, status: str) -> None:
    """It comes back as the answer it is; the place it names hears nothing, with or without the token."""
    async with servers(2) as (partner_center, elsewhere):
        partner_center.answers(b"", status=status, headers=f"Location: {elsewhere.url}/take\r\nRetry-After: 1\r\n")
        connection = Connection(partner_center.url, timeout=PATIENCE, max_connections=1)
        answer = await connection.exchange(method, "/v1/customers", TOKEN, b"{}" if method != "GET" else b"")
        await connection.close()
        assert answer.status == int(status[:3])
        assert len(partner_center.requests) == 1
        assert elsewhere.connections == 0


async def test_a_redirected_sign_in_sends_no_secret_elsewhere() -> None:
    """The client secret and the refresh token stay with the configured host, too."""
    async with servers(2) as (login, elsewhere):
        login.answers(b"", status="307 Temporary Redirect", headers=f"Location: {elsewhere.url}/token\r\n")
        sign_in = SignIn(
            login.url, "tenant", "client", SecretStr("s3cret"), clock=lambda: datetime.now(UTC), timeout=PATIENCE
        )
        with pytest.raises(PartnerCenterError):
            await sign_in.app_and_user(SecretStr("r3fresh"))
        await sign_in.close()
        assert elsewhere.connections == 0


@pytest.mark.parametrize(
    "place", ["http://[bad", "http://h:port/", "http://\u00e9\u00e9:99999/", "\t", "https:", "//", "/else where"]
)
async def test_a_redirect_to_nonsense_is_the_answer_it_is(place: str) -> None:
    """Httpx works out where it would go, although it does not go there; that must not look like no answer."""
    async with servers(1) as (partner_center,):
        partner_center.answers(b"", status="307 Temporary Redirect", headers=f"Location: {place}\r\n")
        connection = Connection(partner_center.url, timeout=PATIENCE, max_connections=1)
        answer = await connection.exchange("PUT", "/", TOKEN, b"3")
        await connection.close()
        assert answer.status == 307


@pytest.mark.parametrize("path", ["{}/take", "//{}/take", "@{}/take", ".{}/take", "/\\{}/take", "?{}", ""])
async def test_no_path_leads_elsewhere(path: str) -> None:
    """Whatever it looks like: it goes to the configured host or nowhere."""
    async with servers(2) as (partner_center, elsewhere):
        partner_center.answers(b"{}")
        connection = Connection(partner_center.url, timeout=PATIENCE, max_connections=1)
        for place in (elsewhere.url, elsewhere.url.removeprefix("http://")):
            with suppress(NotSent, NoAnswer):
                await connection.exchange("GET", path.format(place), TOKEN)
        await connection.close()
        assert elsewhere.connections == 0


async def test_no_path_names_the_port() -> None:
    """Where the origin leaves it to the scheme."""
    async with servers(1) as (elsewhere,):
        connection = Connection("http://127.0.0.1", timeout=PATIENCE, max_connections=1)
        with pytest.raises(NoAnswer, match="InvalidURL"):
            await connection.exchange("GET", elsewhere.url.removeprefix("http://127.0.0.1"), TOKEN)
        await connection.close()
        assert elsewhere.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_a_cookie_is_not_kept(host: str) -> None:
    """What one answer sets, the next request does not carry: httpx and aiohttp each have a jar of their own."""
    async with servers(1) as (partner_center,):
        partner_center.answers(b"{}", headers="Set-Cookie: session=1; Path=/\r\n")
        connection = Connection(partner_center.url.replace("127.0.0.1", host), timeout=PATIENCE, max_connections=1)
        for _ in range(2):
            await connection.exchange("GET", "/", TOKEN)
        await connection.close()
        assert all(b"cookie" not in request.lower() for request in partner_center.requests)


async def test_a_token_that_would_write_headers_is_not_sent() -> None:
    """A sign-in that answers a token with a line break in it does not get to write requests."""
    async with servers(1) as (partner_center,):
        partner_center.answers(b"{}")
        connection = Connection(partner_center.url, timeout=PATIENCE, max_connections=1)
        with pytest.raises(Exception, match=r".*") as refused:
            await connection.exchange("GET", "/", {"Authorization": "Bearer a\r\nX-Evil: 1"})
        await connection.close()
        assert type(refused.value).__name__ in {"NoAnswer", "NotSent"}
        assert not partner_center.requests


async def test_a_certificate_that_nobody_vouches_for_ends_the_call(tmp_path: Path) -> None:
    """The connection never comes about, and the server never hears of the token."""
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.close()

    context = Tls.of(HOST, tmp_path).server
    async with await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context) as server:
        port = server.sockets[0].getsockname()[1]
        connection = Connection(f"https://localhost:{port}", timeout=PATIENCE, max_connections=1)
        with pytest.raises(NotSent, match="Certificate"):
            await connection.exchange("GET", "/", TOKEN)
        await connection.close()
    assert not any(heard)


UNVERIFIED = {"verify", "connection_verify", "verify_ssl", "check_hostname", "verify_challenge_resource", "use_tls"}


def test_no_code_turns_verification_off() -> None:
    """Nowhere in what is deployed stands a switch for it."""
    for file in [*(ROOT / "qualification").rglob("*.py"), ROOT / "function_app.py"]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg in UNVERIFIED:
                assert not isinstance(node.value, ast.Constant), f"{file.name}:{node.value.lineno}"
            if isinstance(node, ast.Attribute):
                assert node.attr not in {"CERT_NONE", "_create_unverified_context", "check_hostname"}, file.name


UNSAFE: dict[str, list[str]] = {
    "PARTNER_CENTER_URL": ["http://api.partnercenter.microsoft.com", "http://127.0.0.1.evil.example", "ftp://h", "//h"],
    "PARTNER_CENTER_LOGIN_URL": [
        "http://login.example",
        "https://u:p@h",
        "https://:p@h",
        "https://h/path",
        "https://h?x",
    ],
    "PARTNER_CENTER_REFRESH_TOKEN": ["http://vault/secrets/x", "https://u@vault/secrets/x", "https://v/secrets/../x"],
    "ServiceBusConnection": [
        "Endpoint=sb://bus.example;SharedAccessKeyName=a;SharedAccessKey=b;UseDevelopmentEmulator=true",
        "Endpoint=sb://127.0.0.1.evil.example:5672;SharedAccessKeyName=a;SharedAccessKey=b;usedevelopmentemulator=TRUE;",
    ],
    "RecordStorage": [
        "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b",
        "AccountName=a;AccountKey=b;DefaultEndpointsProtocol=HTTP",
        "TableEndpoint=http://tables.example;AccountName=a;AccountKey=b",
    ],
    "RecordStorage__tableServiceUri": ["http://contoso.table.core.windows.net"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in UNSAFE.items() for value in values])
def test_a_setting_that_would_do_without_tls_is_refused(app: App, name: str, value: str) -> None:
    """At the start, by name and without the value; only this machine may be spoken to in clear."""
    settings = {other: text for other, text in app.settings.items() if not name.startswith(f"{other}__")}
    with pytest.raises(ConfigurationError) as refused:
        Settings.load(settings | {name: value})
    assert refused.value.faults.keys() == {name}
    assert value not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PARTNER_CENTER_URL", "https://api.partnercenter.microsoft.com:443/"),
        ("PARTNER_CENTER_URL", "http://[::1]:8071"),
        ("PARTNER_CENTER_LOGIN_URL", "http://localhost:8071"),
        ("ServiceBusConnection", "Endpoint=sb://c.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b"),
        ("RecordStorage", "UseDevelopmentStorage=true"),
        ("RecordStorage", "usedevelopmentstorage=True;"),
        ("RecordStorage", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b;EndpointSuffix=core.windows.net"),
        (
            "RecordStorage",
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=b;TableEndpoint=http://127.0.0.1:1/a;",
        ),
    ],
)
def test_what_is_safe_is_taken(app: App, name: str, value: str) -> None:
    """TLS, or this machine."""
    assert Settings.load(app.settings | {name: value}).queue
