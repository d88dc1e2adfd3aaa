"""The HTTP API's promises: answers, repeats, conflicts, keys."""

from uuid import uuid4

import pytest

from sandbox.partner_center import Outcome, Vetting
from tests.e2e.customer import Customer
from tests.e2e.service import EDUCATION, GOVERNMENT, STATE_OWNED, Service
from tests.e2e.subscriber import Subscriber

FIELDS = {
    "requestId",
    "customerTenantId",
    "customerName",
    "qualification",
    "requested",
    "mode",
    "status",
    "vettingStatus",
    "vettingReason",
    "reasonCode",
    "remedy",
    "error",
    "attempts",
    "attemptsLeft",
    "source",
    "requestedBy",
    "reference",
    "createdAt",
    "updatedAt",
    "checkedAt",
    "nextCheckAt",
    "waitingFor",
    "allowedActions",
    "retryOf",
    "etag",
    "history",
    "links",
}
NEVER = Vetting(outcome=Outcome.NEVER)


def test_an_accepted_request_is_answered_with_where_to_follow_it(service: Service, customer: Customer) -> None:
    """202 with Location, Retry-After and the status resource, and nothing of how the service works inside."""
    accepted = service.request(customer.id, EDUCATION)
    assert accepted.status_code == 202
    resource = accepted.json()
    assert set(resource) == FIELDS
    assert resource["status"] == "Queued"
    path = f"/api/customers/{customer.id}/qualifications/{resource['requestId']}"
    assert accepted.headers["location"] == resource["links"]["self"] == path
    assert int(accepted.headers["retry-after"]) >= 1
    assert accepted.headers["etag"] == f'"{resource["etag"]}"'


def test_a_webhook_is_answered_like_the_api(service: Service, customer: Customer) -> None:
    """The same answer, with the CRM as source."""
    accepted = service.webhook(STATE_OWNED | {"customerTenantId": customer.id})
    assert accepted.status_code == 202
    assert set(accepted.json()) == FIELDS
    assert accepted.json()["source"] == "standard"


def test_the_status_tells_when_to_ask_again_as_long_as_it_may_change(service: Service, customer: Customer) -> None:
    """Retry-After while unfinished, none afterwards."""
    customer.behaves(education=NEVER)
    accepted = service.request(customer.id, EDUCATION)
    service.reaches(accepted, "InReview")
    assert int(service.call("GET", accepted.headers["location"]).headers["retry-after"]) >= 1
    ended = service.request(customer.id, STATE_OWNED)
    service.reaches(ended, "Approved")
    assert "retry-after" not in service.call("GET", ended.headers["location"]).headers


def test_the_list_shows_all_requests_of_a_customer_the_newest_first(service: Service, customer: Customer) -> None:
    """Of this customer and no other; somebody unknown has an empty list."""
    first = service.request(customer.id, EDUCATION)
    second = service.request(customer.id, STATE_OWNED)
    service.reaches(first, "Approved")
    service.reaches(second, "Approved")
    assert service.list(customer.id) == [service.status(second), service.status(first)]
    assert service.list(str(uuid4())) == []


def test_a_request_is_found_under_its_own_customer_only(service: Service, customer: Customer) -> None:
    """A right id under the wrong customer is as unknown as a wrong id."""
    request_id = service.request(customer.id, EDUCATION).json()["requestId"]
    for path in (f"{uuid4()}/qualifications/{request_id}", f"{customer.id}/qualifications/{uuid4()}"):
        answer = service.call("GET", f"/api/customers/{path}")
        assert answer.status_code == 404
        assert answer.json()["type"].endswith("#request-not-found")


def test_a_guid_in_capitals_is_the_same_customer(service: Service, customer: Customer) -> None:
    """GUIDs have no case."""
    accepted = service.request(customer.id.upper(), EDUCATION)
    assert accepted.json()["customerTenantId"] == customer.id
    assert [item["requestId"] for item in service.list(customer.id)] == [accepted.json()["requestId"]]


def test_the_same_idempotency_key_is_the_same_request(service: Service, customer: Customer) -> None:
    """Two calls, one request, one POST, also after the end."""
    key = uuid4().hex
    first = service.request(customer.id, EDUCATION, key)
    again = service.request(customer.id, EDUCATION, key)
    assert again.status_code == 202
    assert again.headers["location"] == first.headers["location"]
    service.reaches(first, "Approved")
    late = service.request(customer.id, EDUCATION, key)
    assert late.json() == service.status(first)
    assert customer.posts == 1


