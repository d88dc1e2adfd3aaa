"""A sender that cannot sign shows a secret of `standard` in a header, where WEBHOOK_STANDARD_HEADER allows it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from qualification.domain.errors import ConfigurationError, SenderNotProven
from qualification.settings.environment import load
from qualification.webhooks.sample import Call
from qualification.webhooks.source import Delivery
from qualification.webhooks.standard.sample import new_secret, signed
from qualification.webhooks.standard.settings import StandardSettings
from qualification.webhooks.standard.source import Standard
from tests.unit.builders import NOW
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER, OTHER_CUSTOMER, body

SECRET, OTHER = new_secret(), new_secret()
CITY = {"customerTenantId": CUSTOMER, "qualification": "GovernmentCommunityCloud"}


def source(**settings: str) -> Standard:
    """With two secrets, and a header unless another one is asked for."""
    environment = {"WEBHOOK_STANDARD_SECRETS": f"{SECRET},{OTHER}", "WEBHOOK_STANDARD_HEADER": "X-API-Key", **settings}
    return Standard(load(StandardSettings, environment))


def shown(content: Mapping[str, Any] = CITY, **headers: str) -> Delivery:
    """A call that is not signed; underscores in the names of headers stand for hyphens."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Delivery("https://x.example/api", names, json.dumps(content).encode(), NOW)


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_a_secret_in_the_header_proves_the_sender(secret: str) -> None:
    """Each, while one is rotated."""
    source().prove(shown(x_api_key=secret))


@pytest.mark.parametrize(
    "value", ["", "wrong", SECRET[:-1], f"{SECRET} ", f"{SECRET}, {SECRET}", SECRET.removeprefix("whsec_"), "\udcff"]
)
def test_anything_else_in_the_header_proves_nothing(value: str) -> None:
    """An empty one, half of one, two at once; and the refusal shows none of it."""
    with pytest.raises(SenderNotProven) as refused:
        source().prove(shown(x_api_key=value))
    assert not value or value not in str(refused.value)


def test_by_default_no_header_proves_anybody() -> None:
    """Nor does another header than the one that is set, or a parameter of the URL."""
    closed = source(WEBHOOK_STANDARD_HEADER="")
    for header in ("x-api-key", "x-webhook-secret", ""):
        with pytest.raises(SenderNotProven):
            closed.prove(Delivery("https://x.example/api", {header: SECRET}, b"{}", NOW))
    with pytest.raises(SenderNotProven):
        source().prove(shown(x_webhook_secret=SECRET))
    with pytest.raises(SenderNotProven):
        source().prove(Delivery(f"https://x.example/api?code={SECRET}", {}, b"{}", NOW))


def test_a_call_that_is_signed_is_judged_by_its_signature() -> None:
    """A stale or forged one is not made good by the header."""
    body, headers = signed(CITY, SECRET)
    source().prove(Delivery("https://x.example/api", headers, body, NOW))
    forged = Delivery("https://x.example/api", headers | {"x-api-key": SECRET}, body + b" ", NOW)
    with pytest.raises(SenderNotProven):
        source().prove(forged)


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "Proxy-Authorization", "Cookie", "Host", "x-functions-key", "code"),
        *("webhook-id", "webhook-signature", "svix-id", "content-type", "X-MS-CLIENT-PRINCIPAL", "x-forwarded-for"),
        *("x-arr-clientcert", "with blank", "ünicode", "x" * 65, "x:y", "-"),
    ],
)
def test_a_header_that_somebody_else_uses_is_refused_at_start(name: str) -> None:
    """By the name of the setting."""
    with pytest.raises(ConfigurationError) as refused:
        source(WEBHOOK_STANDARD_HEADER=name)
    assert refused.value.faults.keys() == {"WEBHOOK_STANDARD_HEADER"}


async def test_without_an_id_the_same_content_is_the_same_event() -> None:
    """However often it comes, and whatever the order of its members; another customer is another event."""
    desk = Desk(WEBHOOK_STANDARD_SECRETS=SECRET, WEBHOOK_STANDARD_HEADER="x-api-key")

    async def sent(content: dict[str, Any], **headers: str) -> int:
        body, names = json.dumps(content).encode(), {"x-api-key": SECRET, **headers}
        answer = await desk.receive(Call("standard", body, names))
        return int(answer.status_code)

    assert await sent(CITY) == await sent(dict(reversed(CITY.items()))) == await sent(CITY, **{"webhook-id": ""}) == 202
    assert len(desk.records) == 1
    assert await sent(CITY | {"customerTenantId": OTHER_CUSTOMER}) == 202
    assert len(desk.records) == 2


def event_ids(*sent: Mapping[str, Any], fields: str = "", **headers: str) -> set[str]:
    """The ids of the events in these calls."""
    by = source(WEBHOOK_STANDARD_FIELDS=fields)
    return {getattr(each, "event_id", "none") for content in sent for each in by.read(shown(content, **headers))}


def test_an_id_that_is_sent_is_the_events() -> None:
    """As with a signature."""
    assert event_ids(CITY, webhook_id="evt-7", x_api_key=SECRET) == {"evt-7"}


def test_the_order_of_members_makes_no_other_event() -> None:
    """A sender may write them as it likes; other content is another event."""
    assert len(event_ids(CITY, dict(reversed(CITY.items())))) == 1
    assert len(event_ids(CITY, {**CITY, "mode": "asynchronous"})) == 2


def test_a_parameter_of_the_url_counts_neither_for_nor_against() -> None:
    """A gateway may want one of its own."""
    headers = {"x-api-key": SECRET}
    source().prove(Delivery("https://x.example/api?code=of-a-gateway", headers, b"{}", NOW))


def test_with_a_mapping_what_is_not_mapped_makes_no_other_event() -> None:
    """A time stamp among the sender's fields must not make each try a new event."""
    rules = '{"customerTenantId": "tenant", "qualification": {"constant": "StateOwnedEntity"}}'
    assert len(event_ids({"tenant": CUSTOMER, "sentAt": 1}, {"tenant": CUSTOMER, "sentAt": 2}, fields=rules)) == 1


async def test_a_crm_that_sends_an_api_key_is_mapped_as_its_guide_says() -> None:
    """All properties of a HubSpot company, by their paths."""
    rules = {
        "customerTenantId": "properties.microsoft_tenant_id.value",
        "qualification": {"field": "properties.customer_type.value", "values": {"School or university": "Education"}},
        "educationSegment": {"field": "properties.school_level.value", "values": {"Higher Ed": "HigherEducation"}},
    }
    desk = Desk(
        WEBHOOK_STANDARD_SECRETS=SECRET,
        WEBHOOK_STANDARD_HEADER="x-api-key",
        WEBHOOK_STANDARD_FIELDS=json.dumps(rules),
    )
    answer = await desk.receive(Call("standard", body("hubspot-company.json"), {"x-api-key": SECRET}))
    assert answer.status_code == 202
    assert [str(record.customer_tenant_id) for record in desk.records] == [CUSTOMER]
