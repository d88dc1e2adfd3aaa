"""The main ways of a request, from the CRM's webhook to the last event."""

import re
from uuid import uuid4

from sandbox.partner_center import Operation, Outcome, Qualification, Vetting
from tests.e2e.customer import Customer
from tests.e2e.eventually import eventually
from tests.e2e.service import EDUCATION, GOVERNMENT, STATE_OWNED, Service
from tests.e2e.subscriber import Subscriber
from tests.e2e.world import World


def statuses(resource: dict[str, list[dict[str, str]]]) -> list[str]:
    """The statuses of a request's history."""
    return [entry["status"] for entry in resource["history"]]


def test_education_is_approved_after_review(service: Service, customer: Customer, events: Subscriber) -> None:
    """One webhook leads to one POST, and record, history and events tell the same story."""
    accepted = service.webhook(EDUCATION | {"customerTenantId": customer.id})
    resource = service.reaches(accepted, "Approved")
    assert statuses(resource) == ["Queued", "Submitting", "InReview", "Approved"]
    assert resource["vettingStatus"] == "Approved"
    assert resource["error"] is resource["remedy"] is None
    assert resource["source"] == "standard"
    told = events.hears(customer.id, "InReview", "Approved")
    assert [event.data["previousStatus"] for event in told] == ["Submitting", "InReview"]
    assert [event.envelope["time"] for event in told] == [entry["at"] for entry in resource["history"][2:]]
    assert customer.posts == customer.effective_posts == 1
    assert customer.calls(Operation.GET)[0].at < customer.calls(Operation.POST)[0].at


def test_what_waits_is_logged_by_the_timer(service: Service) -> None:
    """Also where nothing does: an alert that reads these lines must end."""
    eventually(lambda: re.search(r"requests_waiting waiting=\d+ logged=\d+ more=\d+", service.log))


def test_what_the_crm_says_is_what_partner_center_gets(service: Service, customer: Customer) -> None:
    """Segment and website travel unchanged, and nothing else with them."""
    service.reaches(service.request(customer.id, EDUCATION), "Approved")
    (post,) = customer.calls(Operation.POST)
    assert post.body == b'{"qualification":"Education","educationSegment":"K12","website":"contoso.edu"}'


def test_a_denial_tells_its_reason_and_what_to_do(service: Service, customer: Customer, events: Subscriber) -> None:
    """Partner Center's reason word for word, and our remedy beside it, in the answer and in the event."""
    customer.behaves(education=Vetting(outcome=Outcome.DENIED, reason="Not an Academic Domain"))
    resource = service.reaches(service.request(customer.id, EDUCATION), "Denied")
    assert resource["vettingReason"] == "Not an Academic Domain"
    assert "own domain" in resource["remedy"]
    assert resource["reasonCode"] == "not-an-academic-domain"
    assert resource["nextCheckAt"], "Microsoft may change its mind"
    denied = events.hears(customer.id, "InReview", "Denied")[-1]
    assert denied.data["vettingReason"] == "Not an Academic Domain"
    assert denied.data["remedy"] == resource["remedy"]


def test_a_government_customer_gets_one_of_the_partners_codes(
    service: Service, customer: Customer, events: Subscriber, world: World
) -> None:
    """Without a code in the request, one with creates left is taken; it is granted without a review."""
    resource = service.reaches(service.request(customer.id, GOVERNMENT), "Approved")
    assert statuses(resource) == ["Queued", "Submitting", "Approved"]
    events.hears(customer.id, "Approved")
    (code,) = world.partner_center.run(lambda state: [code.validation_id for code in state.customers.codes])
    world.secrets.add(code)
    assert code.encode() in customer.calls(Operation.POST)[0].body


def test_a_government_customer_may_bring_its_own_code(service: Service, customer: Customer, world: World) -> None:
    """The code of the request is the one that Partner Center gets, and the partner's codes are not even read."""
    (code,) = world.partner_center.run(lambda state: [code.validation_id for code in state.customers.codes])
    world.secrets.add(code)
    before = world.partner_center.run(lambda state: state.books.count[Operation.CODES])
    service.reaches(service.request(customer.id, GOVERNMENT | {"validationCode": code}), "Approved")
    assert code.encode() in customer.calls(Operation.POST)[0].body
    assert world.partner_center.run(lambda state: state.books.count[Operation.CODES]) == before


