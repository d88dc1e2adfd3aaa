"""Only a parsed GUID ever stands in a URL to Partner Center."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from qualification.api import handlers
from qualification.domain.errors import MalformedMessage
from qualification.domain.request import parse_request
from qualification.partner_center.client import PartnerCenterClient
from qualification.use_cases.hint import parse_message
from qualification.webhooks.registry import SOURCES
from tests.security.app import App

SECOND = timedelta(seconds=1)
GUID = "2a14b164-f983-4048-92e1-4f9591b87445"
PASTED = [f"{{{GUID}}}", GUID.replace("-", ""), f" {GUID}"]
"""Spellings that people paste into a CRM; a path and a message have one spelling."""
HOSTILE = [
    *("..", "../../v1/invoices", "%2e%2e%2fv1", f"{GUID}/../x", f"{GUID}?x=1", f"{GUID}#x", f"{GUID}\n"),
    *PASTED,
    *(
        f"urn:uuid:{GUID}",
        GUID.replace("2", "\uff12"),
        f"{GUID}\x00",
        "",
        "http://evil",
    ),
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_id_in_a_path_is_a_guid_or_refused(app: App, hostile: str) -> None:
    """400, reading and writing, for the customer and for the request."""
    assert app.ask(hostile, b"{}").status_code == 400
    assert app.look(hostile, GUID).status_code == 400
    assert app.look(GUID, hostile).status_code == 400
    listed = app.call(
        handlers.list_customer_qualifications,
        "/api/customers/x/qualifications",
        method="GET",
        route={"customer_id": hostile},
    )
    assert listed.status_code == 400


@pytest.mark.parametrize("hostile", HOSTILE)
def test_an_id_in_a_message_is_a_guid_or_refused(hostile: str) -> None:
    """The queue is no way around."""
    for body in ({"customerTenantId": hostile, "requestId": GUID}, {"customerTenantId": GUID, "requestId": hostile}):
        with pytest.raises(MalformedMessage):
            parse_message(json.dumps(body).encode())


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    "hostile",
    [
        each
        for each in HOSTILE
        if each not in PASTED and each.isascii() and each.isprintable() and each.strip() == each != ""
    ],
)
def test_an_id_in_a_webhook_is_a_guid_or_refused(app: App, source: str, hostile: str) -> None:
    """A proven CRM may still hold rubbish; none of it becomes a request."""
    content = {"customerTenantId": hostile, "qualification": "StateOwnedEntity"}
    answer = app.send(app.proven(source, content, str(uuid4())))
    assert answer.status_code in {200, 422}
    assert b"requestId" not in answer.get_body()


async def test_the_client_takes_no_text_for_a_customer() -> None:
    """The last line: a TypeError before anything is sent."""
    tokens: Any = None
    client = PartnerCenterClient(
        "http://127.0.0.1:9",
        tokens,
        clock=lambda: datetime.now(UTC),
        timeout=SECOND,
        write_timeout=SECOND,
        max_concurrency=1,
    )
    hostile: Any = "../../invoices"
    request = parse_request({"qualification": "StateOwnedEntity"})
    for call in (
        client.get_qualifications(hostile),
        client.create_qualification(hostile, request, ms_request_id=uuid4()),
        client.update_qualification(hostile, request, ms_request_id=uuid4()),
    ):
        with pytest.raises(TypeError):
            await call
