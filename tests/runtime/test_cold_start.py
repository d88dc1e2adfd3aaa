"""What the first invocations of a cold worker cost, and what they give back to the runtime."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from qualification.webhooks.standard.sample import signed
from sandbox.crm import BUILDERS
from sandbox.functions_host.indexing import HEAVY
from sandbox.service_settings import webhook_secret
from tests.runtime.app_settings import lonely_settings
from tests.runtime.worker import cold

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}
LISTEN = "azure.servicebus"

BEHIND_THE_DOOR = (*HEAVY, "azure.core")
"""What is not needed to check the settings, to prove a sender and to answer a problem: SDKs of Azure and HTTP clients."""

BEHIND_INTAKE = ("azure.data.tables", "azure.identity", "azure.keyvault", "httpx")
"""What is not needed to store a request and to put it on the queue."""


def webhook(content: dict[str, str], secret: str) -> dict[str, Any]:
    """An invocation of receive_webhook."""
    body, headers = signed(content, secret)
    url = "https://app.example/api/webhooks/standard"
    http = {"method": "POST", "url": url, "headers": headers, "params": {"source": "standard"}, "body": body.decode()}
    return {"function": "receive_webhook", "http": http}


def imported(outcome: dict[str, Any], packages: tuple[str, ...]) -> list[str]:
    """Which modules of these packages a worker has imported by then."""
    return [name for name in outcome["modules"] if f"{name}.".startswith(tuple(f"{each}." for each in packages))]


@pytest.mark.parametrize("source", BUILDERS)
def test_a_webhook_that_is_not_proven_pays_for_no_client(tmp_path: Path, source: str) -> None:
    """401 from a cold worker without any SDK or HTTP client imported, whichever CRMs are set up."""
    call = webhook(EDUCATION, webhook_secret())
    call["http"] |= {"url": f"https://app.example/api/webhooks/{source}", "params": {"source": source}}
    (outcome,) = cold(lonely_settings(tmp_path), call)["outcomes"]
    assert outcome["status"] == 401
    assert "qualification.webhooks.registry" in outcome["modules"]
    assert imported(outcome, BEHIND_THE_DOOR) == []


def test_a_refused_webhook_pays_for_no_client_where_everything_is_in_azure(tmp_path: Path) -> None:
    """The record store is Azure Table Storage there, whose SDK is not the sandbox's."""
    identity = {
        "ServiceBusConnection": "",
        "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.windows.net",
        "RecordStorage": "",
        "RecordStorage__tableServiceUri": "https://contoso.table.core.windows.net",
    }
    (outcome,) = cold(lonely_settings(tmp_path) | identity, webhook(EDUCATION, webhook_secret()))["outcomes"]
    assert outcome["status"] == 401
    assert imported(outcome, BEHIND_THE_DOOR) == []


def test_a_wrong_setting_is_told_before_a_sender_is_proven(tmp_path: Path) -> None:
    """Of any part: what is built later is checked at the start all the same."""
    settings = lonely_settings(tmp_path) | {"PARTNER_CENTER_URL": "no URL", "WEBHOOK_HUBSPOT_FIELDS": "{}"}
    settings["WEBSITE_HOSTNAME"] = "contoso.azurewebsites.net"
    health = {"function": "health", "http": {"method": "GET", "url": "https://app.example/api/health", "body": ""}}
    refused, told = cold(settings, webhook(EDUCATION, webhook_secret()), health)["outcomes"]
    assert (refused["status"], told["status"]) == (503, 503)
    page = "https://contoso.azurewebsites.net/api/problems"
    assert json.loads(refused["body"])["type"] == f"{page}#service-misconfigured"
    assert json.loads(told["body"])["checks"]["settings"].keys() == {"PARTNER_CENTER_URL", "WEBHOOK_HUBSPOT_FIELDS"}


def test_a_proven_webhook_pays_for_service_bus_only(tmp_path: Path) -> None:
    """202 with the bus away; Partner Center's client is for the queue function."""
    settings = lonely_settings(tmp_path)
    content = EDUCATION | {"customerTenantId": str(uuid4())}
    (outcome,) = cold(settings, webhook(content, settings["WEBHOOK_STANDARD_SECRETS"]))["outcomes"]
    assert outcome["status"] == 202
    assert LISTEN in outcome["modules"]
    assert imported(outcome, BEHIND_INTAKE) == []


def test_links_and_problem_types_lead_to_the_service(tmp_path: Path) -> None:
    """By the setting, whatever the platform calls the app: a gateway may stand before it."""
    site = {"SERVICE_URL": "https://gateway.example", "WEBSITE_HOSTNAME": "contoso.azurewebsites.net"}
    settings = lonely_settings(tmp_path) | site
    customer = str(uuid4())
    content = EDUCATION | {"customerTenantId": customer}
    accepted, refused = cold(
        settings,
        webhook(content, settings["WEBHOOK_STANDARD_SECRETS"]),
        webhook(content, webhook_secret()),
    )["outcomes"]
    resource = json.loads(accepted["body"])
    path = f"/api/customers/{customer}/qualifications/{resource['requestId']}"
    assert resource["links"]["self"] == f"https://gateway.example{path}"
    assert json.loads(refused["body"])["type"] == "https://gateway.example/api/problems#sender-not-proven"


def test_the_queue_function_returns_nothing(tmp_path: Path) -> None:
    """There is no output binding that could take it; a request that has to wait is no failure of the function."""
    settings = lonely_settings(tmp_path)
    customer = str(uuid4())
    path = f"/api/customers/{customer}/qualifications"
    request = {
        "function": "request_qualification",
        "http": {
            "method": "POST",
            "url": f"https://app.example{path}",
            "headers": {"idempotency-key": "key"},
            "params": {"customer_id": customer},
            "body": json.dumps(EDUCATION),
        },
    }
    (accepted,) = cold(settings, request)["outcomes"]
    request_id = json.loads(accepted["body"])["requestId"]
    message = {
        "function": "submit_request",
        "text": json.dumps({"customerTenantId": customer, "requestId": request_id}),
    }
    again, submitted, later = cold(settings, request, message, request)["outcomes"]
    assert (submitted["error"], submitted["returned"]) == (None, None)
    assert json.loads(again["body"])["attempts"] == 0
    assert json.loads(later["body"])["attempts"] == 0, later
    assert json.loads(later["body"])["error"]["code"] == "sign-in-unreachable"


@pytest.mark.parametrize("text", ["<hello/>", "{}", json.dumps({"customerTenantId": str(uuid4()), "requestId": "7"})])
def test_a_message_that_is_not_ours_fails_the_queue_function(tmp_path: Path, text: str) -> None:
    """So that delivery count and dead-letter queue do their work; its text is not repeated, only what is wrong."""
    (outcome,) = cold(lonely_settings(tmp_path), {"function": "submit_request", "text": text})["outcomes"]
    assert "MalformedMessage" in outcome["error"]
    assert "<hello/>" not in outcome["error"]
