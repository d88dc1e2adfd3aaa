from typing import Any
from uuid import UUID

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import SenderNotProven, UnreadableBody
from qualification.domain.request import Reference
from qualification.webhooks.hubspot.source import HubSpot
from qualification.webhooks.source import About, Notice, Unrelated, Withdrawn
from tests.unit.webhooks.hubspot_calls import BODY, SECRET
from tests.unit.webhooks.payloads import CUSTOMER, OTHER_CUSTOMER, body, content, delivery, settings_of


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
