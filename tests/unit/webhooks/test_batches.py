"""Several notifications in one message of Salesforce: taken one by one, answered once."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.webhooks.endpoint import AT_A_TIME
from qualification.webhooks.salesforce.sample import outbound_message
from tests.unit.builders import EDUCATION, STATE_OWNED
from tests.unit.webhooks.desk import Desk

ACK = b"<Ack>true</Ack>"


def schools(count: int, **changes: Any) -> list[tuple[str, dict[str, Any]]]:
    """So many customers, each with an event of its own."""
    return [(f"event-{n}", {"customerTenantId": str(UUID(int=n + 1)), **EDUCATION, **changes}) for n in range(count)]


@pytest.fixture
def desk() -> Desk:
    """A service with empty books."""
    return Desk()


async def test_a_hundred_notifications_are_a_hundred_requests(desk: Desk) -> None:
    """As many as Salesforce puts into one message."""
    response = await desk.receive(outbound_message(schools(100), desk.settings))
    assert ACK in response.get_body()
    assert len({record.customer_tenant_id for record in desk.records}) == 100


async def test_one_bad_item_keeps_no_other_out(desk: Desk) -> None:
    """It would never work, so Salesforce must not repeat the whole message for a day; somebody is told of it."""
    batch = schools(3)
    batch[1][1]["educationSegment"] = "Kindergarten"
    response = await desk.receive(outbound_message(batch, desk.settings))
    assert response.status_code == 200
    assert ACK in response.get_body()
    assert {record.customer_tenant_id.int for record in desk.records} == {1, 3}
    [event] = desk.events
    assert event.subject == UUID(int=2)
    assert event.data["reasons"] == [
        {
            "pointer": "/educationSegment",
            "detail": "has a value in the CRM that the mapping of values does not list",
            "field": "Segment__c",
            "value": "Kindergarten",
            "allowed": ["K-12", "Higher Ed"],
        }
    ]


async def test_ack_true_means_that_all_are_stored(desk: Desk) -> None:
    """If one is not, the message comes again; those that are stored already are found and not asked for twice."""

    async def fail() -> None:
        raise StoreUnavailable("the disk is full")

    async def pass_by() -> None:
        return

    desk.stage.rows.rivals.extend([pass_by, fail])
    message = outbound_message(schools(3), desk.settings)
    response = await desk.receive(message)
    assert response.status_code == 503
    assert ACK not in response.get_body()
    assert len(desk.records) == 2
    assert ACK in (await desk.receive(message)).get_body()
    assert len(desk.records) == 3


async def test_a_batch_that_repeats_a_notification_asks_once(desk: Desk) -> None:
    """The same id twice in one message."""
    [school] = schools(1)
    response = await desk.receive(outbound_message([school, school], desk.settings))
    assert ACK in response.get_body()
    assert len(desk.records) == 1


async def test_notifications_about_one_customer_leave_one_request(desk: Desk) -> None:
    """Another qualification takes the place of the one that was not sent; the same one is answered by the first."""
    customer = str(uuid4())
    batch = [
        ("one", {"customerTenantId": customer, **EDUCATION}),
        ("two", {"customerTenantId": customer, **STATE_OWNED}),
        ("three", {"customerTenantId": customer, **EDUCATION}),
    ]
    assert ACK in (await desk.receive(outbound_message(batch, desk.settings))).get_body()
    assert {record.qualification for record in desk.records} == {"Education", "StateOwnedEntity"}
    assert [record.status for record in desk.records if record.status.is_active] == ["Queued"]
    notes = {record.history[-1].note for record in desk.records if not record.status.is_active}
    assert notes == {"superseded"}


async def test_a_notification_that_comes_again_with_newer_data_is_told(desk: Desk) -> None:
    """Salesforce sends the latest data under the old id; the first request stands, and somebody hears why."""
    await desk.receive(outbound_message(schools(1), desk.settings))
    response = await desk.receive(outbound_message(schools(1, website="contoso.org"), desk.settings))
    assert ACK in response.get_body()
    assert len(desk.records) == 1
    assert [event.data["source"] for event in desk.events] == ["salesforce"]


async def test_a_batch_is_taken_while_service_bus_is_away(desk: Desk) -> None:
    """The hints come later."""
    desk.stage.bus.down = True
    response = await desk.receive(outbound_message(schools(40), desk.settings))
    assert ACK in response.get_body()
    assert len(desk.records) == 40


async def test_notifications_are_taken_side_by_side(desk: Desk) -> None:
    """While Service Bus hangs each waits a second for its hint; one after the other they would exceed Salesforce's 60."""
    meeting = asyncio.Barrier(AT_A_TIME)

    async def meet() -> None:
        async with asyncio.timeout(30):
            await meeting.wait()

    async def is_counted() -> None:
        """The transaction ahead of each, which counts it."""

    desk.stage.rows.rivals.extend([is_counted, meet] * AT_A_TIME)
    response = await desk.receive(outbound_message(schools(AT_A_TIME), desk.settings))
    assert ACK in response.get_body()