def test_a_code_that_partner_center_repeats_in_an_error_is_blacked_out(
    service: Service, customer: Customer, events: Subscriber, world: World
) -> None:
    """A refusal may quote the code; what is kept of it does not."""
    code = f"OWN-{uuid4().hex}"
    world.secrets.add(code)
    refusal = {"status": 400, "document": {"code": "800002", "description": f"The code {code} is not valid."}}
    customer.suffers(Operation.POST, then=refusal)
    resource = service.reaches(service.request(customer.id, GOVERNMENT | {"validationCode": code}), "Failed")
    assert resource["error"]["description"] == "The code [redacted] is not valid."
    assert events.hears(customer.id, "Failed")[0].data["error"] == resource["error"]


def test_a_state_owned_entity_is_granted_without_any_status(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """No vetting status at all is a grant."""
    resource = service.reaches(service.request(customer.id, STATE_OWNED), "Approved")
    assert statuses(resource) == ["Queued", "Submitting", "Approved"]
    assert resource["vettingStatus"] is None
    events.hears(customer.id, "Approved")


def test_an_education_that_is_granted_at_once_skips_the_review(service: Service, customer: Customer) -> None:
    """Approved in the answer to the POST is the end of it."""
    customer.behaves(education=Vetting(after=0))
    resource = service.reaches(service.request(customer.id, EDUCATION), "Approved")
    assert statuses(resource) == ["Queued", "Submitting", "Approved"]


def test_the_synchronous_mode_sets_education_at_once(service: Service, customer: Customer, events: Subscriber) -> None:
    """The older PUT, no POST, and no review."""
    resource = service.reaches(service.request(customer.id, EDUCATION | {"mode": "synchronous"}), "Approved")
    assert resource["mode"] == "synchronous"
    assert (customer.posts, len(customer.calls(Operation.PUT))) == (0, 1)
    events.hears(customer.id, "Approved")


def test_the_synchronous_mode_sets_government_with_a_code(service: Service, customer: Customer) -> None:
    """The code travels in the URL of the PUT, which no log shows."""
    service.reaches(service.request(customer.id, GOVERNMENT | {"mode": "synchronous"}), "Approved")
    (put,) = customer.calls(Operation.PUT)
    assert put.body == b"3"
    assert put.effect


def test_a_withdrawn_approval_becomes_revoked(world: World, events: Subscriber) -> None:
    """An approved education is looked at again after REVIEW_APPROVED, and what is found is told."""
    customer = Customer(world.partner_center)
    service = world.service(REVIEW_APPROVED="PT0.5S", ADVANCE_SCHEDULE="* * * * * *")
    accepted = service.request(customer.id, EDUCATION)
    service.reaches(accepted, "Approved")
    customer.is_decided(Qualification.EDUCATION, "Denied", "No longer an Education Customer")
    resource = service.reaches(accepted, "Revoked")
    assert statuses(resource)[-2:] == ["Approved", "Revoked"]
    assert resource["vettingReason"] == "No longer an Education Customer"
    assert resource["remedy"]
    events.hears(customer.id, "InReview", "Approved", "Revoked")


def test_an_unknown_vetting_status_is_kept_reported_once_and_reviewed_on(
    service: Service, customer: Customer, events: Subscriber
) -> None:
    """A word that Microsoft adds one day neither ends nor fails a request."""
    customer.behaves(education=Vetting(outcome=Outcome.NEVER))
    accepted = service.request(customer.id, EDUCATION)
    service.reaches(accepted, "InReview")
    customer.is_decided(Qualification.EDUCATION, "Waiting for_Documents!")
    looked = service.until(accepted, lambda resource: resource["vettingStatus"] == "Waiting for_Documents!")
    assert looked["status"] == "InReview"
    looks = len(customer.calls(Operation.GET))
    service.until(accepted, lambda _: len(customer.calls(Operation.GET)) >= looks + 2)
    customer.is_decided(Qualification.EDUCATION, "Approved")
    service.reaches(accepted, "Approved")
    attention = events.hears(customer.id, "InReview", "unknown-vetting-status", "Approved")[1]
    assert "Waiting for_Documents!" in attention.data["detail"]
