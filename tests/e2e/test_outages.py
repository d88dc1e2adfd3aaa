"""What the service depends on goes away and comes back: no accepted request is lost, none is sent twice."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from sandbox.partner_center import Outcome, PartnerCenterThread, Qualification, Vetting
from sandbox.record_store import make_store
from sandbox.service_bus import BrokerThread
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.problem_details import problem_of
from tests.e2e.service import EDUCATION, STATE_OWNED, Service
from tests.e2e.subscriber import Received, Subscriber
from tests.e2e.world import World, topology

PROMISED = 2.0
"""Seconds within which a request is answered, whatever Service Bus does."""


def _unhealthy(service: Service) -> list[httpx.Response]:
    answer = service.call("GET", "/api/health", key=False)
    return [answer] if answer.status_code == 503 else []


def nothing_is_accepted(service: Service, customer: Customer) -> None:
    """Every call is answered 503 with Retry-After, and health says so without telling where the store is."""
    answers = (
        service.request(customer.id, STATE_OWNED),
        service.webhook(STATE_OWNED | {"customerTenantId": customer.id}),
        service.call("GET", f"/api/customers/{customer.id}/qualifications"),
    )
    for answer in answers:
        problem_of(answer, 503, "store-unavailable")
        assert int(answer.headers["retry-after"]) > 0
    # A report is good for some seconds.
    [health] = eventually(lambda: _unhealthy(service))
    assert health.json()["status"] == "unhealthy"
    assert health.json()["checks"]["recordStore"] != "ok"
    assert "store-that-comes-back" not in health.text


def test_while_the_store_is_down_nothing_is_accepted(world: World, customer: Customer) -> None:
    """No folder, a file in its place, then a folder in the place of its file; once there is a store it is used."""
    folder = world.folder / "store-that-comes-back"
    service = world.service(RecordStorage=f"sqlite:///{folder}/records.db")
    nothing_is_accepted(service, customer)
    assert not folder.exists()
    folder.touch()
    nothing_is_accepted(service, customer)
    folder.unlink()
    (folder / "records.db").mkdir(parents=True)
    nothing_is_accepted(service, customer)
    eventually(lambda: "advance_requests failed" in service.log)
    assert customer.calls() == []
    (folder / "records.db").rmdir()
    make_store(service.settings)
    service.reaches(service.request(customer.id, STATE_OWNED), "Approved")


@dataclass(frozen=True)
class Bus:
    """A service with a broker of its own, which may be interrupted."""

    broker: BrokerThread
    service: Service

    @property
    def health(self) -> str:
        """The service's own verdict."""
        verdict: str = self.service.call("GET", "/api/health", key=False).json()["status"]
        return verdict

    def hears(self, customer: Customer, *news: str) -> list[Received]:
        """Resume, and wait for what a new subscriber is told about a customer."""
        self.broker.resume()
        with Subscriber(self.broker.connection_string, ["all"]) as subscriber:
            return subscriber.hears(customer.id, *news)


@pytest.fixture(scope="module")
def bus(world: World) -> Iterator[Bus]:
    """Service and broker know each other before anything goes wrong."""
    with BrokerThread(topology()) as broker:
        bus = Bus(broker, world.service(broker=broker))
        eventually(lambda: bus.health == "healthy")
        yield bus
        bus.service.stop()


def is_promptly_accepted(bus: Bus, customer: Customer) -> httpx.Response:
    """Take a request while Service Bus is away."""
    began = time.monotonic()
    accepted = bus.service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    assert time.monotonic() - began < PROMISED
    assert bus.service.status(accepted)["status"] == "Queued"
    return accepted


def test_a_request_is_accepted_while_service_bus_is_down(bus: Bus, customer: Customer) -> None:
    """202 within two seconds, health degraded; the request goes on when Service Bus is back, and is told then."""
    bus.broker.interrupt()
    accepted = is_promptly_accepted(bus, customer)
    eventually(lambda: bus.health == "degraded")
    assert bus.service.call("GET", "/api/health", key=False).status_code == 200
    assert customer.calls() == []
    bus.hears(customer, "Approved")
    bus.service.reaches(accepted, "Approved")


def test_events_of_an_outage_are_told_in_order_afterwards(bus: Bus, customer: Customer) -> None:
    """Links that were open break; reviews go on, what they find waits in the outbox, and requests are taken."""
    customer.behaves(education=Vetting(outcome=Outcome.NEVER))
    accepted = bus.service.request(customer.id, EDUCATION)
    bus.service.reaches(accepted, "InReview")
    bus.broker.interrupt()
    is_promptly_accepted(bus, Customer(customer.partner_center))
    customer.is_decided(Qualification.EDUCATION, "NewWord")
    bus.service.until(accepted, lambda resource: resource["vettingStatus"] == "NewWord")
    customer.is_decided(Qualification.EDUCATION, "Approved")
    bus.service.reaches(accepted, "Approved")
    told = bus.hears(customer, "InReview", "unknown-vetting-status", "Approved")
    assert [event.data["sequence"] for event in told] == [1, 2, 3]


@pytest.mark.parametrize("kind", ["unreachable", "outage"])
def test_requests_wait_while_partner_center_is_down(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber, kind: str
) -> None:
    """Refused connections or 503 from everything, sign-in included: they go on afterwards, with one POST."""
    customer = Customer(partner_center)
    if kind == "unreachable":
        partner_center.interrupt()
    else:
        partner_center.run(lambda state: setattr(state.settings, "outage", True))
    accepted = partner.request(customer.id, EDUCATION)
    resource = partner.until(accepted, lambda resource: resource["error"] is not None)
    assert (resource["status"], resource["attempts"]) == ("Queued", 0)
    assert resource["error"]["httpStatus"] == (None if kind == "unreachable" else 503)
    partner_center.resume()
    partner_center.run(lambda state: setattr(state.settings, "outage", False))
    partner.reaches(accepted, "Approved")
    assert customer.posts == 1
    events.hears(customer.id, "InReview", "Approved")
