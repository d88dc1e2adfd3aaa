"""The host dies in the middle of everything (SIGKILL); a new one on the same store finishes all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from sandbox.partner_center import Act, Moment, Operation, Outcome, Qualification, Vetting
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World

MOMENTS = ("just accepted", "looking", "posting, without effect", "posted, not yet answered", "in review")
KEY = "the key of the request in review"


@dataclass(frozen=True)
class Crash:
    """A service that was killed once, and the requests it had then."""

    service: Service
    requests: Mapping[str, tuple[Customer, httpx.Response]]


@pytest.fixture(scope="module")
def crash(world: World) -> Crash:
    """One host, killed while each of five requests was at another point, and started again."""
    service = world.service(PARTNER_CENTER_TIMEOUT="PT0.5S", ADVANCE_SCHEDULE="* * * * * *")
    customers = {moment: Customer(world.partner_center) for moment in MOMENTS}
    for customer in customers.values():
        customer.behaves(education=Vetting(outcome=Outcome.NEVER))
    requests = {"in review": service.request(customers["in review"].id, EDUCATION, KEY)}
    service.reaches(requests["in review"], "InReview")
    customers["looking"].suffers(Operation.GET, times=1, then=Act.HANG)
    customers["posting, without effect"].suffers(Operation.POST, times=1, then=Act.HANG)
    customers["posted, not yet answered"].suffers(Operation.POST, times=1, then=Act.HANG, moment=Moment.AFTER)
    under_way = {
        "looking": Operation.GET,
        "posting, without effect": Operation.POST,
        "posted, not yet answered": Operation.POST,
    }
    requests |= {moment: service.request(customers[moment].id, EDUCATION) for moment in under_way}
    for moment, operation in under_way.items():
        eventually(partial(customers[moment].calls, operation))
    accepted = service.request(customers["just accepted"].id, EDUCATION)
    service.kill()
    service.start()
    assert accepted.status_code == 202
    requests["just accepted"] = accepted
    return Crash(service, {moment: (customers[moment], requests[moment]) for moment in MOMENTS})


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_request_survives_the_death_of_its_host(crash: Crash, events: Subscriber, moment: str) -> None:
    """Whatever was being done for it: it ends as Partner Center decides, with one effective POST and all its events."""
    customer, accepted = crash.requests[moment]
    crash.service.reaches(accepted, "InReview")
    customer.is_decided(Qualification.EDUCATION, "Approved")
    crash.service.reaches(accepted, "Approved")
    assert customer.effective_posts == 1
    assert customer.posts == (2 if moment == "posting, without effect" else 1)
    told = events.hears(customer.id, "InReview", "Approved")
    assert {event.data["sequence"] for event in told} == {1, 2}


def test_a_restart_forgets_no_idempotency_key(crash: Crash) -> None:
    """The same key after the restart is the same request."""
    customer, accepted = crash.requests["in review"]
    again = crash.service.request(customer.id, EDUCATION, KEY)
    assert again.status_code == 202
    assert again.headers["location"] == accepted.headers["location"]
