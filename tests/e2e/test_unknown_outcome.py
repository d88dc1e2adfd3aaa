"""A POST without a clear answer is looked after, and never has an effect twice."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from sandbox.partner_center import Act, Moment, Operation, Outcome, ReplyName, Vetting
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World

EFFECTIVE: dict[str, dict[str, Any]] = {
    "silence": {"then": Act.HANG},
    "reset": {"then": Act.RESET},
    **{
        name: {"then": name}
        for name in (
            ReplyName.REQUEST_TIMEOUT,
            ReplyName.INTERNAL_ERROR,
            ReplyName.INTERNAL_ERROR_TEXT,
            ReplyName.BAD_GATEWAY,
            ReplyName.SERVICE_UNAVAILABLE,
            ReplyName.GATEWAY_TIMEOUT,
            ReplyName.CONFLICT,
            ReplyName.REDIRECT,
        )
    },
}
"""After these nobody knows whether the POST took effect."""
ACCEPTED: dict[str, dict[str, Any]] = {
    "not what is documented": {"then": {"status": 200, "document": {"hello": "world"}}},
    "an empty answer": {"then": {"status": 202}},
    "no content": {"then": {"status": 204}},
}
"""And these accept it, whatever their body is."""
INEFFECTIVE: dict[str, dict[str, Any]] = {
    "silence": {"then": Act.HANG},
    "reset": {"then": Act.RESET},
    "bad gateway": {"then": ReplyName.BAD_GATEWAY},
}
RESEND_AFTER = timedelta(seconds=3)
ROUNDING = timedelta(seconds=1)
"""Partner Center's `Date`, by which spans are measured, names whole seconds."""
LOOKS = 5
type Begun = dict[str, tuple[Customer, httpx.Response]]


def begin(world: World, service: Service, faults: dict[str, dict[str, Any]], **common: Any) -> Begun:
    """A request for each fault, which befalls its first POST; all under way at the same time."""

    def request(fault: dict[str, Any]) -> tuple[Customer, httpx.Response]:
        customer = Customer(world.partner_center)
        customer.suffers(Operation.POST, times=1, **common, **fault)
        return customer, service.request(customer.id, EDUCATION)

    return {name: request(fault) for name, fault in faults.items()}


@pytest.fixture(scope="module")
def late(world: World, service: Service) -> tuple[Customer, httpx.Response]:
    """A POST that takes effect after its caller's time-out."""
    customer = Customer(world.partner_center).behaves(education=Vetting(outcome=Outcome.NEVER))
    customer.suffers(Operation.POST, times=1, then=Act.PROCEED, delay=3.4)
    return customer, service.request(customer.id, EDUCATION)


@pytest.fixture(scope="module")
def effective(world: World, service: Service, late: tuple[Customer, httpx.Response]) -> Begun:
    """POSTs that took effect before all went wrong."""
    assert late
    return begin(world, service, EFFECTIVE | ACCEPTED, moment=Moment.AFTER)


@pytest.fixture(scope="module")
def ineffective(world: World, service: Service, effective: Begun) -> Begun:
    """POSTs that came to nothing."""
    assert effective
    return begin(world, service, INEFFECTIVE)


@pytest.mark.parametrize("name", EFFECTIVE | ACCEPTED)
def test_a_post_that_took_effect_is_found_and_adopted(
    service: Service, effective: Begun, ineffective: Begun, name: str
) -> None:
    """One POST in all: the service reads, and follows what it finds."""
    assert ineffective
    customer, accepted = effective[name]
    service.reaches(accepted, "Approved")
    assert customer.posts == customer.effective_posts == 1


@pytest.mark.parametrize("name", INEFFECTIVE)
def test_a_post_that_had_no_effect_is_sent_again(service: Service, ineffective: Begun, name: str) -> None:
    """After RESEND_AFTER and five reads; with the same MS-RequestId, because the first was never answered for certain."""
    customer, accepted = ineffective[name]
    service.reaches(accepted, "Approved")
    posts = customer.calls(Operation.POST)
    assert [post.effect for post in posts] == [False, True]
    assert len({post.request_id for post in posts}) == 1
    between = [call for call in customer.calls(Operation.GET) if posts[0].at < call.at < posts[1].at]
    assert len(between) >= LOOKS
    assert posts[1].at - posts[0].at >= RESEND_AFTER - ROUNDING
    assert service.status(accepted)["attempts"] == len(posts)


def test_a_post_that_is_never_answered_waits_for_a_person(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """Two POSTs go by themselves; then somebody is alerted, and sends it once more or ends it."""
    fault = customer.suffers(Operation.POST, then=Act.RESET)
    accepted = service.request(customer.id, EDUCATION)
    resource = service.waits(accepted, "outcome-unknown")
    assert (resource["status"], resource["attempts"], customer.posts) == ("Submitting", 2, 2)
    assert {"confirm", "cancel"} <= set(resource["allowedActions"])
    events.hears(customer.id, "outcome-unknown")
    customer.recovers(fault)
    assert service.act("confirm", service.status(accepted)).status_code == 200
    assert service.reaches(accepted, "Approved")["attempts"] == customer.posts == 3
    events.hears(customer.id, "outcome-unknown", "InReview", "Approved")


def test_an_acceptance_that_came_to_nothing_waits_for_a_person(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """204 and never a row: nothing is sent again by itself."""
    customer.suffers(Operation.POST, times=1, then={"status": 204})
    accepted = service.request(customer.id, EDUCATION)
    resource = service.waits(accepted, "review-overdue")
    assert (resource["status"], customer.posts) == ("InReview", 1)
    assert service.act("confirm", service.status(accepted)).status_code == 200
    service.reaches(accepted, "Approved")
    assert customer.posts == 2
    events.hears(customer.id, "InReview", "review-overdue", "Approved")


def test_a_refused_post_is_followed_by_one_of_another_ms_request_id(service: Service, customer: Customer) -> None:
    """The id is kept until an answer comes, and renewed after it."""
    number = customer.suffers(Operation.POST, then=ReplyName.INSUFFICIENT_PRIVILEGES)
    accepted = service.request(customer.id, EDUCATION)
    service.until(accepted, lambda resource: resource["error"] is not None)
    customer.recovers(number)
    service.reaches(accepted, "Approved")
    posts = customer.calls(Operation.POST)
    assert len({post.request_id for post in posts}) == len(posts) > 1


def test_a_post_that_takes_effect_when_nobody_waits_for_it_any_more_counts_once(
    service: Service, late: tuple[Customer, httpx.Response]
) -> None:
    """Nothing is sent again before RESEND_AFTER, and until then it shows."""
    customer, accepted = late
    service.reaches(accepted, "InReview")
    assert customer.posts == customer.effective_posts == 1


@pytest.mark.parametrize("content", [EDUCATION, GOVERNMENT], ids=["education", "government"])
def test_a_put_that_took_effect_is_found_and_adopted(
    service: Service, customer: Customer, content: dict[str, str]
) -> None:
    """The synchronous mode reads the same rows as the other."""
    customer.suffers(Operation.PUT, times=1, moment=Moment.AFTER, then=Act.RESET)
    service.reaches(service.request(customer.id, content | {"mode": "synchronous"}), "Approved")
    (put,) = customer.calls(Operation.PUT)
    assert put.effect
