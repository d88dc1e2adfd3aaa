"""A POST without a clear answer is looked after, and never has an effect twice."""

from typing import Any

import httpx
import pytest

from sandbox.partner_center import Act, Moment, Operation, Outcome, ReplyName, Vetting
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
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
    "not what is documented": {"then": {"status": 200, "document": {"hello": "world"}}},
    "an empty answer": {"then": {"status": 202}},
}
INEFFECTIVE: dict[str, dict[str, Any]] = {
    "silence": {"then": Act.HANG},
    "reset": {"then": Act.RESET},
    "bad gateway": {"then": ReplyName.BAD_GATEWAY},
    "an empty answer": {"then": {"status": 204}},
}
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
    return begin(world, service, EFFECTIVE, moment=Moment.AFTER)


@pytest.fixture(scope="module")
def ineffective(world: World, service: Service, effective: Begun) -> Begun:
    """POSTs that came to nothing."""
    assert effective
    return begin(world, service, INEFFECTIVE)


@pytest.mark.parametrize("name", EFFECTIVE)
def test_a_post_that_took_effect_is_found_and_adopted(
    service: Service, effective: Begun, ineffective: Begun, name: str
) -> None:
    """One POST in all: the next try looks, and follows what it finds."""
    assert ineffective
    customer, accepted = effective[name]
    service.reaches(accepted, "Approved")
    assert customer.posts == customer.effective_posts == 1


@pytest.mark.parametrize("name", INEFFECTIVE)
def test_a_post_that_had_no_effect_is_sent_again(service: Service, ineffective: Begun, name: str) -> None:
    """After a look; with the same MS-RequestId, because the first was never answered for certain."""
    customer, accepted = ineffective[name]
    service.reaches(accepted, "Approved")
    posts = customer.calls(Operation.POST)
    assert [post.effect for post in posts] == [False, True]
    assert len({post.request_id for post in posts}) == 1
    between = [call for call in customer.calls(Operation.GET) if posts[0].at < call.at < posts[1].at]
    assert between


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
    """Between the time-out and its effect another POST may arrive; Partner Center's 409 then leads to a look."""
    customer, accepted = late
    service.reaches(accepted, "InReview")
    eventually(lambda: not any(call.status is None for call in customer.calls(Operation.POST)[1:]))
    assert customer.effective_posts == 1


@pytest.mark.parametrize("content", [EDUCATION, GOVERNMENT], ids=["education", "government"])
def test_a_put_that_took_effect_is_found_and_adopted(
    service: Service, customer: Customer, content: dict[str, str]
) -> None:
    """The synchronous mode looks with its own GET."""
    customer.suffers(Operation.PUT, times=1, moment=Moment.AFTER, then=Act.RESET)
    service.reaches(service.request(customer.id, content | {"mode": "synchronous"}), "Approved")
    (put,) = customer.calls(Operation.PUT)
    assert put.effect
