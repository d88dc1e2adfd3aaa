"""From a CRM's call to the answer, the record and the events: who asked, about which record, and how much it may ask for."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import azure.functions as func
import pytest

from qualification.bootstrap import utc_now
from qualification.domain.cloud_event import properties
from qualification.domain.status import Status
from sandbox.crm import BUILDERS
from tests.unit.builders import CUSTOMER, EDUCATION, STATE_OWNED
from tests.unit.webhooks.desk import Desk

WHO = {"dataverse": "user", "hubspot": "portal", "salesforce": "organization"}
every_crm = pytest.mark.parametrize("source", WHO)
every_source = pytest.mark.parametrize("source", BUILDERS)


def school(customer: UUID = CUSTOMER, **changes: Any) -> dict[str, Any]:
    """A school, in this service's own words."""
    return {"customerTenantId": str(customer), **EDUCATION, **changes}


def body(response: func.HttpResponse) -> dict[str, Any]:
    """The answer's JSON."""
    found: dict[str, Any] = json.loads(response.get_body())
    return found


@every_crm
async def test_the_record_says_who_asked_and_about_which_record(source: str) -> None:
    """So do the history and the events."""
    desk = Desk()
    await desk.receive(desk.call(source, school()))
    [record] = desk.records
    reference = record.request.reference
    assert record.requested_by
    assert (record.requested_by.kind, record.history[0].by) == (WHO[source], str(record.requested_by))
    assert reference
    await desk.stage.service.submission.submit(CUSTOMER, record.request_id)
    [event] = desk.events
    assert event.data["reference"] == reference.model_dump()
    assert properties(event)["reference"] == f"{reference.type}:{reference.id}"
    assert "requestedBy" not in event.data


async def test_the_answer_shows_what_the_sender_said_of_it() -> None:
    """A link that is none is left out, and a name is cut off."""
    desk = Desk()
    said: dict[str, Any] = {
        "customerName": "Contoso\n University " * 50,
        "reference": {"type": "lead", "id": "7", "url": "javascript:x"},
    }
    answer = body(await desk.receive(desk.call("standard", school(**said))))
    assert answer["reference"] == {"type": "lead", "id": "7", "url": None}
    assert answer["customerName"].startswith("Contoso University Contoso")
    assert len(answer["customerName"]) == 200
    again = school(customerName="Contoso", reference={"type": "lead", "id": "8", "url": None})
    assert body(await desk.receive(desk.call("standard", again)))["requestId"] == answer["requestId"]
    assert len(desk.records[0].history) == 1


async def test_a_rejected_event_names_record_field_value_and_what_would_do() -> None:
    """Whoever maintains the CRM can act on it, also where the customer cannot be read."""
    desk = Desk()
    await desk.receive(desk.call("salesforce", school(customerTenantId="contoso", educationSegment="Kindergarten")))
    [event] = desk.events
    reference = event.data["reference"]
    assert isinstance(reference, dict)
    assert reference["type"] == "Account"
    reasons = event.data["reasons"]
    assert isinstance(reasons, list)
    found = {str(each["field"]): (each["value"], each.get("allowed")) for each in reasons if isinstance(each, dict)}
    assert found == {
        "Tenant_Id__c": ("contoso", None),
        "Segment__c": ("Kindergarten", ["K-12", "Higher Ed"]),
    }


@every_source
async def test_a_source_asks_for_what_it_may(source: str) -> None:
    """Anything else is bad data, and the answer or the event says what may be asked for."""
    desk = Desk(**{f"WEBHOOK_{source.upper()}_QUALIFICATIONS": "StateOwnedEntity"})
    await desk.receive(desk.call(source, school(), "one"))
    assert desk.records == []
    await desk.receive(desk.call(source, {"customerTenantId": str(CUSTOMER), **STATE_OWNED}, "two"))
    assert [record.qualification for record in desk.records] == ["StateOwnedEntity"]
    if source in WHO:
        [fault] = json.loads(json.dumps(desk.events[0].data["reasons"]))
        assert (fault["pointer"], fault["allowed"]) == ("/qualification", ["StateOwnedEntity"])
        assert f"WEBHOOK_{source.upper()}_QUALIFICATIONS" in fault["detail"]


@every_source
async def test_a_source_asks_for_so_much_a_day(source: str) -> None:
    """What is above is taken, and waits."""
    desk = Desk(**{f"WEBHOOK_{source.upper()}_DAILY_LIMIT": "1"})
    for number in (1, 2, 3):
        response = await desk.receive(desk.call(source, school(UUID(int=number)), f"event-{number}"))
        assert response.status_code in {200, 202}
    waiting = [
        record.waiting and record.waiting.reason
        for record in sorted(desk.records, key=lambda each: each.customer_tenant_id)
    ]
    assert waiting == [None, "daily-limit", "daily-limit"]
    assert desk.stage.alerts == ["daily-limit"]


async def test_hubspot_takes_its_mark_back() -> None:
    """The unsent request ends; a mark that was never set ends nothing."""
    desk = Desk()
    await desk.receive(desk.call("hubspot", school()))
    response = await desk.receive(desk.call("hubspot", school(qualification="Reseller")))
    assert (response.status_code, body(response)["status"]) == (200, "Cancelled")
    assert [record.status for record in desk.records] == [Status.CANCELLED]
    response = await desk.receive(desk.call("hubspot", school(UUID(int=9), qualification="Reseller")))
    assert (response.status_code, response.get_body()) == (200, b"")


async def test_hubspot_says_the_same_for_ever_and_is_heard_again() -> None:
    """A, B and A again, before anything is sent: the second A is not the first call once more."""
    desk = Desk()
    for website in ("a.example", "b.example", "a.example"):
        await desk.receive(desk.call("hubspot", school(website=website)))
    [record] = desk.records
    assert getattr(record.request, "website", None) == "a.example"
    assert len(record.history) == 3


async def test_dataverse_says_when_it_happened() -> None:
    """An older call that comes last is answered with the request, and changes nothing."""
    desk = Desk()
    desk.stage.clock.now = utc_now()
    newer = desk.call("dataverse", school(website="b.example"), "two")
    older = desk.call("dataverse", school(website="a.example"), "one")
    at = json.loads(older.body)["OperationCreatedOn"]
    earlier = at.replace(at[6:19], str(int(at[6:19]) - 60_000))
    await desk.receive(newer)
    response = await desk.receive(replace(older, body=older.body.replace(at.encode(), earlier.encode())))
    assert response.status_code == 202
    assert body(response)["requested"]["website"] == "b.example"
    assert len(desk.records[0].history) == 1
