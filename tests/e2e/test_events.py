"""What subscribers get, as the real Service Bus SDK hands it to them."""

from datetime import datetime

import pytest

from sandbox.partner_center import Outcome, Vetting
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import Received, Subscriber
from tests.e2e.world import World

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def story(world: World, service: Service, events: Subscriber) -> list[Received]:
    """The events of one denied request, whose origin had a trace."""
    customer = Customer(world.partner_center).behaves(education=Vetting(outcome=Outcome.DENIED))
    content = EDUCATION | {"customerTenantId": customer.id}
    accepted = service.webhook(content, traceparent=TRACEPARENT)
    service.reaches(accepted, "Denied")
    return events.hears(customer.id, "InReview", "Denied")


def test_an_event_is_a_structured_cloud_event(story: list[Received]) -> None:
    """All required attributes of CloudEvents 1.0, and nothing beside them but the trace."""
    for event in story:
        envelope = event.envelope
        assert set(envelope) == {
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "time",
            "traceparent",
            "datacontenttype",
            "data",
        }
        assert envelope["specversion"] == "1.0"
        assert envelope["type"] == event.subject == "qualification.status-changed.v1"
        assert envelope["source"] == f"/customers/{event.session_id}/qualifications/{event.correlation_id}"
        assert envelope["datacontenttype"] == "application/json"
        assert event.content_type == "application/cloudevents+json"
        assert datetime.fromisoformat(envelope["time"]).tzinfo is not None


def test_the_ids_of_message_and_event_agree(story: list[Received]) -> None:
    """MessageId is the event's id, SessionId the customer, CorrelationId the request."""
    for event in story:
        assert event.message_id == event.envelope["id"] == f"{event.data['requestId']}:{event.data['sequence']}"
        assert event.session_id == event.envelope["subject"] == event.data["customerTenantId"]
        assert event.correlation_id == event.data["requestId"]


def test_events_of_a_request_are_numbered_from_one_without_a_gap(story: list[Received]) -> None:
    """A subscriber can tell a repeat and a missing one."""
    assert [event.data["sequence"] for event in story] == [1, 2]


def test_the_trace_of_the_origin_goes_on_in_every_event(story: list[Received]) -> None:
    """The webhook's traceparent, in the envelope and as a property."""
    assert {event.envelope["traceparent"] for event in story} == {TRACEPARENT}
    assert {event.properties["cloudEvents_traceparent"] for event in story} == {TRACEPARENT}


def test_a_malformed_trace_is_not_handed_on(service: Service, customer: Customer, events: Subscriber) -> None:
    """What is no traceparent stays out of the events, and stops nothing."""
    service.reaches(service.request(customer.id, GOVERNMENT, traceparent="not a trace"), "Approved")
    (approved,) = events.hears(customer.id, "Approved")
    assert "traceparent" not in approved.envelope


def test_application_properties_carry_what_subscriptions_filter_on(story: list[Received]) -> None:
    """The event's attributes as cloudEvents_*, and the promoted members of its data."""
    denied = story[-1]
    attributes = {
        f"cloudEvents_{name}": value
        for name, value in denied.envelope.items()
        if name not in {"data", "datacontenttype"}
    }
    promoted = {name: denied.data[name] for name in ("status", "previousStatus", "qualification", "customerTenantId")}
    assert denied.properties == attributes | promoted


def test_the_subscription_decisions_gets_only_decisions(story: list[Received], events: Subscriber) -> None:
    """InReview is not a decision."""
    customer = story[0].session_id
    assert customer is not None
    events.hears(customer, "Denied", subscription="decisions")


def test_the_subscription_attention_gets_only_what_needs_a_person(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """Decisions stay out of it, and alarms stay out of decisions."""
    customer.behaves(education=Vetting(outcome=Outcome.OTHER_STATUS, status="NewWord"))
    service.reaches(service.request(customer.id, EDUCATION), "InReview")
    (attention,) = events.hears(customer.id, "unknown-vetting-status", subscription="attention")
    assert attention.subject == "qualification.attention-required.v1"
    assert attention.properties["reason"] == "unknown-vetting-status"
    assert attention.data["remedy"]
    events.hears(customer.id, "InReview", "unknown-vetting-status")
    assert events.received(customer.id, "decisions") == []
