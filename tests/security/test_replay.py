"""A signed webhook that somebody has recorded is worth nothing later, and nothing new at once."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from qualification.api import handlers
from qualification.webhooks.hubspot.signature import Signed, signature_v3
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.standard.sample import signed
from tests.security.app import App

AGES = [timedelta(minutes=5, seconds=2), timedelta(hours=1), timedelta(days=400), timedelta(minutes=-6)]


@pytest.mark.parametrize("age", AGES, ids=str)
def test_an_old_standard_webhook_is_refused(app: App, customer_id: str, age: timedelta) -> None:
    """More than five minutes old, or from the future; its signature is right."""
    content = {"customerTenantId": customer_id, "qualification": "StateOwnedEntity"}
    secret = app.settings["WEBHOOK_STANDARD_SECRETS"]
    body, headers = signed(content, secret, at=datetime.now(UTC) - age)
    assert app.webhook("standard", body, headers).status_code == 401


def test_a_new_time_does_not_fit_an_old_signature(app: App, customer_id: str) -> None:
    """Nor does another id or another body."""
    content = {"customerTenantId": customer_id, "qualification": "StateOwnedEntity"}
    secret = app.settings["WEBHOOK_STANDARD_SECRETS"]
    body, old = signed(content, secret, at=datetime.now(UTC) - timedelta(hours=1))
    _, new = signed(content, secret)
    assert app.webhook("standard", body, old | {"webhook-timestamp": new["webhook-timestamp"]}).status_code == 401
    assert app.webhook("standard", body, new | {"webhook-id": "another"}).status_code == 401
    assert app.webhook("standard", body + b" ", new).status_code == 401


@pytest.mark.parametrize("age", AGES, ids=str)
def test_an_old_hubspot_webhook_is_refused(app: App, customer_id: str, age: timedelta) -> None:
    """The same five minutes."""
    call = app.proven("hubspot", {"customerTenantId": customer_id, "qualification": "StateOwnedEntity"}, "company")
    timestamp = str(int((datetime.now(UTC) - age).timestamp() * 1000))
    secret = app.settings["WEBHOOK_HUBSPOT_SECRETS"].encode()
    signature = signature_v3(secret, Signed("POST", app.settings["WEBHOOK_HUBSPOT_URL"], call.body), timestamp)
    old = {**call.headers, "x-hubspot-signature-v3": signature.decode(), "x-hubspot-request-timestamp": timestamp}
    assert app.webhook("hubspot", call.body, old).status_code == 401


@pytest.mark.parametrize("source", SOURCES)
def test_a_webhook_replayed_at_once_changes_nothing(app: App, customer_id: str, source: str) -> None:
    """The same answer, and one request."""
    content = {"customerTenantId": customer_id, "qualification": "StateOwnedEntity"}
    call = app.proven(source, content, str(uuid4()))
    first, again = app.send(call), app.send(call)
    assert first.status_code == again.status_code
    assert first.status_code in {200, 202}
    path, route = f"/api/customers/{customer_id}/qualifications", {"customer_id": customer_id}
    listed = app.call(handlers.list_customer_qualifications, path, method="GET", route=route)
    assert len(json.loads(listed.get_body())["items"]) == 1
