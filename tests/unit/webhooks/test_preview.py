"""What would become of a payload is what becomes of it when it is delivered."""

import json
from typing import Any

import pytest

from qualification.webhooks.preview import FieldPreview, Preview, preview
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Outcome
from tests.unit.webhooks.desk import Desk
from tests.unit.webhooks.payloads import CUSTOMER, body, content, delivery, settings_of

SCHOOL = {
    "customerTenantId": CUSTOMER,
    "qualification": "Education",
    "educationSegment": "HigherEducation",
    "website": "contoso.edu",
}
MAPPED = [name for name in SOURCES if name != "standard"]


def previews(source: str, sent: bytes | dict[str, Any], **changes: str) -> list[Preview]:
    """Of a body, with the sandbox's settings; `webhook-id` is all that a reader needs of a proof."""
    return preview(SOURCES[source], settings_of(source, **changes), delivery(sent, webhook_id="evt-1"))


def lines(found: Preview) -> dict[str, FieldPreview]:
    """The fields of an event by our names."""
    return {each.ours: each for each in found.fields}


@pytest.mark.parametrize("source", SOURCES)
async def test_a_preview_says_what_delivery_does(source: str) -> None:
    """Of each sender, the same fields that are stored; no secret is needed."""
    desk = Desk()
    call = desk.call(source, SCHOOL)
    await desk.receive(call)
    [found] = previews(source, call.body, SECRETS="")
    assert found.outcome is Outcome.ACCEPTED
    [record] = desk.records
    stored = record.request.model_dump(mode="json", by_alias=True) | {
        "customerTenantId": str(record.customer_tenant_id)
    }
    assert {each.ours: each.becomes for each in found.fields} == SCHOOL
    assert {name: stored[name] for name in SCHOOL} == SCHOOL


def test_what_came_stands_beside_what_it_becomes() -> None:
    """A choice by its number, under the CRM's own name; a constant has none."""
    rules = {
        "customerTenantId": "new_tenantid",
        "qualification": {"field": "new_qualification", "values": {"100000000": "Education"}},
        "educationSegment": {"constant": "K12"},
    }
    [found] = previews("dataverse", body("dataverse-create.json"), FIELDS=json.dumps(rules))
    assert lines(found)["qualification"] == FieldPreview("qualification", "new_qualification", "100000000", "Education")
    assert lines(found)["educationSegment"].theirs is None
    assert [each.ours for each in found.fields] == ["customerTenantId", "qualification", "educationSegment"]


def test_a_name_that_never_matches_shows_that_nothing_came() -> None:
    """And the request lacks the field."""
    rules = {"customerTenantId": "tenant_no", "qualification": {"constant": "StateOwnedEntity"}}
    [found] = previews("hubspot", body("hubspot-company.json"), FIELDS=json.dumps(rules))
    assert found.outcome is Outcome.REJECTED
    assert lines(found)["customerTenantId"].came is None
    assert lines(found)["customerTenantId"].fault == "is required"


def test_a_value_that_is_not_listed_is_a_fault_of_its_field() -> None:
    """The others are shown as they are."""
    rules = {
        "customerTenantId": "microsoft_tenant_id",
        "qualification": {"constant": "Education"},
        "educationSegment": {"field": "school_level", "values": {"Kindergarten": "K12"}},
    }
    [found] = previews("hubspot", body("hubspot-company.json"), FIELDS=json.dumps(rules))
    segment = lines(found)["educationSegment"]
    assert (segment.came, segment.becomes) == ("Higher Ed", None)
    assert segment.fault is not None
    assert (lines(found)["qualification"].fault, found.faults) == (None, ())


def test_a_field_without_use_is_said_to_be_left_out() -> None:
    """A website of a state-owned entity."""
    rules = {
        "customerTenantId": "microsoft_tenant_id",
        "qualification": {"constant": "StateOwnedEntity"},
        "website": "website",
    }
    [found] = previews("hubspot", body("hubspot-company.json"), FIELDS=json.dumps(rules))
    assert found.outcome is Outcome.ACCEPTED
    assert not lines(found)["website"].used


def test_an_unmarked_record_is_told_from_an_empty_mark() -> None:
    """The mapping of values leads to nothing, or nothing came at all."""
    rules = {
        "customerTenantId": "microsoft_tenant_id",
        "qualification": {"field": "customer_type", "values": {"*": None}},
    }
    [leads_to_nothing] = previews("hubspot", body("hubspot-company.json"), FIELDS=json.dumps(rules))
    assert leads_to_nothing.outcome is Outcome.UNRELATED
    assert lines(leads_to_nothing)["qualification"].came == "School or university"
    [empty] = previews("hubspot", {"portalId": 1, "microsoft_tenant_id": CUSTOMER})
    assert (empty.outcome, empty.fields) == (Outcome.UNRELATED, ())
    assert empty.faults == ("customer_type is empty, or no mapped field was sent with a change",)


def test_each_event_of_a_delivery_has_its_own_preview() -> None:
    """A message of Salesforce holds up to a hundred."""
    found = previews("salesforce", body("salesforce-accounts.xml"), ORGANIZATIONS="00D5e000000KQ2eEAG")
    assert len(found) > 1
    assert len({each.event_id for each in found}) == len(found)


@pytest.mark.parametrize("source", SOURCES)
def test_a_body_that_nobody_can_read_is_one_refusal(source: str) -> None:
    """With the sentence that the sender would get."""
    [broken] = previews(source, b"<broken")
    assert broken.outcome is Outcome.UNREADABLE
    assert broken.faults[0]
    [large] = previews(source, b" " * (SOURCES[source].largest_body + 1))
    assert large.outcome is Outcome.UNREADABLE
    assert "bytes" in large.faults[0]


def test_a_fault_of_the_whole_event_hides_no_fields_behind_nothing_came() -> None:
    """Dataverse has cut the columns out."""
    [found] = previews("dataverse", content("dataverse-size-exceeded.json"))
    assert (found.outcome, found.fields) == (Outcome.REJECTED, ())
    assert found.faults


def test_without_a_mapping_the_body_is_shown_as_it_is() -> None:
    """Unknown members are named; a validation code is shown to nobody."""
    city = {"customerTenantId": CUSTOMER, "qualification": "GovernmentCommunityCloud", "validationCode": "GCC-1"}
    [found] = previews("standard", city)
    assert found.outcome is Outcome.ACCEPTED
    assert "GCC-1" not in repr(found)
    assert lines(found)["validationCode"].came == "(not shown)"
    [unknown] = previews("standard", city | {"surprise": 1})
    assert unknown.outcome is Outcome.REJECTED
    assert lines(unknown)["surprise"].fault == "is not a known field"
