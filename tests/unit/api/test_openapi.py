"""The OpenAPI document says what the service does, and is served as it lies; tests/tools hold it to the models."""

import json
import re
from pathlib import Path
from runpy import run_path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from qualification.api.handlers import misconfigured, openapi
from qualification.api.problem import KINDS, Problem
from qualification.api.status_resource import StatusResource
from qualification.domain.actions import Action
from qualification.domain.addressed_request import parse_addressed
from qualification.domain.customer import Customer
from qualification.domain.errors import ConfigurationError, InvalidRequest, QualificationError
from qualification.domain.hold import Hold
from qualification.domain.request import parse_request
from qualification.domain.transition import CustomerState, Stored
from qualification.webhooks.registry import SOURCES
from tests.unit import builders

ROOT = Path(__file__).parents[3]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "qualification" / "api" / "openapi.json").read_bytes())
SHAPES = DOCUMENT["components"]["schemas"]
VALIDATION_CODE = SHAPES["GovernmentRequest"]["properties"]["validationCode"]["anyOf"][0]["pattern"]
LEVELS: dict[str, list[Any]] = {"function": [{"functionKeyHeader": []}, {"functionKeyQuery": []}], "anonymous": []}


def schema(name: str) -> jsonschema_rs.Draft202012Validator:
    """A schema of the document, with those that it refers to."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}
    )


def valid(described: dict[str, Any], instance: dict[str, Any]) -> bool:
    """Whether a schema within the document takes it."""
    return jsonschema_rs.Draft202012Validator(described | {"components": DOCUMENT["components"]}).is_valid(instance)


def problems_in(response: dict[str, Any]) -> list[dict[str, Any]]:
    """The content of a response, where it is problem details."""
    return [content for kind, content in response.get("content", {}).items() if kind == "application/problem+json"]


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation, by its id."""
    return {
        described["operationId"]: (path, method.upper(), described)
        for path, item in DOCUMENT["paths"].items()
        for method, described in item.items()
        if method != "parameters"
    }


def functions_called(name: str) -> str:
    """The function of an operation: one that takes two methods has another operation for reading."""
    return name.removeprefix("get_") if name not in FUNCTIONS else name


def http_functions() -> dict[str, dict[str, Any]]:
    """The HTTP trigger of each function, by its name; an app gives its functions out once, so this one is a copy."""
    app = run_path(str(ROOT / "function_app.py"))["app"]
    triggers = {str(each.get_function_name()): each.get_trigger() for each in app.get_functions()}
    found = {name: trigger.get_dict_repr() for name, trigger in triggers.items() if trigger is not None}
    http = {name: trigger for name, trigger in found.items() if trigger["type"] == "httpTrigger"}
    # One function takes a person's decisions, and each of them has an operation: they want different bodies.
    acts = http.pop("act_on_qualification")
    route = acts["route"]
    return http | {f"{each}_qualification": acts | {"route": route.replace("{action}", each)} for each in Action}


FUNCTIONS = http_functions()


def test_the_document_is_served_as_it_lies() -> None:
    """To anybody, even where settings have faults; browsers and gateways may keep it for an hour."""
    answer = openapi()
    assert json.loads(answer.get_body()) == DOCUMENT
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


def test_the_document_is_valid() -> None:
    """By the OpenAPI 3.1 specification."""
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_http_function_is_described_and_nothing_else() -> None:
    """With its name, path and method."""
    served = {
        (name, f"/api/{trigger['route']}", method.value)
        for name, trigger in FUNCTIONS.items()
        for method in trigger["methods"]
    }
    described = {(functions_called(name), path, method) for name, (path, method, _) in operations().items()}
    assert served == described
    assert len(operations()) == len(served)


@pytest.mark.parametrize("name", sorted(FUNCTIONS.keys() - {"receive_webhook"}))
def test_an_operation_asks_for_a_key_where_its_function_does(name: str) -> None:
    """The authorization level of the function decides."""
    assert operations()[name][2]["security"] == LEVELS[FUNCTIONS[name]["authLevel"].value.lower()]


