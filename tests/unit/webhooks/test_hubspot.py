import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import ConfigurationError, SenderNotProven, UnreadableBody
from qualification.domain.request import Reference
from qualification.webhooks.hubspot.sample import URL
from qualification.webhooks.hubspot.signature import Signed, signature_v2, signature_v3
from qualification.webhooks.hubspot.source import HubSpot
from qualification.webhooks.source import About, Delivery, Notice, Unrelated, Withdrawn
from tests.unit.builders import NOW
from tests.unit.webhooks.payloads import CUSTOMER, OTHER_CUSTOMER, body, content, delivery, settings_of

SECRET, OLDER = "0b1f5e02-6f0e-4e69-8c5e-2d2c2b6d2a11", "9d4b1c9e-1a67-4a0e-a9a8-51a0b1a9f001"
BODY = body("hubspot-company.json")
TIMESTAMP = str(int(NOW.timestamp() * 1000))


@pytest.fixture
def hubspot() -> HubSpot:
    """The source with the sandbox's mapping."""
    return HubSpot(settings_of("hubspot", SECRETS=f"{OLDER}, {SECRET}"))


def signed(sent: bytes = BODY, *, url: str = URL, secret: str = SECRET, at: str = TIMESTAMP) -> Delivery:
    """A call with a signature of version 3; it arrives at whatever host a gateway has put in its place."""
    signature = signature_v3(secret.encode(), Signed("POST", url, sent), at).decode()
    return delivery(
        sent,
        "http://10.0.0.4:8080/api/webhooks/hubspot",
        x_hubspot_signature_v3=signature,
        x_hubspot_request_timestamp=at,
        host="somebody-else.example",
    )


def signed_v2(sent: bytes = BODY) -> Delivery:
    """A call with a signature of version 2 only."""
    signature = signature_v2(SECRET.encode(), Signed("POST", URL, sent)).decode()
    return delivery(sent, x_hubspot_signature=signature, x_hubspot_signature_version="v2")


@pytest.mark.parametrize("secret", [SECRET, OLDER])
def test_a_signature_over_the_configured_url_is_proof(hubspot: HubSpot, secret: str) -> None:
    """The Host header and the URL that was really called do not count; each secret does, while they are rotated."""
    hubspot.prove(signed(secret=secret))


@pytest.mark.parametrize(
    "wrong",
    [
        signed(url="https://somebody-else.example/api/webhooks/hubspot"),
        signed(url="http://10.0.0.4:8080/api/webhooks/hubspot"),
        signed(url=f"{URL}/"),
        signed(secret="another-secret"),
        signed(at=str(int(NOW.timestamp()))),
        signed(at=str(int(NOW.timestamp() * 1000) - 300_001)),
        signed(at=str(int(NOW.timestamp() * 1000) + 300_001)),
        replace(signed(), body=BODY + b" "),
        replace(signed(), headers={}),
        replace(signed(), headers={"x-hubspot-signature-v3": signed().headers["x-hubspot-signature-v3"]}),
        replace(signed(), headers={**signed().headers, "x-hubspot-request-timestamp": str(int(TIMESTAMP) + 1)}),
        replace(signed(), headers={**signed().headers, "x-hubspot-signature-v3": ""}),
    ],
    ids=[
        "another host",
        "the host that was called",
        "another path",
        "another secret",
        "seconds",
        "too old",
        "too early",
        "another body",
        "no signature",
        "no timestamp",
        "another timestamp",
        "empty signature",
    ],
)
def test_any_other_signature_proves_nothing(hubspot: HubSpot, wrong: Delivery) -> None:
    """One deviation is enough."""
    with pytest.raises(SenderNotProven):
        hubspot.prove(wrong)


def test_version_2_is_refused_unless_it_is_switched_on(hubspot: HubSpot) -> None:
    """It has no time, so whoever has seen one call could send it for ever."""
    with pytest.raises(SenderNotProven):
        hubspot.prove(signed_v2())
    HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true")).prove(signed_v2())


def test_a_wrong_version_3_is_not_made_good_by_version_2() -> None:
    """HubSpot sends both; the stronger one decides."""
    both = replace(signed_v2(), headers={**signed_v2().headers, **signed(secret="another-secret").headers})
    with pytest.raises(SenderNotProven):
        HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true")).prove(both)


