"""A service whose settings are wrong does nothing, and says what to mend without showing a value."""

import json
import re
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from sandbox.crm import BUILDERS, crm_settings
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.problem_details import problem_of
from tests.e2e.service import EDUCATION, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World

MALFORMED = {
    "RecordStorage": "value-one",
    "PARTNER_CENTER_URL": "http://value-two.example/",
    "PARTNER_CENTER_REFRESH_TOKEN": "value-three",
    "PARTNER_CENTER_MAX_CONCURRENCY": "-4444",
    "REVIEW_FIRST": "value-five",
    "REVIEW_GROWTH": "value-six",
    "WEBHOOK_STANDARD_FIELDS": "value-seven",
}
MISSING = ("PARTNER_CENTER_TENANT_ID", "PARTNER_CENTER_CLIENT_SECRET")
NAMES = sorted([*MALFORMED, *MISSING])


@pytest.fixture(scope="module")
def misconfigured(world: World) -> Service:
    """A host that runs with settings of which nine are wrong, and has a hint on its queue."""
    service = world.service(without=MISSING, also=MALFORMED)
    hint = {"customerTenantId": str(uuid4()), "requestId": str(uuid4())}
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_sender(service.settings["QUALIFICATION_QUEUE"]) as sender,
    ):
        sender.send_messages(ServiceBusMessage(json.dumps(hint)))
    return service


def test_a_hint_is_given_back_as_done(misconfigured: Service) -> None:
    """Once; the timer repeats it when the settings are sound."""
    eventually(lambda: "hint_given_back" in misconfigured.log)


def test_health_names_each_wrong_setting(misconfigured: Service) -> None:
    """503, a word on each, and no value."""
    answer = misconfigured.call("GET", "/api/health", key=False)
    assert answer.status_code == 503
    assert answer.json()["status"] == "unhealthy"
    assert sorted(answer.json()["checks"]["settings"]) == NAMES
    assert "value-" not in answer.text
    assert "4444" not in answer.text


def test_every_call_is_answered_503(misconfigured: Service, world: World) -> None:
    """A problem that leads to the log, with a hint when to come back."""
    customer = Customer(world.partner_center)
    path = f"/api/customers/{customer.id}/qualifications"
    answers = [
        misconfigured.webhook(EDUCATION | {"customerTenantId": customer.id}),
        misconfigured.request(customer.id, EDUCATION),
        misconfigured.call("GET", path),
        misconfigured.call("GET", f"{path}/{customer.id}"),
    ]
    for answer in answers:
        problem_of(answer, 503, "service-misconfigured")
        assert int(answer.headers["retry-after"]) > 0
        assert "value-" not in answer.text


def test_the_timer_fails_with_one_message_that_names_all(misconfigured: Service) -> None:
    """In the log of each failure."""
    begin = re.compile(
        rf"advance_requests failed in .*?{len(NAMES)} app setting\(s\) need attention:\n((?:  \w+: .+\n)+)"
    )
    (block, *_) = eventually(lambda: begin.findall(misconfigured.log))
    assert re.findall(r"^  (\w+): ", block, re.MULTILINE) == NAMES


def test_the_log_shows_no_value(misconfigured: Service) -> None:
    """Any value may be a secret in the wrong place."""
    misconfigured.call("GET", "/api/customers/x/qualifications")
    eventually(lambda: "advance_requests failed" in misconfigured.log)
    assert "value-" not in misconfigured.log
    assert "4444" not in misconfigured.log


def test_a_secret_that_is_no_base64_is_named_and_not_shown(world: World) -> None:
    """The one setting that only its CRM's module can judge."""
    service = world.service(WEBHOOK_STANDARD_SECRETS="whsec_%%%not-base64%%%")
    answer = service.call("GET", "/api/health", key=False)
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert list(answer.json()["checks"]["sources"]) == ["WEBHOOK_STANDARD_SECRETS"]
    assert "not-base64" not in answer.text + service.log


def test_a_closed_source_stops_nothing_else(world: World, customer: Customer, events: Subscriber) -> None:
    """Timer, queue and the other sources go on; the log, and an event, say which is closed."""
    service = world.service(WEBHOOK_HUBSPOT_SECRETS="@Microsoft.KeyVault(VaultName=contoso;SecretName=hubspot)")
    call = BUILDERS["hubspot"]({"customerTenantId": customer.id, **EDUCATION}, service.settings | crm_settings(), None)
    problem_of(service.call("POST", call.path, call.body, call.headers, key=False), 503, "source-misconfigured")
    assert service.webhook(EDUCATION | {"customerTenantId": customer.id}).status_code == 202
    events.hears(customer.id, "InReview", "Approved")
    partner = service.settings["PARTNER_CENTER_TENANT_ID"]
    eventually(lambda: "source-misconfigured" in events.news(partner))
    assert "WEBHOOK_HUBSPOT_SECRETS" in service.log
