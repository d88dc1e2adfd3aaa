"""A query may hold a function key or a CRM's secret (`?code=`), so it is in no answer and no log line."""

import logging

import pytest

from qualification.api import handlers
from qualification.webhooks.registry import SOURCES
from tests.security.app import App

KEY = "k3y-that-opens-everything"


@pytest.mark.parametrize(
    ("handle", "path", "route"),
    [
        (handlers.receive_webhook, "/api/webhooks/nobody", {"source": "nobody"}),
        *((handlers.receive_webhook, f"/api/webhooks/{source}", {"source": source}) for source in SOURCES),
        (handlers.request_qualification, "/api/customers/x/qualifications", {"customer_id": "x"}),
        (handlers.list_customer_qualifications, "/api/customers/x/qualifications", {"customer_id": "x"}),
    ],
)
def test_a_refusal_repeats_no_query(
    app: App, caplog: pytest.LogCaptureFixture, handle: handlers.Handler, path: str, route: dict[str, str]
) -> None:
    """`instance` is the path; log records carry the key neither in their text nor beside it."""
    caplog.set_level(logging.DEBUG)
    answer = app.call(handle, f"{path}?code={KEY}&x=1", b"{", route=route)
    assert answer.status_code >= 400
    assert f'"instance": "{path}"' in answer.get_body().decode()
    seen = f"{answer.get_body()!r} {dict(answer.headers)} {caplog.text} {[vars(record) for record in caplog.records]}"
    assert KEY not in seen
