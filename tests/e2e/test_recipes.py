"""The recipes of docs/crm for Logic Apps and Power Automate: what their HTTP action sends, sent to a running service."""

import json
from typing import Any

import httpx
import pytest

from sandbox.host_process import ROOT
from tests.e2e.customer import Customer
from tests.e2e.problem_details import pointers, problem_of
from tests.e2e.service import Service
from tests.e2e.workflow_definition import Run

RECIPES = ROOT / "docs" / "crm" / "recipes"
APP = "https://YOUR-APP.azurewebsites.net"
ASK = "Ask_for_the_qualification"
LOGIC_APPS: dict[str, Any] = json.loads((RECIPES / "logic-apps.json").read_text("utf-8"))["definition"]
POWER_AUTOMATE: dict[str, Any] = json.loads((RECIPES / "power-automate.json").read_text("utf-8"))
ACTIONS = {"logic-apps": LOGIC_APPS["actions"], "power-automate": POWER_AUTOMATE}
SCHOOL = {"qualification": "Education", "segment": "HigherEducation", "website": "contoso.edu"}
FLAT = {"id": "body/ID", "changed": "body/Modified", "tenantId": "body/TenantId", "website": "body/Website"}
CHOICES = {"qualification": "body/Qualification/Value", "segment": "body/Segment/Value"}


def sent(recipe: str, service: Service, record: dict[str, Any]) -> httpx.Response:
    """The recipe runs with a record, up to the answer to its HTTP action."""
    actions = ACTIONS[recipe]
    if recipe == "logic-apps":
        run = Run(record, {"serviceUrl": service.url, "functionKey": service.keys[0]})
    else:
        run = Run({theirs: record.get(ours) for ours, theirs in (FLAT | CHOICES).items()})
    done: set[str] = set()
    while ASK not in done:
        name = next(name for name, each in actions.items() if name not in done and each["runAfter"].keys() <= done)
        done.add(name)
        if name != ASK:
            run.compose(name, actions[name])
    call = run.value(actions[ASK]["inputs"])
    headers = {name: value.replace("YOUR-KEY", service.keys[0]) for name, value in call["headers"].items()}
    body = json.dumps(call["body"]).encode()
    return httpx.request(
        call["method"],
        call["uri"].replace(APP, service.url),
        headers=headers,
        content=body,
        timeout=60,
        trust_env=False,
    )


def record(customer: Customer, **changes: Any) -> dict[str, Any]:
    """A marked record of a customer."""
    return {"id": 4711, "changed": f"2026-03-02T09:30:00Z-{customer.id}", "tenantId": customer.id, **SCHOOL, **changes}


@pytest.mark.parametrize("recipe", ACTIONS)
def test_a_run_asks_once_however_often_it_is_repeated(service: Service, customer: Customer, recipe: str) -> None:
    """A run that is submitted again sends the same key; the request ends as any other."""
    first, again = (sent(recipe, service, record(customer)) for _ in range(2))
    assert (first.status_code, again.status_code) == (202, 202), first.text
    assert first.json()["requestId"] == again.json()["requestId"]
    resource = service.reaches(first, "Approved")
    assert resource["requested"] == {"educationSegment": "HigherEducation", "website": "contoso.edu"}


@pytest.mark.parametrize("recipe", ACTIONS)
@pytest.mark.parametrize("qualification", ["GovernmentCommunityCloud", "StateOwnedEntity"])
def test_what_another_qualification_has_no_use_for_is_left_out(
    service: Service, customer: Customer, recipe: str, qualification: str
) -> None:
    """The record may hold it all the same."""
    answer = sent(recipe, service, record(customer, qualification=qualification))
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize("recipe", ACTIONS)
def test_an_empty_website_is_none(service: Service, customer: Customer, recipe: str) -> None:
    """Empty columns are null there."""
    answer = sent(recipe, service, record(customer, website=None))
    assert answer.status_code == 202, answer.text
    assert answer.json()["requested"]["website"] is None


@pytest.mark.parametrize("recipe", ACTIONS)
def test_bad_data_fails_the_run_with_the_problem(service: Service, customer: Customer, recipe: str) -> None:
    """Nobody's retry policy repeats a 422."""
    problem = problem_of(sent(recipe, service, record(customer, segment="Kindergarten")), 422, "invalid-request")
    assert pointers(problem) == ["/educationSegment"]


@pytest.mark.parametrize("recipe", ACTIONS)
def test_the_actions_keep_to_the_documented_language(recipe: str) -> None:
    """Names and values of "Schema reference guide for trigger and action types in Azure Logic Apps"."""
    actions = ACTIONS[recipe]
    for name, action in actions.items():
        assert action.keys() <= {"type", "inputs", "runAfter", "operationOptions", "runtimeConfiguration"}
        assert action["type"] in {"Compose", "Http"}
        assert set(action["runAfter"]) <= set(actions) - {name}
        assert all(states == ["Succeeded"] for states in action["runAfter"].values())
    call = actions[ASK]
    assert call["inputs"].keys() == {"method", "uri", "headers", "body", "retryPolicy"}
    policy = call["inputs"]["retryPolicy"]
    assert policy.keys() == {"type", "count", "interval", "minimumInterval", "maximumInterval"}
    assert policy["type"] == "exponential"
    assert 1 <= policy["count"] <= 90


@pytest.mark.parametrize("recipe", ACTIONS)
def test_the_engine_neither_polls_our_answer_nor_shows_the_key(recipe: str) -> None:
    """By default it would ask the Location of a 202 again and again; run histories show inputs to whoever may read them."""
    call = ACTIONS[recipe][ASK]
    assert call["operationOptions"] == "DisableAsyncPattern"
    assert call["runtimeConfiguration"] == {"secureData": {"properties": ["inputs"]}}


def test_the_definition_of_the_logic_app_is_whole() -> None:
    """Schema, trigger and parameters; the key is a secure one and has no value in it."""
    assert LOGIC_APPS.keys() == {"$schema", "contentVersion", "parameters", "triggers", "actions", "outputs"}
    assert LOGIC_APPS["$schema"].endswith("/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#")
    assert LOGIC_APPS["parameters"]["functionKey"] == {"type": "SecureString"}
    [trigger] = LOGIC_APPS["triggers"].values()
    assert (trigger["type"], trigger["kind"]) == ("Request", "Http")
    assert set(trigger["inputs"]["schema"]["required"]) <= trigger["inputs"]["schema"]["properties"].keys()
