"""A customer whose rows this version cannot read: nothing is sent for it, and somebody hears why."""

from uuid import UUID

import pytest

from qualification.domain.customer import Customer
from qualification.domain.event import EventType
from qualification.domain.transition import CustomerState
from qualification.stores.keys import request_key, shard_of
from qualification.stores.rows import Row
from qualification.use_cases.unreadable import UnreadableRows
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, POLICY, REQUEST, queued
from tests.unit.stage import Stage
from tests.unit.use_cases.log_fields import events


@pytest.fixture
def rows(stage: Stage) -> UnreadableRows:
    """The use case over stand-ins."""
    return stage.service.due_work.unreadable


def state(customer_id: UUID, unreadable: int) -> CustomerState:
    """Of a customer, of whom so many rows cannot be read."""
    return CustomerState(Customer(customer_tenant_id=customer_id), unreadable=unreadable)


async def test_the_event_says_whose_rows_and_how_many(stage: Stage, rows: UnreadableRows) -> None:
    """Whoever reads it must find the rows: it is about the customer, and names the number that the log has a line for."""
    await rows.alert([state(CUSTOMER, 2)])
    [event] = stage.bus.topic
    assert (event.type, event.subject, event.time) == (EventType.ATTENTION_REQUIRED, CUSTOMER, NOW)
    assert (event.data["reason"], event.data["customerTenantId"]) == ("status-unclear", str(CUSTOMER))
    assert str(event.data["detail"]).startswith(f"2 stored row(s) of customer {CUSTOMER} ")
    assert stage.outbox == []


async def test_the_log_says_it_once_too(stage: Stage, rows: UnreadableRows, caplog: pytest.LogCaptureFixture) -> None:
    """An operator without a subscriber has the same words; no other line goes on to say so."""
    for _ in range(3):
        await rows.alert([state(CUSTOMER, 1)])
    [event] = stage.bus.topic
    assert events(caplog, "attention") == [
        {
            "event": "attention",
            "reason": "status-unclear",
            "customerTenantId": str(CUSTOMER),
            "lasting": False,
            "detail": event.data["detail"],
            "remedy": event.data["remedy"],
        }
    ]


async def test_more_such_rows_are_news(stage: Stage, rows: UnreadableRows) -> None:
    """It has grown worse; the same number again is not news."""
    for number in (1, 1, 3, 3, 1):
        await rows.alert([state(CUSTOMER, number)])
    assert [str(event.data["detail"])[0] for event in stage.bus.topic] == ["1", "3"]


async def test_each_customer_has_an_event_of_its_own(stage: Stage, rows: UnreadableRows) -> None:
    """And a customer that can be read has none, and hides none behind it."""
    readable = UUID(int=1)
    await rows.alert([state(readable, 0), state(CUSTOMER, 1), state(readable, 0), state(OTHER_CUSTOMER, 1)])
    assert [event.subject for event in stage.bus.topic] == [CUSTOMER, OTHER_CUSTOMER]


async def test_the_timer_tells_of_a_request_that_cannot_be_read_itself(stage: Stage) -> None:
    """Its work item is all that is known of it, and stays; it is told once, and no hint is sent."""
    await stage.put(queued())
    key = request_key(CUSTOMER, REQUEST)
    stage.rows.shards[shard_of(CUSTOMER)][key] = Row(key, '{"status": "FromTheFuture"}', "newer")
    for _ in range(3):
        await stage.advance(POLICY.retry_max)
    assert (stage.alerts, stage.bus.queue) == (["status-unclear"], [])


async def test_it_waits_in_the_outbox_while_service_bus_is_away(stage: Stage, rows: UnreadableRows) -> None:
    """As all events do: it is published later, with the time at which it was noticed."""
    stage.bus.down = True
    await rows.alert([state(CUSTOMER, 1)])
    assert [event.due for event in stage.outbox] == [NOW + POLICY.publish_after]
    stage.bus.down = False
    await stage.advance(POLICY.publish_after)
    assert [(event.subject, event.time) for event in stage.bus.topic] == [(CUSTOMER, NOW)]
    assert stage.outbox == []
