"""What cannot be taken is refused with problem details, and nothing of it is stored."""

import json
from typing import Any
from uuid import uuid4

import pytest

from qualification.api.problem import KINDS
from tests.e2e.customer import Customer
from tests.e2e.problem_details import pointers, problem_of
from tests.e2e.service import EDUCATION, GOVERNMENT, STATE_OWNED, Service

BODIES = {
    "empty": b"",
    "half an object": b'{"qualification": ',
    "two objects": b"{}{}",
    "not UTF-8": b'{"qualification": "\xff"}',
    "a list": b'[{"qualification": "Education"}]',
    "a text": b'"Education"',
    "null": b"null",
    "nested too deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_is_no_json_object_is_unreadable(service: Service, customer: Customer, name: str) -> None:
    """400, whatever it is instead."""
    problem_of(service.request(customer.id, BODIES[name]), 400, "unreadable-body")
    assert service.list(customer.id) == []


@pytest.mark.parametrize("name", [name for name in BODIES if name != "not UTF-8"])
def test_a_signed_body_that_is_no_json_object_is_unreadable(service: Service, name: str) -> None:
    """422 as for all bad data, of whatever CRM: a proven sender may still send rubbish."""
    problem_of(service.webhook(BODIES[name]), 422, "unreadable-body")


WRONG: dict[str, tuple[dict[str, Any], list[str]]] = {
    "nothing at all": ({}, ["/qualification"]),
    "unknown qualification": ({"qualification": "Charity"}, ["/qualification"]),
    "qualification in another case": ({"qualification": "education", "educationSegment": "K12"}, ["/qualification"]),
    "qualification of another type": ({"qualification": 1}, ["/qualification"]),
    "None": ({"qualification": "None"}, ["/qualification"]),
    "Nonprofit": ({"qualification": "Nonprofit"}, ["/qualification"]),
    "no segment": ({"qualification": "Education"}, ["/educationSegment"]),
    "unknown segment": (EDUCATION | {"educationSegment": "Kindergarten"}, ["/educationSegment"]),
    "website of another type": (EDUCATION | {"website": 7}, ["/website"]),
    "confirmation of another type": (EDUCATION | {"confirmLastAttempt": "yes"}, ["/confirmLastAttempt"]),
    "unknown field": (EDUCATION | {"segment": "K12"}, ["/segment"]),
    "field with a slash": (EDUCATION | {"a/b~c": 1}, ["/a~1b~0c"]),
    "field of another shape": (STATE_OWNED | {"educationSegment": "K12"}, ["/educationSegment"]),
    "code of two words": (GOVERNMENT | {"validationCode": "1 2"}, ["/validationCode"]),
    "code of another type": (GOVERNMENT | {"validationCode": 123456}, ["/validationCode"]),
    "unknown mode": (EDUCATION | {"mode": "fast"}, ["/mode"]),
    "state-owned in synchronous mode": (STATE_OWNED | {"mode": "synchronous"}, ["/mode"]),
    "several at once": (
        {"qualification": "Education", "mode": "fast", "website": 1, "x": 1},
        ["/educationSegment", "/mode", "/website", "/x"],
    ),
    "another customer than the path": (EDUCATION | {"customerTenantId": str(uuid4())}, ["/customerTenantId"]),
    "a customer that is no GUID": (EDUCATION | {"customerTenantId": "contoso"}, ["/customerTenantId"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_request_is_refused_with_every_fault_and_its_place(
    service: Service, customer: Customer, name: str
) -> None:
    """422 with a JSON pointer for each fault; nothing is stored."""
    content, places = WRONG[name]
    problem = problem_of(service.request(customer.id, content), 422, "invalid-request")
    assert pointers(problem) == places
    assert all(fault["detail"] for fault in problem["errors"])
    assert service.list(customer.id) == []


@pytest.mark.parametrize("website", ["n/a", "not a website", "javascript:alert(1)"])
def test_a_website_that_is_none_is_left_out(service: Service, customer: Customer, website: str) -> None:
    """It keeps no request from being made, and the history says so."""
    resource = service.request(customer.id, EDUCATION | {"website": website}).json()
    assert resource["requested"]["website"] is None
    assert "website left out" in resource["history"][0]["note"]


def test_a_refused_code_is_not_repeated(service: Service, customer: Customer) -> None:
    """A value that was refused may have been a secret in the wrong place."""
    content = EDUCATION | {"validationCode": "very-secret"}
    assert "very-secret" not in service.request(customer.id, content).text


@pytest.mark.parametrize(
    "value", [None, "", 7, "contoso", "2a14b164-f983-4048-92e1-4f9591b8744", "00000000-0000-0000-0000-000000000000"]
)
def test_a_webhook_must_name_the_customer_by_a_guid(service: Service, value: object) -> None:
    """There is no path that would name it."""
    content = EDUCATION | ({"customerTenantId": value} if value is not None else {})
    problem = problem_of(service.webhook(content), 422, "invalid-request")
    assert pointers(problem) == ["/customerTenantId"]


@pytest.mark.parametrize(
    "name", ["contoso", "2a14b164f983404892e14f9591b87445", "2a14b164-f983-4048-92e1-4f9591b8744g"]
)
def test_a_path_whose_customer_is_no_guid_is_refused(service: Service, name: str) -> None:
    """400, reading or writing."""
    problem_of(service.request(name, EDUCATION), 400, "invalid-identifier")
    problem_of(service.call("GET", f"/api/customers/{name}/qualifications"), 400, "invalid-identifier")


def test_a_path_whose_request_is_no_guid_is_refused(service: Service, customer: Customer) -> None:
    """400 too."""
    answer = service.call("GET", f"/api/customers/{customer.id}/qualifications/7")
    problem_of(answer, 400, "invalid-identifier")


def test_a_body_of_256_kib_is_taken_and_a_larger_one_refused(service: Service, customer: Customer) -> None:
    """413, for the API and for a signed webhook; the limit itself is within."""
    content = json.dumps(STATE_OWNED).encode()
    full = content + b" " * (256 * 1024 - len(content))
    problem_of(service.request(customer.id, full + b" "), 413, "body-too-large")
    problem_of(service.webhook(full + b" "), 413, "body-too-large")
    assert service.list(customer.id) == []
    assert service.request(customer.id, full).status_code == 202


@pytest.mark.parametrize("slug", sorted({slug for slug, _, _ in KINDS.values()}))
def test_every_problem_type_leads_to_a_heading_of_the_served_page(service: Service, slug: str) -> None:
    """Without a key, as a browser asks."""
    page = service.call("GET", f"/api/problems#{slug}", key=False)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert f'<h2 id="{slug}">' in page.text
