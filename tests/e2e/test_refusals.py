"""Each error of Partner Center decides by itself what becomes of a request, wherever it is met."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from sandbox.partner_center import Operation, Outcome, Qualification, ReplyName, Vetting
from tests.e2e.customer import Customer
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
    ReplyName.TAGGING_DENIED: ("http-400", 400),
    ReplyName.MFA_REQUIRED: ("900421", 401),
    ReplyName.AUTHORIZATION_FAILED: ("1002", 403),
    ReplyName.NO_RELATIONSHIP: ("20002", 403),
    ReplyName.INSUFFICIENT_PRIVILEGES: ("900308", 403),
    ReplyName.CONFLICT: ("409", 409),
    ReplyName.REDIRECT: ("http-302", 302),
}
"""The code that is kept and the HTTP status, of every reply but 429, which has a module of its own."""

NOT_YET = {
    *(ReplyName.ACCEPTED_EMPTY, ReplyName.NO_CONTENT, ReplyName.MFA_REQUIRED_TEXT, ReplyName.ROLE_MISSING),
    *(ReplyName.PERMISSION_MISSING, ReplyName.INVALID_CUSTOMER, ReplyName.TENANT_NOT_FOUND),
    *(ReplyName.ACCOUNT_UNDER_REVIEW, ReplyName.ALREADY_IN_REVIEW, ReplyName.IN_PROGRESS),
    *(ReplyName.METHOD_NOT_ALLOWED, ReplyName.NOT_ACCEPTABLE, ReplyName.PROXY_PAGE, ReplyName.PROXY_FORBIDDEN),
    *(ReplyName.PROXY_NOT_FOUND, ReplyName.PROXY_SIGN_IN),
}
"""What the simulator can answer and the service has no rule of its own for; each moves to `CODES` with its rule."""

FINAL = {ReplyName.NOT_RETRYABLE, ReplyName.TAGGING_DENIED, ReplyName.NO_RELATIONSHIP}
PARTNER_WIDE = {ReplyName.MFA_REQUIRED, ReplyName.AUTHORIZATION_FAILED}
CASES = [(operation, name) for operation in (Operation.POST, Operation.GET) for name in CODES]


@dataclass(frozen=True)
class Case:
    """A request whose calls of one kind were all answered with one reply, until it had `refused` to go on."""

    customer: Customer
    accepted: httpx.Response
    refused: dict[str, Any]
    effects: int


def has_error(resource: dict[str, Any]) -> bool:
    """Whether something went wrong with a request."""
    return resource["error"] is not None


@pytest.fixture(scope="module")
def cases(world: World, service: Service) -> dict[tuple[Operation, ReplyName], Case]:
    """All of them at the same time: every request meets its error, then Partner Center recovers."""
    customers = {case: Customer(world.partner_center) for case in CASES}
    faults = {case: customer.suffers(case[0], then=case[1]) for case, customer in customers.items()}
    accepted = {case: service.request(customer.id, EDUCATION) for case, customer in customers.items()}
    refused = {case: service.until(accepted[case], has_error) for case in CASES}
    effects = {case: customer.effective_posts for case, customer in customers.items()}
    for case, customer in customers.items():
        customer.recovers(faults[case])
    return {case: Case(customers[case], accepted[case], refused[case], effects[case]) for case in CASES}


def test_every_reply_is_covered() -> None:
    """A reply that the simulator learns one day belongs here."""
    assert set(CODES) | NOT_YET == set(ReplyName) - {ReplyName.THROTTLED}
    assert not set(CODES) & NOT_YET


@pytest.mark.parametrize(("operation", "name"), CASES)
def test_an_error_fails_the_request_or_is_tried_again(
    service: Service,
    events: Subscriber,
    cases: dict[tuple[Operation, ReplyName], Case],
    operation: Operation,
    name: ReplyName,
) -> None:
    """A refusal is final and says what to do; all else waits and goes on once Partner Center does, with one POST."""
    case = cases[operation, name]
    code, status = CODES[name]
    error = case.refused["error"]
    assert (error["code"], error["httpStatus"]) == (code, status)
    assert error["description"]
    assert error["correlationId"] in {call.correlation_id for call in case.customer.calls(operation)}
    assert case.refused["remedy"]
    assert case.effects == 0
    if name in FINAL:
        assert case.refused["status"] == "Failed"
        assert case.refused["nextCheckAt"] is None
        (failed,) = events.hears(case.customer.id, "Failed")
        assert failed.data["error"] == error
        assert failed.data["remedy"] == case.refused["remedy"]
        return
    assert case.refused["status"] in {"Queued", "Submitting"}
    approved = service.reaches(case.accepted, "Approved")
    assert approved["error"] is approved["remedy"] is None
    assert approved["attempts"] > 1
    assert case.customer.effective_posts == 1


def test_a_redirect_is_not_followed(world: World, cases: dict[tuple[Operation, ReplyName], Case]) -> None:
    """A token goes to Partner Center and nowhere else."""
    assert cases
    paths = world.partner_center.run(lambda state: {call.path for call in state.books.calls(Operation.OTHER)})
    assert "/elsewhere" not in paths


@pytest.fixture(scope="module")
def reviewed(world: World, service: Service) -> dict[ReplyName, Case]:
    """Requests in review whose next looks all fail, then Partner Center recovers and approves."""
    customers = {name: Customer(world.partner_center) for name in CODES}
    for customer in customers.values():
        customer.behaves(education=Vetting(outcome=Outcome.NEVER))
    accepted = {name: service.request(customer.id, EDUCATION) for name, customer in customers.items()}
    for name in CODES:
        service.reaches(accepted[name], "InReview")
    refused: dict[ReplyName, dict[str, Any]] = {}
    # What concerns the whole partner ends a round of reviews, so the others would wait for their looks.
    for group in (set(CODES) - PARTNER_WIDE, PARTNER_WIDE):
        faults = {name: customers[name].suffers(Operation.GET, then=name) for name in group}
        refused |= {name: service.until(accepted[name], has_error) for name in group}
        for name in group:
            customers[name].recovers(faults[name])
            customers[name].is_decided(Qualification.EDUCATION, "Approved")
    return {name: Case(customers[name], accepted[name], refused[name], 1) for name in CODES}


@pytest.mark.parametrize("name", CODES)
def test_a_look_that_fails_never_fails_the_request(
    service: Service, reviewed: dict[ReplyName, Case], name: ReplyName
) -> None:
    """It stays in review with the error beside it, and ends as Partner Center decides."""
    case = reviewed[name]
    assert case.refused["status"] == "InReview"
    assert case.refused["error"]["code"] == CODES[name][0]
    assert service.reaches(case.accepted, "Approved")["error"] is None
    assert case.customer.posts == 1
