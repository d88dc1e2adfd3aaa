"""What an operator meets: dead letters that explain themselves, and requests that go on without a hand on the store."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage, ServiceBusReceivedMessage

from sandbox.partner_center import Act, Operation, ReplyName
from sandbox.service_bus import BrokerThread, Topology
from sandbox.world import TOPOLOGY
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, STATE_OWNED, Service
from tests.e2e.world import World

QUEUE = "qualification-requests"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world whose queue gives a message up at its first failure."""
    broker = BrokerThread(Topology.load(TOPOLOGY).with_properties(QUEUE, MaxDeliveryCount=1))
    with World(tmp_path_factory.mktemp("world"), broker) as world:
        yield world


@pytest.fixture(scope="module")
def service(world: World) -> Service:
    """A service on that queue."""
    return world.service(QUALIFICATION_QUEUE=QUEUE)


@pytest.fixture
def customer(world: World) -> Customer:
    """A new customer."""
    return Customer(world.partner_center)


def dead_letters(world: World) -> list[ServiceBusReceivedMessage]:
    """What is on the dead-letter queue."""
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_receiver(QUEUE, sub_queue="deadletter") as receiver,
    ):
        return receiver.peek_messages(10)


def test_a_hint_that_meets_a_store_that_is_down_costs_no_request(
    world: World, service: Service, customer: Customer
) -> None:
    """It is done and no dead letter; once the store is back the timer goes on, and nobody sends anything."""
    customer.suffers(Operation.GET, delay=0.7, then=Act.PROCEED, times=1)
    accepted = service.request(customer.id, STATE_OWNED)
    request_id = accepted.json()["requestId"]
    with closing(sqlite3.connect(service.folder / "records.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        eventually(lambda: f"hint_given_back requestId={request_id}" in service.log)
    service.reaches(accepted, "Approved")
    assert customer.effective_posts == 1
    assert world.broker.counts()[QUEUE].dead_lettered == 0


def test_a_message_that_was_given_up_explains_itself(world: World, service: Service) -> None:
    """It says why, and which request it was to point to."""
    body = {"customerTenantId": str(uuid4()), "requestId": str(uuid4())}
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_sender(service.settings["QUALIFICATION_QUEUE"]) as sender,
    ):
        sender.send_messages(ServiceBusMessage(json.dumps(body)))
    eventually(lambda: world.broker.counts()[QUEUE].dead_lettered)
    (letter,) = dead_letters(world)
    assert letter.dead_letter_reason == "MaxDeliveryCountExceeded"
    assert letter.dead_letter_error_description
    assert json.loads(str(letter)) == body
    assert body["requestId"] in service.log


def test_after_a_failure_a_new_request_begins_anew(service: Service, customer: Customer) -> None:
    """The first stays as it ended, for the record; the second is posted, with nothing to clear away before."""
    refusal = customer.suffers(Operation.POST, then=ReplyName.TAGGING_DENIED)
    failed = service.reaches(service.request(customer.id, EDUCATION, "first"), "Failed")
    assert failed["remedy"]
    customer.recovers(refusal)
    assert service.request(customer.id, EDUCATION, "first").json()["status"] == "Failed"
    approved = service.reaches(service.request(customer.id, EDUCATION, "second"), "Approved")
    assert approved["requestId"] != failed["requestId"]
    assert [each["status"] for each in service.list(customer.id)] == ["Approved", "Failed"]
    assert customer.effective_posts == 1
