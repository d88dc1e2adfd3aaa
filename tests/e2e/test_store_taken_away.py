"""The records' file goes away under a running service: nothing is acknowledged that a restart would not find."""

import json

from azure.servicebus import ServiceBusClient, ServiceBusMessage

from sandbox.record_store import make_store
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.problem_details import problem_of
from tests.e2e.service import STATE_OWNED, Service
from tests.e2e.world import World

HINTS = 12
"""Each of them delivered ten times within two seconds would be a dead letter."""


def send_hints(world: World, service: Service, customer_id: str, request_id: str) -> None:
    """Hints as the service writes them."""
    body = json.dumps({"customerTenantId": customer_id, "requestId": request_id})
    with (
        ServiceBusClient.from_connection_string(world.broker.connection_string) as client,
        client.get_queue_sender(service.settings["QUALIFICATION_QUEUE"]) as sender,
    ):
        sender.send_messages([ServiceBusMessage(body, message_id=f"{request_id}:{n}") for n in range(100, 100 + HINTS)])


def test_a_store_that_is_taken_away_and_put_back(world: World, customer: Customer) -> None:
    """503 and unhealthy meanwhile; hints are given back as done, and everything is there afterwards."""
    folder, away = world.folder / "store-taken-away", world.folder / "store-elsewhere"
    folder.mkdir()
    service = world.service(RecordStorage=f"sqlite:///{folder}/records.db")
    make_store(service.settings)
    accepted = service.request(customer.id, STATE_OWNED)
    request_id = service.reaches(accepted, "Approved")["requestId"]
    folder.rename(away)
    problem_of(service.request(customer.id, STATE_OWNED), 503, "store-unavailable")
    problem_of(service.webhook(STATE_OWNED | {"customerTenantId": customer.id}), 503, "store-unavailable")
    health = service.call("GET", "/api/health", key=False)
    assert (health.status_code, health.json()["status"]) == (503, "unhealthy")
    send_hints(world, service, customer.id, request_id)
    eventually(lambda: service.log.count("hint_given_back") >= HINTS)
    queue = service.settings["QUALIFICATION_QUEUE"]
    eventually(lambda: (counts := world.broker.counts()[queue]).active + counts.locked == 0)
    assert world.broker.counts()[queue].dead_lettered == 0
    assert not folder.exists(), "an empty store would hide that all records are gone"
    away.rename(folder)
    eventually(lambda: service.call("GET", accepted.headers["location"]).status_code == 200)
    assert service.status(accepted)["status"] == "Approved"
