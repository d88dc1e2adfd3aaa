"""The managed identity's assertion, from an identity endpoint as Azure Functions has it."""

from collections.abc import AsyncIterator

import pytest

from qualification.domain.call_errors import AccessLost, Reaction, Unavailable
from qualification.partner_center.managed_identity import ManagedIdentityAssertion
from qualification.settings.connections import Identity
from qualification.settings.credential import AzureCredential
from tests.contract.identity.endpoint import ProxiedEndpoint, announced


@pytest.fixture
async def endpoint(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ProxiedEndpoint]:
    """The endpoint, announced in the environment as in a function app."""
    async with announced(monkeypatch) as endpoint:
        yield endpoint


@pytest.fixture
async def assertion(endpoint: ProxiedEndpoint) -> AsyncIterator[ManagedIdentityAssertion]:
    """The assertion of the system-assigned identity."""
    del endpoint
    async with AzureCredential(Identity(managed=True)) as credential:
        yield ManagedIdentityAssertion(credential)


async def test_the_identity_is_asked_for_a_token_exchange(
    endpoint: ProxiedEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """For the one audience that a federated credential accepts, and once while the assertion is good."""
    assert (await assertion()).get_secret_value() == "a.b.c"
    assert (await assertion()).get_secret_value() == "a.b.c"
    (query,) = endpoint.queries
    assert query["resource"] == "api://AzureADTokenExchange"
    assert "client_id" not in query


async def test_an_identity_that_was_assigned_by_name_is_asked_for_by_name(endpoint: ProxiedEndpoint) -> None:
    """A function app may have several."""
    async with AzureCredential(Identity(managed=True, client_id="11111111-2222-4333-8444-555555555555")) as credential:
        await ManagedIdentityAssertion(credential)()
    assert endpoint.queries[0]["client_id"] == "11111111-2222-4333-8444-555555555555"


async def test_a_missing_identity_needs_a_person(
    endpoint: ProxiedEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """The remedy says what to assign."""
    endpoint.status = 400
    with pytest.raises(AccessLost) as lost:
        await assertion()
    assert (lost.value.code, lost.value.http_status, lost.value.partner_wide) == ("managed-identity", 400, True)
    assert "No such identity." in lost.value.description
    assert "managed identity" in lost.value.remedy


async def test_an_identity_endpoint_that_talks_nonsense_is_asked_again_later(
    endpoint: ProxiedEndpoint, assertion: ManagedIdentityAssertion
) -> None:
    """The SDK stumbles over it with errors of its own. Nobody is told, and nothing waits for an hour."""
    del endpoint.answer["resource"]
    with pytest.raises(Unavailable) as failed:
        await assertion()
    assert failed.value.reaction is Reaction.LATER
