import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from qualification.domain.cloud_event import envelope, properties
from qualification.domain.customer import Customer
from qualification.domain.event import Event, EventType
from qualification.domain.events import NEWS, attention_required, refresh_token_expiring, status_changed
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.outcome import came_of, postponed
from qualification.domain.request import Qualification
from qualification.domain.review import reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.waiting import Reason
from tests.unit.builders import (
    CODE,
    CUSTOMER,
    NEW_DENIAL,
    NO_RELATIONSHIP,
    NOW,
    PARTNER,
    POLICY,
    REFUSED,
    REQUEST,
    approved,
    in_review,
    queued,
    submitting,
    wanted,
)
from tests.unit.golden_file import golden

MINUTE = timedelta(minutes=1)
AT = Moment(NOW, 1.0, POLICY)
INSTANT = timedelta(microseconds=1)
DENIED = CustomerQualification(
    qualification="Education",
    vetting_status="Denied",
    vetting_reason="Not an accredited school",
    vetting_created=NEW_DENIAL,
)


def denial() -> Event:
    """A school is denied two hours after its vetting began."""
    later = NOW + timedelta(hours=2)
    look = Look((DENIED,), later)
    seen = Customer(customer_tenant_id=CUSTOMER).after(look)
    return reviewed(in_review(), seen, 0, look, Moment(later, 1, POLICY)).events[0]


def failure() -> Event:
    """A request is refused."""
    return came_of(submitting(traceparent=None), REFUSED, AT).events[0]


def attention() -> Event:
    """A customer is not related to the partner."""
    return postponed(queued(), NO_RELATIONSHIP, AT).events[0]


def expiring() -> Event:
    """The refresh token is two months old."""
    return refresh_token_expiring(PARTNER, UUID(int=7), NOW - timedelta(days=61), NOW)


GOLDEN: dict[str, Callable[[], Event]] = {
    "status-changed-denied.json": denial,
    "status-changed-failed.json": failure,
    "attention-required-request.json": attention,
    "attention-required-partner.json": expiring,
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_cloud_event_is_what_subscribers_rely_on(name: str) -> None:
    """Both event types are public API; the golden file is the whole body."""
    assert json.loads(envelope(GOLDEN[name]())) == golden(name)["body"]


@pytest.mark.parametrize("name", GOLDEN)
def test_the_application_properties_are_what_subscriptions_filter_on(name: str) -> None:
    """The CloudEvents attributes and the promoted members of the data, and nothing else."""
    assert properties(GOLDEN[name]()) == golden(name)["applicationProperties"]


def test_every_event_type_has_a_golden_file() -> None:
    """A new one comes with its own."""
    assert {event().type for event in GOLDEN.values()} == set(EventType)


@pytest.mark.parametrize("event", GOLDEN.values(), ids=GOLDEN)
def test_attribute_names_are_cloud_events_names(event: Callable[[], Event]) -> None:
    """Lower-case letters and digits only (CloudEvents 1.0, "Naming conventions"); JSON names of data are camelCase."""
    body: dict[str, Any] = json.loads(envelope(event()))
    assert all(name.isalnum() and name == name.lower() for name in body)
    assert all(name.isalnum() and name[0].islower() for name in body["data"])
    assert body.keys() >= {"specversion", "id", "source", "type"}


@pytest.mark.parametrize("status", Status)
def test_only_news_is_told(status: Status) -> None:
    """Queued and Submitting are not news to anybody."""
    previous = Status.QUEUED if status is not Status.QUEUED else Status.SUBMITTING
    _, events = status_changed(queued(status=status), previous, AT)
    assert [event.data["status"] for event in events] == ([status.value] if status in NEWS else [])
    assert {Status.QUEUED, Status.SUBMITTING} == set(Status) - NEWS


def test_the_same_status_again_is_no_news() -> None:
    """And uses up no number."""
    record = in_review()
    assert status_changed(record, Status.IN_REVIEW, AT) == (record, ())


def test_events_are_numbered_within_their_request() -> None:
    """From 1, whatever their type; the number is in the id, which is the same each time it is told."""
    record, first = status_changed(queued(status=Status.IN_REVIEW), Status.QUEUED, AT)
    record, second = attention_required(record, Reason.REVIEW_OVERDUE, "d", "r", AT)
    assert [event.id for event in (*first, *second)] == [f"{REQUEST}:1", f"{REQUEST}:2"]
    assert [event.data["sequence"] for event in (*first, *second)] == [1, 2]
    assert record.sequence == 2


@given(st.lists(st.timedeltas(min_value=-timedelta(days=1), max_value=timedelta(days=1)), min_size=2, max_size=8))
def test_due_times_rise_whatever_the_clock_does(steps: list[timedelta]) -> None:
    """The outbox is read in order of due times, and order within a request is promised."""
    record, now, dues = queued(), NOW, list[datetime]()
    for step in steps:
        now += step
        record, (event,) = attention_required(record, Reason.REVIEW_OVERDUE, "d", "r", Moment(now, 1.0, POLICY))
        dues.append(event.due)
    assert dues == sorted(set(dues))
    assert record.event_due == dues[-1]


def test_an_event_is_left_to_its_step_for_a_while() -> None:
    """Only then does the timer publish it."""
    _, (event,) = attention_required(queued(), Reason.LAST_ATTEMPT, "d", "r", AT)
    assert (event.time, event.due) == (NOW, NOW + MINUTE)
    _, (second,) = attention_required(queued(event_due=NOW + MINUTE), Reason.LAST_ATTEMPT, "d", "r", AT)
    assert second.due == NOW + MINUTE + INSTANT


def test_the_trace_of_the_origin_is_handed_on() -> None:
    """As CloudEvents' distributed tracing extension, and only where there is one."""
    assert json.loads(envelope(denial()))["traceparent"] == queued().traceparent
    assert "traceparent" not in json.loads(envelope(failure()))


def test_the_senders_record_is_handed_back() -> None:
    """By it the CRM's own flow finds the record that an event is about, and a person the page; null without one."""
    reference = {"type": "Account", "id": "001", "url": "https://crm.example/001"}
    _, (event,) = attention_required(queued(wanted(reference=reference)), Reason.LAST_ATTEMPT, "d", "r", AT)
    assert event.data["reference"] == reference
    assert properties(event)["reference"] == "Account:001"
    assert attention().data["reference"] is None


def test_no_event_carries_a_validation_code() -> None:
    """It is a secret, and a topic has many readers."""
    government = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
    for record in (submitting(government), in_review(government), approved(government)):
        _, (event,) = attention_required(record, Reason.REVIEW_OVERDUE, "d", "r", AT)
        assert CODE not in envelope(event).decode() + str(properties(event)) + event.model_dump_json()


@given(st.dictionaries(st.text(), st.text() | st.none() | st.integers() | st.booleans()))
def test_an_envelope_is_json_whatever_partner_center_said(words: dict[str, JsonValue]) -> None:
    """Its words are passed on as they came."""
    event = denial()
    again = event.model_copy(update={"data": event.data | {"vettingReason": words}})
    assert json.loads(envelope(again))["data"]["vettingReason"] == words


def test_properties_are_texts_only() -> None:
    """A promoted member that is absent or null is left out, so that a filter on its existence works."""
    assert all(isinstance(value, str) for event in GOLDEN.values() for value in properties(event()).values())
    assert "reason" not in properties(denial())
    assert "status" not in properties(expiring())