def test_without_the_url_nothing_could_be_verified() -> None:
    """It is reported at start, by name."""
    with pytest.raises(ConfigurationError) as refused:
        settings_of("hubspot", URL="", FIELDS="")
    assert refused.value.faults.keys() == {"WEBHOOK_HUBSPOT_URL", "WEBHOOK_HUBSPOT_FIELDS"}


@pytest.mark.parametrize(
    ("name", "start", "request_"),
    [
        (
            "hubspot-company.json",
            "62515:901:",
            {
                "customerTenantId": CUSTOMER,
                "qualification": "Education",
                "educationSegment": "HigherEducation",
                "website": "contoso.edu",
            },
        ),
        (
            "hubspot-contact.json",
            "62515:71:",
            {"customerTenantId": OTHER_CUSTOMER, "qualification": "GovernmentCommunityCloud"},
        ),
        ("hubspot-custom-body.json", ":902:", {"customerTenantId": CUSTOMER, "qualification": "StateOwnedEntity"}),
    ],
)
def test_a_documented_body_is_a_request(hubspot: HubSpot, name: str, start: str, request_: dict[str, Any]) -> None:
    """Companies, contacts in their older form, and bodies that an administrator has put together."""
    [event] = hubspot.read(delivery(body(name)))
    assert isinstance(event, Notice)
    assert event.content == request_
    assert event.faults == ()
    assert event.event_id.startswith(start)


def test_a_record_is_referred_to_by_its_portal(hubspot: HubSpot) -> None:
    """The link needs the kind of object; who did it nobody says."""
    [event] = hubspot.read(delivery(BODY))
    assert isinstance(event, Notice)
    record = content("hubspot-company.json")
    link = f"https://app.hubspot.com/contacts/62515/record/{record['objectTypeId']}/901"
    assert event.about == About(
        reference=Reference(type="company", id="901", url=link),
        requested_by=Caller(kind=CallerKind.PORTAL, id="62515"),
        named=False,
    )


@pytest.mark.parametrize(
    ("odd", "kind", "linked"),
    [
        ({"objectTypeId": "0-2/../../x"}, "company", False),
        ({"objectType": "\u0661"}, "record", True),
        ({"portalId": "x"}, "company", False),
    ],
)
def test_a_link_is_made_of_what_looks_like_hubspot_only(
    hubspot: HubSpot,
    odd: dict[str, Any],
    kind: str,
    linked: bool,  # noqa: FBT001  a parameter of the rule
) -> None:
    """Nothing else gets into an address."""
    [event] = hubspot.read(delivery(content("hubspot-company.json") | odd))
    assert isinstance(event, Notice)
    assert event.about.reference
    assert (event.about.reference.type, event.about.reference.url is not None) == (kind, linked)


@pytest.mark.parametrize("mark", ["", None, "Reseller"])
def test_an_emptied_mark_takes_it_back(hubspot: HubSpot, mark: str | None) -> None:
    """A property that was never filled is missing instead."""
    record = content("hubspot-company.json")
    record["properties"]["customer_type"]["value"] = mark
    [event] = hubspot.read(delivery(record))
    assert isinstance(event, Withdrawn)
    assert event.customer_tenant_id == UUID(CUSTOMER)


def test_only_the_named_portals_are_heard() -> None:
    """If any are named: an app may be installed in others."""
    hubspot = HubSpot(settings_of("hubspot", SECRETS=SECRET, PORTALS="1, 62515"))
    assert hubspot.read(delivery(BODY))
    for other in (62516, None, "\u0666\u0662\u0665\u0661\u0665"):
        with pytest.raises(SenderNotProven):
            hubspot.read(delivery(content("hubspot-company.json") | {"portalId": other}))


def event_id(hubspot: HubSpot, record: Any) -> str:
    """The id that stands for an event."""
    [event] = hubspot.read(delivery(record))
    assert isinstance(event, Notice)
    return event.event_id


def test_the_same_record_with_the_same_mapped_fields_is_the_same_event(hubspot: HubSpot) -> None:
    """HubSpot names no event, and other properties and their history change all the time."""
    record = content("hubspot-company.json")
    first = event_id(hubspot, record)
    record["properties"]["name"]["value"] = "Contoso University (2)"
    record["properties"]["customer_type"]["timestamp"] += 1
    record["version"] += 1
    assert event_id(hubspot, record) == first


