"""A header may hold any bytes; the web server hands those that are no UTF-8 on as lone surrogates."""

import json
from uuid import UUID

import pytest

from qualification.webhooks.registry import SOURCES
from tests.security.app import App

BODY = b'{"qualification": "StateOwnedEntity"}'
BYTES = b"\xff\xfe \xc3\x28".decode(errors="surrogateescape")
HEADERS = {
    name: dict.fromkeys(source.scheme.beside, BYTES) | {source.scheme.header: f"v1,{BYTES}"}
    for name, source in SOURCES.items()
}


def test_a_key_that_is_no_text_is_a_key(app: App, customer_id: str) -> None:
    """The same bytes lead to the same request, others to another one, and no bytes to a failure."""
    first, again = (app.ask(customer_id, BODY, {"idempotency-key": BYTES}) for _ in range(2))
    assert first.status_code == again.status_code == 202
    assert json.loads(first.get_body())["requestId"] == json.loads(again.get_body())["requestId"]
    assert app.ask(customer_id, BODY, {"idempotency-key": f"{BYTES}x"}).status_code == 409


@pytest.mark.parametrize("source", HEADERS)
@pytest.mark.parametrize("now", [False, True])
def test_a_proof_that_is_no_text_is_no_proof(app: App, source: str, now: bool) -> None:  # noqa: FBT001  parametrised
    """401 and no failure, also where the time is right and only then anything is compared."""
    headers = dict(HEADERS[source])
    if now:
        proven = app.proven(source, {"customerTenantId": "x", "qualification": "StateOwnedEntity"}, "e")
        headers |= {name: value for name, value in proven.headers.items() if name.endswith("timestamp")}
    assert app.webhook(source, BODY, headers).status_code == 401


@pytest.mark.parametrize("source", [name for name, source in SOURCES.items() if source.scheme.or_query])
def test_a_secret_in_the_url_may_be_any_bytes(app: App, source: str) -> None:
    """401 and no failure."""
    assert app.webhook(source, BODY, {}, query="?code=%ff%00%ed%a0%80").status_code == 401


@pytest.mark.parametrize(
    "value", ["00-" + "0" * 32, "x" * 8000, BYTES, "00-" + "a" * 32 + "-" + "b" * 16 + "-01\r\nx: y"]
)
def test_a_trace_context_that_is_none_is_not_handed_on(app: App, customer_id: str, value: str) -> None:
    """The request is taken, the header forgotten."""
    taken = app.ask(customer_id, BODY, {"traceparent": value})
    assert taken.status_code == 202
    [record] = app.run(app.service.intake.list(UUID(customer_id)))
    assert record.traceparent is None
