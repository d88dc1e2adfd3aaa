"""No secret leaves the service, in whatever else the session has done: this module runs last."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from sandbox.partner_center import PartnerCenter
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import SUBSCRIPTIONS
from tests.e2e.world import World

JWT = "eyJ0eXAi"
"""How every access token of the simulator begins."""


def known_to(state: PartnerCenter) -> set[str]:
    """What Partner Center and its sign-in know and nobody else may see."""
    tokens = state.sign_in.tokens
    return {code.validation_id for code in state.customers.codes} | set(tokens._refresh) | set(tokens._access)


@pytest.fixture(scope="module")
def secrets(world: World, service: Service) -> set[str]:
    """Everything that must be nowhere, after requests that used all of it."""
    code = f"OWN-{uuid4().hex}"
    for mode in ("asynchronous", "synchronous"):
        customer = Customer(world.partner_center)
        accepted = service.request(customer.id, GOVERNMENT | {"validationCode": code, "mode": mode})
        service.reaches(accepted, "Failed")
    customer = Customer(world.partner_center)
    service.reaches(service.webhook(EDUCATION | {"customerTenantId": customer.id}), "Approved")
    world.subscriber.hears(customer.id, "InReview", "Approved")
    key = dict(part.split("=", 1) for part in world.broker.connection_string.strip(";").split(";"))["SharedAccessKey"]
    found = world.secrets | {code, key, JWT}
    for simulator in world.simulators:
        found |= simulator.run(known_to)
    return found


def evidence(world: World) -> Iterator[tuple[str, str]]:
    """Where something is written, and what."""
    for service in world.services:
        yield f"the log of {service.folder.name}", service.log
        for letter in world.dead_letters(service):
            yield f"a dead letter of {service.folder.name}", letter
    for subscription in SUBSCRIPTIONS:
        for event in world.subscriber.received(subscription=subscription):
            yield f"event {event.message_id}", f"{event.text}{dict(event.properties)}"
    for answer in world.answers:
        yield f"the answer to {answer.request.method} {answer.request.url.path}", f"{answer.headers}{answer.text}"


@pytest.fixture(scope="module")
def written(world: World, secrets: set[str]) -> list[tuple[str, str]]:
    """All evidence of the session, gathered after the requests that used every secret."""
    assert secrets
    return list(evidence(world))


def test_there_is_something_to_look_at(written: list[tuple[str, str]]) -> None:
    """Logs, events and answers: a search of nothing would prove nothing."""
    text = "".join(what for _, what in written)
    assert "submit_request succeeded" in text
    assert "qualification.status-changed.v1" in text
    assert "/api/customers/" in text


def test_no_secret_is_in_any_log_event_answer_or_dead_letter(secrets: set[str], written: list[tuple[str, str]]) -> None:
    """Webhook secrets, client secrets, refresh and access tokens, validation codes, the shared access key."""
    assert all(len(secret) >= len(JWT) for secret in secrets)
    assert [(where, secret[:8]) for where, what in written for secret in secrets if secret in what] == []


def test_the_keys_of_the_host_are_not_written_down(world: World, written: list[tuple[str, str]]) -> None:
    """Function key and master key open everything."""
    keys = {key for service in world.services for key in service.keys}
    assert all(keys)
    assert [where for where, what in written for key in keys if key in what] == []
