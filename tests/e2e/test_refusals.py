"""Each error of Partner Center decides by itself what becomes of a request, wherever it is met."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox.partner_center import Operation, Outcome, PartnerCenterThread, Qualification, ReplyName, Vetting
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World

CODES: dict[ReplyName, tuple[str, int]] = {
    ReplyName.REQUEST_TIMEOUT: ("http-408", 408),
    ReplyName.INTERNAL_ERROR: ("800003", 500),
    ReplyName.INTERNAL_ERROR_TEXT: ("http-500", 500),
    ReplyName.BAD_GATEWAY: ("http-502", 502),
    ReplyName.SERVICE_UNAVAILABLE: ("900192", 503),
    ReplyName.GATEWAY_TIMEOUT: ("http-504", 504),
    ReplyName.NOT_RETRYABLE: ("600099", 500),
    ReplyName.CONFLICT: ("409", 409),
    ReplyName.REDIRECT: ("http-302", 302),
    ReplyName.TAGGING_DENIED: ("http-400", 400),
    ReplyName.ALREADY_IN_REVIEW: ("800002", 400),
    ReplyName.NO_RELATIONSHIP: ("20002", 403),
    ReplyName.INSUFFICIENT_PRIVILEGES: ("900308", 403),
    ReplyName.INVALID_CUSTOMER: ("900118", 400),
    ReplyName.TENANT_NOT_FOUND: ("60003", 404),
    ReplyName.ACCOUNT_UNDER_REVIEW: ("800073", 403),
    ReplyName.IN_PROGRESS: ("800060", 409),
    ReplyName.MFA_REQUIRED: ("900421", 401),
    ReplyName.MFA_REQUIRED_TEXT: ("10001", 401),
    ReplyName.AUTHORIZATION_FAILED: ("1002", 403),
    ReplyName.ROLE_MISSING: ("http-403", 403),
    ReplyName.PERMISSION_MISSING: ("Forbidden", 403),
    ReplyName.METHOD_NOT_ALLOWED: ("http-405", 405),
    ReplyName.NOT_ACCEPTABLE: ("http-406", 406),
    ReplyName.PROXY_FORBIDDEN: ("http-403", 403),
    ReplyName.PROXY_NOT_FOUND: ("http-404", 404),
    ReplyName.PROXY_SIGN_IN: ("http-407", 407),
}
"""The code that is kept and the HTTP status, of every reply but 429, which has a module of its own, and 2xx."""

ACCEPTED = {ReplyName.ACCEPTED_EMPTY, ReplyName.NO_CONTENT, ReplyName.PROXY_PAGE}
"""These accept a POST, whoever sends them: nothing tells a proxy's page with 200 from a body nobody has seen."""
FINAL = {ReplyName.TAGGING_DENIED, ReplyName.ALREADY_IN_REVIEW}
ONE_CUSTOMER = {
    *(ReplyName.NO_RELATIONSHIP, ReplyName.INSUFFICIENT_PRIVILEGES),
    *(ReplyName.INVALID_CUSTOMER, ReplyName.TENANT_NOT_FOUND),
}
UNDER_REVIEW = {ReplyName.ACCOUNT_UNDER_REVIEW, ReplyName.IN_PROGRESS}
IN_DOUBT = {name for name, (_, status) in CODES.items() if status >= 500 or status in {302, 408}} | {ReplyName.CONFLICT}
PARTNER_WIDE = set(CODES) - FINAL - ONE_CUSTOMER - UNDER_REVIEW - IN_DOUBT
ELSEWHERE = {
    *(ReplyName.PERMISSION_MISSING, ReplyName.METHOD_NOT_ALLOWED, ReplyName.NOT_ACCEPTABLE),
    *(ReplyName.PROXY_FORBIDDEN, ReplyName.PROXY_NOT_FOUND, ReplyName.PROXY_SIGN_IN),
}
"""Not in Partner Center's words: somebody else speaks."""
CASES = [
    (operation, name) for operation in (Operation.POST, Operation.GET) for name in CODES if name not in PARTNER_WIDE
]


def leaves_doubt(operation: Operation, name: ReplyName) -> bool:
    """Whether nobody knows after this answer what became of the call."""
    return operation is Operation.POST and name in IN_DOUBT


@dataclass(frozen=True)
class Case:
    """A request whose calls of one kind were all answered with one reply, until it had `refused` to go on."""

    customer: Customer
    accepted: httpx.Response
    refused: dict[str, Any]
    effects: int


def met(service: Service, begun: dict[Any, tuple[httpx.Response, Customer, int]], code: Any) -> dict[Any, Case]:
    """The cases once each has met its error; each recovers then."""
    cases: dict[Any, Case] = {}

    def all_have() -> bool:
        for key, (accepted, customer, fault) in begun.items():
            resource = service.status(accepted) if key not in cases else {}
            if (resource.get("error") or {}).get("code") == code(key):
                cases[key] = Case(customer, accepted, resource, customer.effective_posts)
                customer.recovers(fault)
        return len(cases) == len(begun)

    eventually(all_have)
    return cases


@pytest.fixture(scope="module")
def service(world: World) -> Service:
    """With a while between a doubt and the next POST, in which each of many requests can be asked for its error."""
    return world.service(RESEND_AFTER="PT10S")


@pytest.fixture(scope="module")
def cases(world: World, service: Service) -> dict[tuple[Operation, ReplyName], Case]:
    """All of them at the same time: every request meets its error, then Partner Center recovers.

    An error that leaves a doubt befalls one POST only: after a second the service would ask a person.
    """
    begun = {}
    for operation, name in CASES:
        customer = Customer(world.partner_center)
        fault = customer.suffers(operation, then=name, times=1 if leaves_doubt(operation, name) else None)
        begun[operation, name] = service.request(customer.id, EDUCATION), customer, fault
    return met(service, begun, lambda case: CODES[case[1]][0])


