"""A queue message that this service did not write ends in the dead-letter queue and disturbs nothing else."""

import json
from uuid import uuid4

import pytest
from azure.servicebus import ServiceBusClient, ServiceBusMessage

from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import GOVERNMENT, STATE_OWNED, Service
from tests.e2e.world import World

STRANGERS = {
    "not JSON": "<hello/>",
    "a list": "[]",
    "no ids": json.dumps({"hello": "world"}),
    "ids that are no GUIDs": json.dumps({"customerTenantId": "contoso", "requestId": 7}),
    "ids that nobody knows": json.dumps({"customerTenantId": str(uuid4()), "requestId": str(uuid4())}),
    "metadata names": json.dumps(
        {"MessageId": "x", "DeliveryCount": "many", "EnqueuedTimeUtc": "never", "LockToken": 1, "Subject": {}}
    ),
    "no body": "",
}


@pytest.fixture(scope="module")
def own_service(world: World) -> Service:
    """A service of its own, with all strangers on its queue."""
    service = world.service()
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_sender(service.settings["QUALIFICATION_QUEUE"]) as sender,
    ):
        sender.send_messages([ServiceBusMessage(body, message_id=name) for name, body in STRANGERS.items()])
    return service


def test_what_is_not_ours_is_dead_lettered(world: World, own_service: Service) -> None:
    """By delivery count: each is tried, fails, and in the end is put aside whole."""
    queue = own_service.settings["QUALIFICATION_QUEUE"]
    eventually(lambda: world.broker.counts()[queue].dead_lettered == len(STRANGERS))
    assert sorted(world.dead_letters(own_service)) == sorted(STRANGERS.values())
    assert world.broker.counts()[queue].active == 0


def test_requests_go_on_beside_what_is_not_ours(own_service: Service, customer: Customer) -> None:
    """Nothing waits behind a message that fails."""
    own_service.reaches(own_service.request(customer.id, STATE_OWNED), "Approved")


def test_ids_are_read_from_the_body_even_where_it_overwrites_the_metadata(
    world: World, own_service: Service, customer: Customer
) -> None:
    """Members named like metadata do not stop a message that names a request; a repeat does nothing."""
    accepted = own_service.request(customer.id, STATE_OWNED)
    resource = own_service.reaches(accepted, "Approved")
    body = {"customerTenantId": customer.id, "requestId": resource["requestId"], "MessageId": "x", "Subject": "y"}
    queue = own_service.settings["QUALIFICATION_QUEUE"]
    dead = world.broker.counts()[queue].dead_lettered
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_sender(queue) as sender,
    ):
        sender.send_messages(ServiceBusMessage(json.dumps(body)))
    eventually(lambda: f"request {resource['requestId']} is Approved: nothing to submit" in own_service.log)
    assert own_service.status(accepted) == resource
    assert world.broker.counts()[queue].dead_lettered == dead


def test_a_queue_message_is_a_pointer_and_nothing_else(world: World, customer: Customer) -> None:
    """Two ids, no payload, no code, no session; its own id makes a repeat recognizable."""
    service = world.service(also={"AzureWebJobs.submit_request.Disabled": "true"}, RETRY_FIRST="PT1H", RETRY_MAX="PT1H")
    code = f"OWN-{uuid4().hex}"
    world.secrets.add(code)
    accepted = service.request(customer.id, GOVERNMENT | {"validationCode": code})
    request_id = accepted.json()["requestId"]
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_receiver(service.settings["QUALIFICATION_QUEUE"]) as receiver,
    ):
        (message,) = receiver.peek_messages(10)
    assert json.loads(str(message)) == {"customerTenantId": customer.id, "requestId": request_id}
    assert message.message_id == f"{request_id}:1"
    assert message.session_id is None
    assert code not in str(message)
    assert not message.application_properties
