"""The API keeps to the document that it serves, whatever is sent to it (schemathesis)."""

import json
from typing import Any

import httpx
import schemathesis
from hypothesis import settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from sandbox.host_process import ROOT
from sandbox.world import World
from tests.fuzz.conftest import BOUNDED

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


DOCUMENT = json.loads((ROOT / "qualification" / "api" / "openapi.json").read_bytes())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
"""The same that the host serves, as another test here sees to."""


@SCHEMA.parametrize()
@settings(BOUNDED, max_examples=BOUNDED.max_examples // 3)
def test_an_answer_is_as_the_document_says(case: Case[Any], running: World) -> None:
    """Status, headers and body of every operation, for data that the document allows and data that it does not."""
    key = {"x-functions-key": running.host.address.function_key}
    response = case.call_and_validate(running.host.address.url, headers=key, checks=CHECKS, timeout=10)
    assert running.secret not in response.text
    allowed = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE
    if allowed and case.method == "POST" and "webhooks" not in case.path and response.status_code in {400, 422}:
        # Two examples may share a customer and a key, and no pattern says what is printable.
        # Nothing else may stand against data that the document allows.
        problem = response.json()
        if problem["type"] != "/api/problems#idempotency-key-reused":
            assert [each["pointer"] for each in problem["errors"]] == ["/note"], response.text
            assert isinstance(case.body, dict)
            assert not str(case.body["note"]).isprintable()


def test_the_served_document_is_the_one_that_is_checked_in(running: World) -> None:
    """Anybody may read it, and only read it."""
    url = f"{running.host.address.url}/api/openapi.json"
    assert httpx.get(url).json() == DOCUMENT
    assert httpx.post(url).status_code == 404
