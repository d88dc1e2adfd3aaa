"""A customer's three education verifications, and what cannot be combined."""

import httpx
import pytest

from sandbox.partner_center import Operation, Outcome, Qualification, Vetting
from sandbox.partner_center.vocabulary import DENIAL_REASONS
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, GOVERNMENT, Service
from tests.e2e.subscriber import Subscriber

CONFIRMED = EDUCATION | {"confirmLastAttempt": True}


def denied(service: Service, customer: Customer, content: dict[str, object]) -> None:
    """Use one verification up; no two denials of one second have the same reason, or they were one and the same row."""
    reason = DENIAL_REASONS[customer.posts]
    customer.behaves(education=Vetting(outcome=Outcome.DENIED, after=0, reason=reason))
    service.reaches(service.request(customer.id, content), "Denied")


@pytest.fixture
def waiting(service: Service, customer: Customer) -> httpx.Response:
    """The third request of a customer that was denied twice."""
    for _ in range(2):
        denied(service, customer, dict(EDUCATION))
    accepted = service.request(customer.id, EDUCATION)
    service.waits(accepted, "last-attempt")
    return accepted


@pytest.mark.parametrize("by", ["api", "webhook"])
def test_the_third_request_waits_until_somebody_confirms_it(
    service: Service, customer: Customer, events: Subscriber, waiting: httpx.Response, by: str
) -> None:
    """No call, one alarm; a second request that confirms is answered with the first one's Location and lets it go on."""
    resource = service.status(waiting)
    assert resource["status"] == "Queued"
    assert resource["waitingFor"]["kind"] == "decision"
    assert "confirm" in resource["waitingFor"]["remedy"]
    assert (customer.posts, resource["attempts"], resource["attemptsLeft"]) == (2, 0, 1)
    twice_denied = ("InReview", "Denied") * 2
    events.hears(customer.id, *twice_denied, "last-attempt")
    customer.behaves(education=Vetting(after=0))
    if by == "api":
        confirmation = service.request(customer.id, CONFIRMED)
    else:
        confirmation = service.webhook(CONFIRMED | {"customerTenantId": customer.id})
    assert confirmation.status_code == 202
    assert confirmation.headers["location"] == waiting.headers["location"]
    service.reaches(waiting, "Approved")
    assert customer.effective_posts == 3
    events.hears(customer.id, *twice_denied, "last-attempt", "Approved")


def test_a_request_that_confirms_from_the_start_does_not_wait(service: Service, customer: Customer) -> None:
    """The third one goes out at once, the fourth fails without a call and says so."""
    for content in (EDUCATION, EDUCATION, CONFIRMED):
        denied(service, customer, dict(content))
    posts = customer.posts
    resource = service.reaches(service.request(customer.id, CONFIRMED), "Failed")
    assert resource["error"]["code"] == "education-budget-spent"
    assert resource["error"]["httpStatus"] is None
    assert "support" in resource["remedy"]
    assert posts == customer.posts == 3


def test_a_request_that_partner_center_never_took_does_not_count(service: Service, customer: Customer) -> None:
    """A refusal costs no verification."""
    number = customer.suffers(Operation.POST, then="taggingDenied")
    for _ in range(3):
        service.reaches(service.request(customer.id, EDUCATION), "Failed")
    customer.recovers(number)
    service.reaches(service.request(customer.id, EDUCATION), "Approved")


@pytest.mark.parametrize(
    ("held", "wanted"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)], ids=["beside education", "beside GCC"]
)
def test_government_and_education_exclude_each_other(
    service: Service, customer: Customer, held: dict[str, str], wanted: dict[str, str]
) -> None:
    """Refused here, without a POST."""
    service.reaches(service.request(customer.id, held), "Approved")
    resource = service.reaches(service.request(customer.id, wanted), "Failed")
    assert resource["error"]["code"] == "qualifications-cannot-be-combined"
    assert resource["remedy"]
    assert customer.posts == 1


def test_what_partner_center_has_already_is_adopted(service: Service, customer: Customer) -> None:
    """Somebody set it by hand: no POST, and the request ends as it stands there."""
    customer.is_decided(Qualification.EDUCATION, "Approved")
    resource = service.reaches(service.request(customer.id, EDUCATION), "Approved")
    assert [entry["status"] for entry in resource["history"]] == ["Queued", "Approved"]
    assert customer.posts == 0
