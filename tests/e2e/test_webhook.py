"""A webhook is believed only if one of the secrets signed it, a moment ago."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from qualification.webhooks.standard.sample import signed
from sandbox.service_settings import webhook_secret
from tests.e2e.customer import Customer
from tests.e2e.problem_details import problem_of
from tests.e2e.service import STATE_OWNED, Service
from tests.e2e.world import World

PATH = "/api/webhooks/standard"
HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")


@pytest.fixture
def content(customer: Customer) -> dict[str, str]:
    """What would be accepted if it were signed."""
    return STATE_OWNED | {"customerTenantId": customer.id}


def refused(service: Service, customer: Customer, body: bytes, headers: dict[str, str]) -> None:
    """Send it; it must be answered 401, with nothing stored."""
    problem_of(service.call("POST", PATH, body, headers, key=False), 401, "sender-not-proven")
    assert service.list(customer.id) == []


@pytest.mark.parametrize("name", HEADERS)
def test_each_signature_header_is_needed(
    service: Service, customer: Customer, content: dict[str, str], name: str
) -> None:
    """Without one of the three nobody is proven."""
    body, headers = signed(content, service.secret)
    del headers[name]
    refused(service, customer, body, headers)


def test_another_secret_proves_nothing(service: Service, customer: Customer, content: dict[str, str]) -> None:
    """A forged signature."""
    refused(service, customer, *signed(content, webhook_secret()))


def test_the_signature_covers_the_bytes_of_the_body(
    service: Service, customer: Customer, content: dict[str, str]
) -> None:
    """One more space and it is another body."""
    body, headers = signed(content, service.secret)
    refused(service, customer, body + b" ", headers)


def test_the_signature_covers_the_event_id(service: Service, customer: Customer, content: dict[str, str]) -> None:
    """A copied signature under another id."""
    body, headers = signed(content, service.secret)
    refused(service, customer, body, headers | {"webhook-id": "evt_other"})


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_stale_or_future_signature_proves_nothing(
    service: Service, customer: Customer, content: dict[str, str], minutes: int
) -> None:
    """Five minutes either way are the tolerance of Standard Webhooks."""
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    refused(service, customer, *signed(content, service.secret, at=at))


@pytest.mark.parametrize("minutes", [-4, 4])
def test_clocks_may_differ_by_a_few_minutes(service: Service, content: dict[str, str], minutes: int) -> None:
    """Within the tolerance it is taken."""
    body, headers = signed(content, service.secret, at=datetime.now(UTC) + timedelta(minutes=minutes))
    assert service.call("POST", PATH, body, headers, key=False).status_code == 202


@pytest.mark.parametrize("value", ["", "v1", "v1,", "v1,%%%", "v9,AAAA", "nonsense", "v1,\u00e4"])
def test_a_malformed_signature_proves_nothing(
    service: Service, customer: Customer, content: dict[str, str], value: str
) -> None:
    """Whatever stands there, the answer is 401 and not an error of ours."""
    body, headers = signed(content, service.secret)
    refused(service, customer, body, headers | {"webhook-signature": value})


@pytest.mark.parametrize("value", ["", "yesterday", "1e9", "-1", "9" * 30])
def test_a_malformed_timestamp_proves_nothing(
    service: Service, customer: Customer, content: dict[str, str], value: str
) -> None:
    """The same for the time."""
    body, headers = signed(content, service.secret)
    refused(service, customer, body, headers | {"webhook-timestamp": value})


def test_a_body_that_is_not_utf_8_proves_nothing(service: Service) -> None:
    """The scheme signs text."""
    _, headers = signed({}, service.secret)
    answer = service.call("POST", PATH, b"\xff\xfe", headers, key=False)
    problem_of(answer, 401, "sender-not-proven")


def test_one_good_signature_among_several_is_enough(service: Service, content: dict[str, str]) -> None:
    """A sender that rotates its secret signs with both."""
    body, headers = signed(content, service.secret)
    _, forged = signed(content, webhook_secret(), event_id=headers["webhook-id"])
    both = f"{forged['webhook-signature']} {headers['webhook-signature']}"
    answer = service.call("POST", PATH, body, headers | {"webhook-signature": both}, key=False)
    assert answer.status_code == 202


def test_while_secrets_are_rotated_each_of_them_is_good(world: World, customer: Customer) -> None:
    """WEBHOOK_STANDARD_SECRETS takes several; fields may be mapped from the CRM's own names."""
    older, newer = webhook_secret(), webhook_secret()
    world.secrets |= {older, newer}
    fields = json.dumps({"customerTenantId": "data.account.tenant", "qualification": "data.kind"})
    service = world.service(WEBHOOK_STANDARD_SECRETS=f"{older}, {newer}", WEBHOOK_STANDARD_FIELDS=fields)
    content = {"event": "x", "data": {"account": {"tenant": customer.id}, "kind": "StateOwnedEntity"}}
    for secret in (older, newer):
        assert service.webhook(content, secret=secret).status_code == 202
    problem_of(service.webhook(content), 401, "sender-not-proven")


def test_an_unknown_source_is_not_found(service: Service, content: dict[str, str]) -> None:
    """404, however well it is signed."""
    body, headers = signed(content, service.secret)
    answer = service.call("POST", f"/api/webhooks/{uuid4().hex}", body, headers, key=False)
    problem_of(answer, 404, "unknown-source")


def test_a_source_without_a_secret_stays_closed(world: World, customer: Customer) -> None:
    """503 and a hint when to come back; the API is not concerned."""
    service = world.service(without=("WEBHOOK_STANDARD_SECRETS",))
    answer = service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    problem_of(answer, 503, "source-not-configured")
    assert int(answer.headers["retry-after"]) > 0
    assert service.list(customer.id) == []
    assert service.request(customer.id, STATE_OWNED).status_code == 202
