"""The managed identity's assertion, from an identity endpoint as Azure Functions has it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp import web

from qualification.domain.call_errors import AccessLost, Unavailable
from qualification.partner_center.managed_identity import ManagedIdentityAssertion


class IdentityEndpoint:
    """Gives an assertion to whoever shows the secret header ("How to use managed identities for App Service")."""

    def __init__(self) -> None:
        self.queries: list[dict[str, str]] = []
        self.status = 200
        self.answer = {"access_token": "a.b.c", "token_type": "Bearer", "resource": "api://AzureADTokenExchange"}

    async def serve(self, request: web.Request) -> web.Response:
        """Answer a token request."""
        self.queries.append(dict(request.query))
        if self.status != 200 or request.headers.get("X-IDENTITY-HEADER") != "shown":
            return web.json_response({"statusCode": self.status, "message": "No such identity."}, status=self.status)
        expires = str(int(datetime.now(UTC).timestamp()) + 3600)
        return web.json_response({**self.answer, "expires_on": expires})


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[IdentityEndpoint]:
    """The endpoint, announced in the environment as in a function app."""
    served = IdentityEndpoint()
    application = web.Application()
    application.router.add_get("/msi/token", served.serve)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://127.0.0.1:{runner.addresses[0][1]}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "shown")
    yield served
    await runner.cleanup()


@pytest.fixture
async def assertion(endpoint: IdentityEndpoint) -> AsyncIterator[ManagedIdentityAssertion]:
    """The assertion of the system-assigned identity."""
    del endpoint
    assertion = ManagedIdentityAssertion()
    yield assertion
    await assertion.close()


async def test_the_identity_is_asked_for_a_token_exchange(
    endpoint: IdentityEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """For the one audience that a federated credential accepts, and once while the assertion is good."""
    assert (await assertion()).get_secret_value() == "a.b.c"
    assert (await assertion()).get_secret_value() == "a.b.c"
    (query,) = endpoint.queries
    assert query["resource"] == "api://AzureADTokenExchange"
    assert "client_id" not in query


async def test_an_identity_that_was_assigned_by_name_is_asked_for_by_name(endpoint: IdentityEndpoint) -> None:
    """A function app may have several."""
    assertion = ManagedIdentityAssertion("11111111-2222-4333-8444-555555555555")
    await assertion()
    await assertion.close()
    assert endpoint.queries[0]["client_id"] == "11111111-2222-4333-8444-555555555555"


async def test_a_missing_identity_needs_a_person(
    endpoint: IdentityEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """The remedy says what to assign."""
    endpoint.status = 400
    with pytest.raises(AccessLost) as lost:
        await assertion()
    assert lost.value.partner_wide
    assert "managed identity" in lost.value.remedy


async def test_an_identity_endpoint_that_talks_nonsense_is_asked_again_later(
    endpoint: IdentityEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """The SDK stumbles over it with errors of its own."""
    del endpoint.answer["resource"]
    with pytest.raises(Unavailable):
        await assertion()
