"""What the first invocations of a cold worker cost, and what they give back to the runtime."""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from sandbox.service_settings import webhook_secret
from sandbox.webhook import signed
from tests.runtime.app_settings import lonely_settings
from tests.runtime.worker import cold

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}
LISTEN = "azure.servicebus"


def webhook(content: dict[str, str], secret: str) -> dict[str, Any]:
    """An invocation of receive_webhook."""
    body, headers = signed(content, secret)
    url = "https://app.example/api/webhooks/standard"
    http = {"method": "POST", "url": url, "headers": headers, "params": {"source": "standard"}, "body": body.decode()}
    return {"function": "receive_webhook", "http": http}


def test_a_webhook_that_is_not_proven_pays_for_no_client(tmp_path: Path) -> None:
    """401 from a cold worker without Service Bus, sign-in, tables or any HTTP client imported."""
    (outcome,) = cold(lonely_settings(tmp_path), webhook(EDUCATION, webhook_secret()))["outcomes"]
    assert outcome["status"] == 401
    assert outcome["modules"] == []


def test_a_proven_webhook_pays_for_service_bus_only(tmp_path: Path) -> None:
    """202 with the bus away; Partner Center's client is for the queue function."""
    settings = lonely_settings(tmp_path)
    content = EDUCATION | {"customerTenantId": str(uuid4())}
    (outcome,) = cold(settings, webhook(content, settings["WEBHOOK_STANDARD_SECRETS"]))["outcomes"]
    assert outcome["status"] == 202
    assert LISTEN in outcome["modules"]
    assert not {"httpx", "azure.identity", "azure.data.tables", "azure.keyvault"} & set(outcome["modules"])


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
    assert json.loads(later["body"])["attempts"] == 1
    assert json.loads(later["body"])["error"]["code"] == "sign-in-unreachable"


@pytest.mark.parametrize("text", ["<hello/>", "{}", json.dumps({"customerTenantId": str(uuid4()), "requestId": "7"})])
def test_a_message_that_is_not_ours_fails_the_queue_function(tmp_path: Path, text: str) -> None:
    """So that delivery count and dead-letter queue do their work; its text is not repeated, only what is wrong."""
    (outcome,) = cold(lonely_settings(tmp_path), {"function": "submit_request", "text": text})["outcomes"]
    assert "MalformedMessage" in outcome["error"]
    assert "<hello/>" not in outcome["error"]
