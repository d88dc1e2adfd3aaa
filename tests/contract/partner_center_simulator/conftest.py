"""A client of the simulator for each kind of caller."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from sandbox.partner_center import PartnerCenterThread

DEFAULT_SCOPE = "https://api.partnercenter.microsoft.com/.default"


def _client(running: PartnerCenterThread) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url, timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture(scope="session")
def _anyone(running_partner_center: PartnerCenterThread) -> Iterator[httpx.Client]:
    yield from _client(running_partner_center)


@pytest.fixture(scope="session")
def _app(running_partner_center: PartnerCenterThread) -> Iterator[httpx.Client]:
    yield from _client(running_partner_center)


@pytest.fixture(scope="session")
def _user(running_partner_center: PartnerCenterThread) -> Iterator[httpx.Client]:
    yield from _client(running_partner_center)


@pytest.fixture
def credentials(partner_center: PartnerCenterThread) -> dict[str, str]:
    """The form fields by which the client proves itself, and the usual scope."""
    return {
        "client_id": partner_center.client_id,
        "client_secret": partner_center.client_secret,
        "scope": DEFAULT_SCOPE,
    }


@pytest.fixture
def anyone(partner_center: PartnerCenterThread, _anyone: httpx.Client) -> httpx.Client:  # noqa: ARG001  resets first
    """A client without a token."""
    return _anyone


@pytest.fixture
def token_path(partner_center: PartnerCenterThread) -> str:
    """The path of the v2 token endpoint."""
    return f"/{partner_center.tenant_id}/oauth2/v2.0/token"


@pytest.fixture
def app(_app: httpx.Client, token_path: str, credentials: dict[str, str]) -> httpx.Client:
    """A client with an App-only token."""
    answer = _app.post(
        token_path, data={**credentials, "grant_type": "client_credentials"}, headers={"Authorization": ""}
    )
    _app.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return _app


@pytest.fixture
def user(
    _user: httpx.Client, partner_center: PartnerCenterThread, token_path: str, credentials: dict[str, str]
) -> httpx.Client:
    """A client with an App+User token."""
    form = {**credentials, "grant_type": "refresh_token", "refresh_token": partner_center.refresh_token}
    answer = _user.post(token_path, data=form, headers={"Authorization": ""})
    _user.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return _user


@pytest.fixture
def customer() -> str:
    """A customer that nothing is known of yet."""
    return str(uuid4())


@pytest.fixture
def qualifications(customer: str) -> str:
    """The path of the customer's qualifications."""
    return f"/v1/customers/{customer}/qualifications"


@pytest.fixture
def qualification(customer: str) -> str:
    """The path of the customer's qualification in the synchronous API."""
    return f"/v1/customers/{customer}/qualification"
