"""Whatever lies on the queue, it is a request's ids or a message of somebody else."""

import json
from typing import Any
from uuid import UUID

from hypothesis import example, given

from qualification.domain.errors import MalformedMessage
from qualification.use_cases.hint import parse_message
from tests.fuzz.conftest import BOUNDED
from tests.fuzz.json_text import bodies, documents

NAMES = ["customerTenantId", "requestId"]


def read(body: bytes) -> None:
    """Read a body; nothing but the one error may come of it."""
    try:
        found = parse_message(body)
    except MalformedMessage:
        return
    assert all(isinstance(each, UUID) for each in found)


@BOUNDED
@given(bodies(NAMES))
@example(b"[" * 100_000)
@example(b'{"customerTenantId":' + b"9" * 5000 + b"}")
@example(b'"customerTenantId"')
def test_any_bytes_are_ids_or_malformed(body: bytes) -> None:
    """Never anything else, so a poison message always ends in the dead-letter queue with its reason."""
    read(body)


@BOUNDED
@given(documents(NAMES))
def test_any_json_is_ids_or_malformed(content: Any) -> None:
    """The same for JSON."""
    read(json.dumps(content).encode())
