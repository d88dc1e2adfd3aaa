"""A call as Partner Center sees it, and its answer, free of any HTTP library."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.partner_center.token import AccessToken
from sandbox.partner_center.vocabulary import Operation

_NO_HEADERS: Mapping[str, str] = {}


@dataclass(slots=True, kw_only=True)
class Incoming:
    """One call: `headers` are read without regard to case, `customer` is in lower case, `token` is None unless valid."""

    operation: Operation
    method: str
    path: str
    customer: str | None
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = b""
    token: AccessToken | None = None
    request_id: str = ""
    correlation_id: str = ""


@dataclass(slots=True, frozen=True)
class Answer:
    """What goes back; `effect` tells whether the call changed a customer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)
    effect: bool = False

    @classmethod
    def of(cls, document: object, status: int = 200, *, effect: bool = False) -> "Answer":
        """Answer with a JSON document."""
        return cls(status, json.dumps(document).encode(), effect=effect)