def test_every_reply_is_covered() -> None:
    """A reply that the simulator learns one day belongs here."""
    assert set(CODES) | ACCEPTED | {ReplyName.THROTTLED} == set(ReplyName)
    assert not set(CODES) & ACCEPTED


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_an_error_fails_the_request_or_is_tried_again(
    service: Service,
    events: Subscriber,
    cases: dict[tuple[Operation, ReplyName], Case],
    operation: Operation,
    name: ReplyName,
) -> None:
    """A refusal is final and says what to do; all else waits and goes on once Partner Center does, with one effect."""
    case = cases[operation, name]
    error = case.refused["error"]
    assert (error["code"], error["httpStatus"]) == CODES[name]
    assert error["description"]
    assert error["correlationId"] in {call.correlation_id for call in case.customer.calls(operation)}
    assert case.refused["remedy"]
    assert case.effects == 0
    if name in FINAL:
        assert case.refused["status"] == "Failed"
        (failed,) = events.hears(case.customer.id, "Failed")
        assert failed.data["error"] == error
        assert failed.data["remedy"] == case.refused["remedy"]
        return
    assert case.refused["status"] == ("Submitting" if leaves_doubt(operation, name) else "Queued")
    approved = service.reaches(case.accepted, "Approved")
    assert approved["error"] is approved["remedy"] is None
    assert case.customer.effective_posts == 1


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_what_is_waited_for_is_published(
    events: Subscriber, cases: dict[tuple[Operation, ReplyName], Case], operation: Operation, name: ReplyName
) -> None:
    """A customer that is out of reach or under review is worth a word; a doubt that ends in time is not."""
    about = events.received(cases[operation, name].customer.id, "attention")
    reasons = {
        **dict.fromkeys(ONE_CUSTOMER, "customer-unreachable"),
        **dict.fromkeys(UNDER_REVIEW, "account-under-review"),
    }
    assert {event.data["reason"] for event in about} == ({reasons[name]} if name in reasons else set())


@pytest.mark.parametrize("name", sorted(PARTNER_WIDE))
def test_what_concerns_everybody_is_met_once_and_published_about_the_partner(
    partner: Service, partner_center: PartnerCenterThread, events: Subscriber, name: ReplyName
) -> None:
    """The sign-in, or a proxy in between: no request fails, and the first one that gets through ends it for all."""
    customer, other = Customer(partner_center), Customer(partner_center)
    faults = [each.suffers(Operation.POST, then=name) for each in (customer, other)]
    subject = partner_center.credentials.tenant_id
    before = len({event.message_id for event in events.received(subject, "attention")})
    waiting = [partner.request(each.id, EDUCATION) for each in (customer, other)]
    for accepted in waiting:
        resource = partner.waits(accepted, "partner-center-unreachable" if name in ELSEWHERE else "access-lost")
        assert (resource["status"], resource["waitingFor"]["kind"]) == ("Queued", "cause")
        assert resource["waitingFor"]["remedy"]
    partner_center.run(lambda state: [state.faults.clear(fault) for fault in faults])
    for each, accepted in zip((customer, other), waiting, strict=True):
        assert partner.reaches(accepted, "Approved")["waitingFor"] is None
        assert each.effective_posts == 1
        events.hears(each.id, "InReview", "Approved")
    assert len({event.message_id for event in events.received(subject, "attention")}) == before + 1


def test_a_redirect_is_not_followed(world: World, cases: dict[tuple[Operation, ReplyName], Case]) -> None:
    """A token goes to Partner Center and nowhere else."""
    assert cases
    paths = world.partner_center.run(lambda state: {call.path for call in state.books.calls(Operation.OTHER)})
    assert "/elsewhere" not in paths


@pytest.fixture(scope="module")
def reviewed(world: World, service: Service) -> dict[ReplyName, Case]:
    """Requests in review whose next looks all fail, then Partner Center recovers and approves."""
    names = [name for name in CODES if name not in PARTNER_WIDE]
    customers = {name: Customer(world.partner_center) for name in names}
    for customer in customers.values():
        customer.behaves(education=Vetting(outcome=Outcome.NEVER))
    accepted = {name: service.request(customer.id, EDUCATION) for name, customer in customers.items()}
    for name in names:
        service.reaches(accepted[name], "InReview")
    faults = {name: customers[name].suffers(Operation.GET, then=name) for name in names}
    begun = {name: (accepted[name], customers[name], faults[name]) for name in names}
    cases = met(service, begun, lambda name: CODES[name][0])
    for customer in customers.values():
        customer.is_decided(Qualification.EDUCATION, "Approved")
    return cases


@pytest.mark.parametrize("name", [name for name in CODES if name not in PARTNER_WIDE])
def test_a_look_that_fails_never_fails_the_request(
    service: Service, reviewed: dict[ReplyName, Case], name: ReplyName
) -> None:
    """It stays in review with the error beside it, and ends as Partner Center decides.

    A customer that is gone is read again after a day, or when a person says so.
    """
    case = reviewed[name]
    assert case.refused["status"] == "InReview"
    assert case.refused["error"]["code"] == CODES[name][0]
    if name in ONE_CUSTOMER:
        assert service.act("retry", case.refused).status_code == 200
    assert service.reaches(case.accepted, "Approved")["error"] is None
    assert case.customer.posts == 1