@pytest.mark.parametrize("service_url", ["", "https://contoso.azurewebsites.net", "http://localhost:7071"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_that_a_caller_can_meet_is_described(kind: type[QualificationError], service_url: str) -> None:
    """With its type and status, somewhere, wherever the service is found; no type that there is not."""
    slug, status, title = KINDS[kind]
    found = Problem(f"{service_url}/api/problems#{slug}", status, title, "in words").body("/api/customers/x")
    responses = [operation["responses"].get(str(status), {}) for _, _, operation in operations().values()]
    described = [content["schema"] for each in responses for content in problems_in(each)]
    assert any(valid(each, found) for each in described)
    assert not any(valid(each, found | {"type": f"{found['type']}-2"}) for each in described)


def test_every_answer_of_the_reply_policy_is_described() -> None:
    """No CRM gets a status that the document does not know, and no known source is missing."""
    _, _, webhook = operations()["receive_webhook"]
    statuses = {str(reply.status) for source in SOURCES.values() for reply in source.replies.values()}
    assert statuses <= webhook["responses"].keys()
    assert webhook["parameters"][0]["schema"]["enum"] == sorted(SOURCES)


@pytest.mark.parametrize("content", builders.CONTENTS.values(), ids=builders.CONTENTS)
def test_what_the_service_takes_is_valid_by_the_document(content: dict[str, Any]) -> None:
    """Each shape, with and without the customer."""
    assert schema("QualificationRequest").is_valid(content)
    assert schema("AddressedRequest").is_valid(content | {"customerTenantId": str(builders.CUSTOMER)})
    assert not schema("AddressedRequest").is_valid(content)
    assert not schema("QualificationRequest").is_valid(content | {"surprise": 1})


def test_what_the_service_answers_is_valid_by_the_document() -> None:
    """In each stage of a request's life."""
    for record in (builders.queued(), builders.submitting(), builders.in_review(), builders.approved()):
        state = CustomerState(Customer(customer_tenant_id=record.customer_tenant_id), records=(Stored(record, "1"),))
        answer = StatusResource.of(record, state, Hold(), builders.NOW, "").model_dump(mode="json", by_alias=True)
        schema("StatusResource").validate(answer)
        assert answer.keys() == SHAPES["StatusResource"]["properties"].keys()


def test_a_report_of_bad_settings_is_valid_by_the_document() -> None:
    """The one health report that has a list in it."""
    report = misconfigured(ConfigurationError({"QUALIFICATION_QUEUE": "is missing"}))
    assert schema("HealthReport").is_valid(json.loads(report.get_body()))


@given(st.none() | st.text())
def test_any_text_for_a_website_is_taken(website: str | None) -> None:
    """By the document as by the service, which leaves out what is none."""
    content = builders.EDUCATION | {"website": website}
    assert schema("QualificationRequest").is_valid(content)
    assert parse_request(content).qualification == "Education"


@pytest.mark.parametrize("content", builders.CONTENTS.values(), ids=builders.CONTENTS)
def test_null_is_allowed_where_a_field_may_be_missing(content: dict[str, Any]) -> None:
    """No-code tools send it for whatever is empty."""
    empty = dict.fromkeys({"mode", "website", "confirmLastAttempt", "validationCode"} & content.keys() | {"mode"})
    assert schema("QualificationRequest").is_valid(content | empty)


@given(st.text(alphabet=st.characters(max_codepoint=0x2FF), max_size=110))
def test_a_validation_code_is_taken_where_the_document_allows_it(code: str) -> None:
    """The pattern in the document is the one of the service."""
    content = builders.GOVERNMENT | {"validationCode": code, "customerTenantId": str(builders.CUSTOMER)}
    try:
        parse_addressed(content)
        taken = True
    except InvalidRequest:
        taken = False
    assert taken is (re.search(VALIDATION_CODE.replace("$", r"\Z"), code) is not None)
    assert taken is schema("AddressedRequest").is_valid(content)