def test_another_value_record_or_account_is_another_event(hubspot: HubSpot) -> None:
    """Each of the three parts counts."""
    record = content("hubspot-company.json")
    ids = {event_id(hubspot, record)}
    record["properties"]["website"]["value"] = "contoso.org"
    ids.add(event_id(hubspot, record))
    record["objectId"] += 1
    ids.add(event_id(hubspot, record))
    record["portalId"] += 1
    ids.add(event_id(hubspot, record))
    assert len(ids) == 4


@pytest.mark.parametrize("odd", ["\u0661", "x" * 5000, True, None, [], {}])
def test_an_account_or_record_that_is_no_number_does_not_count(hubspot: HubSpot, odd: Any) -> None:
    """The mapped fields still tell one event from another, and nothing breaks."""
    record = content("hubspot-company.json") | {"portalId": odd, "objectId": odd}
    del record["properties"]["hs_object_id"]
    assert event_id(hubspot, record).startswith("::")


def test_a_record_without_a_qualification_is_not_about_one(hubspot: HubSpot) -> None:
    """A workflow may enrol any company."""
    record = content("hubspot-company.json")
    del record["properties"]["customer_type"]
    assert hubspot.read(delivery(record)) == [Unrelated()]


@pytest.mark.parametrize("sent", [b"", b"[]", b"null", b"\xff", b"a=b"])
def test_what_is_no_object_cannot_be_read(hubspot: HubSpot, sent: bytes) -> None:
    """A subscription of HubSpot's webhooks API sends a list; this source is for workflows."""
    with pytest.raises(UnreadableBody):
        hubspot.read(delivery(sent))


def batch(**changes: Any) -> bytes:
    """What an app's subscription sends."""
    event = {
        "eventId": 1,
        "subscriptionId": 77,
        "subscriptionType": "company.propertyChange",
        "attemptNumber": 0,
        "appId": 5,
    }
    return json.dumps([event | {"objectId": 901, "propertyName": "customer_type"} | changes]).encode()


def test_a_batch_of_an_apps_subscription_is_named(hubspot: HubSpot) -> None:
    """It holds no record; who set it up is told what to use instead, once, whatever it sends and however often."""
    [event] = hubspot.read(signed(batch()))
    assert isinstance(event, Notice)
    assert "subscriptions of a HubSpot app" in event.faults[0].detail
    assert "Send a webhook" in event.faults[0].detail
    for changes in (
        {"attemptNumber": 1},
        {"attemptNumber": 2, "eventId": 2},
        {"objectId": 902, "propertyName": "name"},
    ):
        assert hubspot.read(signed(batch(**changes))) == [event]
    assert hubspot.read(signed(batch(subscriptionId=78))) != [event]


@pytest.mark.parametrize("odd", ["x" * 5000, 10**400, None, [], True])
def test_an_odd_subscription_is_none_of_any_length(hubspot: HubSpot, odd: Any) -> None:
    """It becomes part of an id."""
    [event] = hubspot.read(signed(batch(subscriptionId=odd)))
    assert isinstance(event, Notice)
    assert len(event.event_id) < 100


def test_a_batch_of_many_subscriptions_alerts_some(hubspot: HubSpot) -> None:
    """A batch has up to a hundred events; whoever sets one right sees the others."""
    events = [{"subscriptionType": "company.creation", "subscriptionId": number, "appId": 5} for number in range(100)]
    assert len(hubspot.read(signed(json.dumps(events).encode()))) == 20


@pytest.mark.parametrize("sent", [b"[]", b"[7]", b'[{"subscriptionId": 7}]', b"7", b"null"])
def test_any_other_list_cannot_be_read(hubspot: HubSpot, sent: bytes) -> None:
    """It is no record."""
    with pytest.raises(UnreadableBody):
        hubspot.read(signed(sent))


def test_a_body_that_cannot_be_read_proves_nothing_under_version_2() -> None:
    """SHA-256 over secret and text lets anybody who has seen a call append bytes to it; that must alert nobody."""
    v2 = HubSpot(settings_of("hubspot", SECRETS=SECRET, V2="true"))
    for sent in (BODY + b"\x80\x00", b"no JSON", b"[]"):
        with pytest.raises(SenderNotProven):
            v2.read(signed_v2(sent))
    assert v2.read(signed_v2()) == v2.read(signed())