def test_an_idempotency_key_counts_for_its_customer_only(service: Service, customer: Customer) -> None:
    """Two customers may meet on a key."""
    key = uuid4().hex
    other = Customer(customer.partner_center)
    first, second = (service.request(each.id, STATE_OWNED, key) for each in (customer, other))
    assert first.json()["requestId"] != second.json()["requestId"]
    service.reaches(second, "Approved")


@pytest.mark.parametrize("by", ["api", "webhook"])
def test_the_same_key_with_another_content_is_refused(service: Service, customer: Customer, by: str) -> None:
    """422 and nothing stored, for an Idempotency-Key as for a webhook's event id."""
    key = uuid4().hex
    changed = EDUCATION | {"educationSegment": "HigherEducation"}
    if by == "api":
        service.request(customer.id, EDUCATION, key)
        refused = service.request(customer.id, changed, key)
    else:
        service.webhook(EDUCATION | {"customerTenantId": customer.id}, event_id=key)
        refused = service.webhook(changed | {"customerTenantId": customer.id}, event_id=key)
    assert refused.status_code == 422
    assert refused.json()["type"].endswith("#idempotency-key-reused")
    assert len(service.list(customer.id)) == 1


def test_another_active_request_is_a_conflict_over_the_api(service: Service, customer: Customer) -> None:
    """409 with the way to the active one; another qualification is no conflict."""
    customer.behaves(education=NEVER)
    first = service.request(customer.id, EDUCATION, uuid4().hex)
    refused = service.request(customer.id, EDUCATION, uuid4().hex)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("#active-request-exists")
    assert refused.headers["location"] == refused.json()["links"]["active"] == first.headers["location"]
    assert service.request(customer.id, STATE_OWNED).status_code == 202


def test_a_crms_second_event_joins_the_active_request(service: Service, customer: Customer, events: Subscriber) -> None:
    """202 with the first one's Location, now and after the first has ended; never a second POST."""
    content = EDUCATION | {"customerTenantId": customer.id}
    event_id = f"evt_{uuid4().hex}"
    first = service.webhook(content)
    second = service.webhook(content, event_id=event_id)
    assert second.status_code == 202
    assert second.headers["location"] == first.headers["location"]
    service.reaches(first, "Approved")
    late = service.webhook(content, event_id=event_id)
    assert late.headers["location"] == first.headers["location"]
    assert late.json()["status"] == "Approved"
    events.hears(customer.id, "InReview", "Approved")
    assert customer.posts == 1


def test_a_new_request_after_the_end_is_a_new_one(service: Service, customer: Customer) -> None:
    """A denial does not block the next try."""
    customer.behaves(education=Vetting(outcome=Outcome.DENIED, after=0))
    first = service.request(customer.id, EDUCATION)
    service.reaches(first, "Denied")
    customer.behaves(education=Vetting(after=0))
    second = service.request(customer.id, EDUCATION)
    assert second.headers["location"] != first.headers["location"]
    service.reaches(second, "Approved")
    assert customer.effective_posts == 2


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_a_function_key_nobody_gets_in(service: Service, customer: Customer, method: str) -> None:
    """401, and nothing stored."""
    path = f"/api/customers/{customer.id}/qualifications"
    assert service.call(method, path, GOVERNMENT if method == "POST" else None, key=False).status_code == 401
    wrong = {"x-functions-key": "wrong"}
    assert service.call(method, path, headers=wrong, key=False).status_code == 401
    assert service.list(customer.id) == []


def test_the_function_key_may_be_a_header_or_in_the_query(service: Service, customer: Customer) -> None:
    """x-functions-key or ?code=."""
    path = f"/api/customers/{customer.id}/qualifications"
    assert service.call("GET", path).status_code == 200
    assert service.call("GET", f"{path}?code={service.keys[0]}", key=False).status_code == 200


def test_health_tells_that_all_is_well_to_anybody(service: Service) -> None:
    """200 without a key, a word on each dependency."""
    answer = service.call("GET", "/api/health", key=False)
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "healthy",
        "checks": {"settings": "ok", "sources": "ok", "recordStore": "ok", "serviceBus": "ok"},
    }
