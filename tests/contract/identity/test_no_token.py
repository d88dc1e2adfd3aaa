"""What an identity endpoint may answer, and what it means to the store, the bus and the sign-in alike."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.domain.errors import BusUnavailable, StoreUnavailable
from qualification.partner_center.managed_identity import ManagedIdentityAssertion
from qualification.service_bus.bus import ServiceBus
from qualification.settings.connections import Identity
from qualification.settings.credential import Credentials
from qualification.settings.no_token import NoToken
from qualification.stores.tables import TableRows
from sandbox.fault_proxy import Mishap, Rule
from tests.contract.identity.conftest import MANAGED
from tests.contract.identity.endpoint import ProxiedEndpoint

SCOPE = "https://storage.azure.com/.default"
BUS = Identity(endpoint="namespace.servicebus.windows.net", managed=True)
PAGE = "<html><body>The site is starting.</body></html>"
GIVER = "managed identity's endpoint"

STARTING = {
    "408": (408, ""),
    "410": (410, ""),
    "429": (429, ""),
    "500": (500, ""),
    "503": (503, ""),
    "a page": (200, PAGE),
    "a page with 503": (503, PAGE),
    "a page with 403": (403, PAGE),
}
ODD = {
    "a date": {"expires_on": "2026-11-27T10:00:00Z"},
    "no resource": {"resource": None},
    "a list": {"expires_on": [1]},
    "no token": {"access_token": None},
    "a number for a token": {"access_token": 7},
}


async def _refused(credentials: Credentials) -> NoToken:
    with pytest.raises(NoToken) as failed:
        await credentials.of(MANAGED).get_token(SCOPE)
    return failed.value


@pytest.mark.parametrize(("status", "page"), STARTING.values(), ids=STARTING)
async def test_while_it_starts_it_passes(
    endpoint: ProxiedEndpoint, credentials: Credentials, status: int, page: str
) -> None:
    """Nobody need act; the words say who did not answer, and how. A moment later there is a token."""
    endpoint.status, endpoint.page = status, page
    error = await _refused(credentials)
    assert error.passing
    assert GIVER in str(error)
    assert f"HTTP {status}" in str(error)
    assert "storage.azure.com" in str(error)
    endpoint.status, endpoint.page = 200, ""
    assert (await credentials.of(MANAGED).get_token(SCOPE)).token == "a.b.c"


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_what_it_refuses_by_itself_takes_a_person(
    endpoint: ProxiedEndpoint, credentials: Credentials, status: int
) -> None:
    """With its own words."""
    endpoint.status = status
    error = await _refused(credentials)
    assert not error.passing
    assert "No such identity." in str(error)
    assert "Assign the managed identity" in error.remedy


@pytest.mark.parametrize("members", ODD.values(), ids=ODD)
async def test_odd_members_pass(
    endpoint: ProxiedEndpoint, credentials: Credentials, members: dict[str, object]
) -> None:
    """The SDK stumbles over them with ValueError, KeyError and TypeError; no token gets into the words."""
    endpoint.answer = {name: value for name, value in {**endpoint.answer, **members}.items() if value is not None}
    error = await _refused(credentials)
    assert error.passing
    assert GIVER in str(error)
    assert "a.b.c" not in str(error) + repr(error.__cause__) + repr(error.__context__)


@pytest.mark.parametrize("mishap", [Mishap.RESET, Mishap.LOSE_ANSWER, Mishap.HALF, Mishap.UNAVAILABLE, Mishap.HTML])
async def test_whatever_happens_on_the_way_passes(
    endpoint: ProxiedEndpoint, credentials: Credentials, mishap: Mishap
) -> None:
    """As while it starts."""
    endpoint.faults.add(Rule(mishap, times=None))
    assert (await _refused(credentials)).passing


async def test_where_there_is_no_identity_a_person_is_needed(
    monkeypatch: pytest.MonkeyPatch, credentials: Credentials
) -> None:
    """A function app without one has no endpoint; what stands for the last resort of Azure's machines answers 404."""
    monkeypatch.delenv("IDENTITY_ENDPOINT", raising=False)
    monkeypatch.setenv("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:1")
    error = await _refused(credentials)
    assert not error.passing
    assert "there is no managed identity here" in str(error)


async def test_tasks_that_ask_at_once_share_a_question(endpoint: ProxiedEndpoint, credentials: Credentials) -> None:
    """Twenty tasks, one request; one that stops waiting disturbs no other."""
    endpoint.faults.add(Rule(Mishap.DELAY, seconds=0.2))
    endpoint.answer["resource"] = "https://storage.azure.com"

    async def ask(patience: float) -> str:
        async with asyncio.timeout(patience):
            return (await credentials.of(MANAGED).get_token(SCOPE)).token

    asked = [asyncio.create_task(ask(0.05)), *(asyncio.create_task(ask(20)) for _ in range(20))]
    outcomes = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(outcomes[0], TimeoutError)
    assert outcomes[1:] == ["a.b.c"] * 20
    assert (await credentials.of(MANAGED).get_token(SCOPE)).token == "a.b.c"
    assert len(endpoint.queries) == 1


async def _store(credentials: Credentials) -> None:
    rows = TableRows.from_endpoint(MANAGED.endpoint, credentials.of(MANAGED))
    try:
        await rows.get("shard", "key")
    finally:
        await rows.close()


async def _bus(credentials: Credentials) -> None:
    bus = ServiceBus(BUS, "queue", "topic", credentials)
    try:
        await bus.ping()
    finally:
        await bus.close()


async def _assertion(credentials: Credentials) -> None:
    await ManagedIdentityAssertion(credentials.of(MANAGED))()


@pytest.mark.parametrize(
    ("use", "kind"),
    [(_store, StoreUnavailable), (_bus, BusUnavailable), (_assertion, Unavailable)],
)
async def test_everybody_who_needs_a_token_says_who_gave_none(
    endpoint: ProxiedEndpoint,
    credentials: Credentials,
    use: Callable[[Credentials], Awaitable[None]],
    kind: type[Exception],
) -> None:
    """The store does not say that table storage answered 500."""
    endpoint.status = 500
    with pytest.raises(kind, match=f"{GIVER} answered HTTP 500"):
        await use(credentials)
    assert len(endpoint.queries) == 1


@pytest.mark.parametrize(
    ("use", "kind"), [(_store, StoreUnavailable), (_bus, BusUnavailable), (_assertion, AccessLost)]
)
async def test_everybody_who_needs_a_token_says_that_there_is_no_identity(
    endpoint: ProxiedEndpoint,
    credentials: Credentials,
    use: Callable[[Credentials], Awaitable[None]],
    kind: type[Exception],
) -> None:
    """Only Partner Center's own sign-in makes a cause of it; records and events wait for the store and the bus."""
    endpoint.status = 403
    with pytest.raises(kind, match="No such identity"):
        await use(credentials)
