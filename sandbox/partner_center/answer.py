"""What goes back to a caller, free of any HTTP library."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

_NO_HEADERS: Mapping[str, str] = {}
_BOM = b"\xef\xbb\xbf"


@dataclass(slots=True, frozen=True)
class Answer:
    """What goes back; `effect` tells whether the call changed a customer."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)
    effect: bool = False

    @classmethod
    def of(
        cls, document: object, status: int = 200, *, headers: Mapping[str, str] = _NO_HEADERS, effect: bool = False
    ) -> "Answer":
        """Answer with a JSON document."""
        return cls(status, json.dumps(document).encode(), headers=headers, effect=effect)

    def with_bom(self, *, on: bool = True) -> "Answer":
        """Return the answer with a byte order mark before its body, as clients of Partner Center have met one.

        Source: Azure/msrest-for-python, issue 144.
        """
        return replace(self, body=_BOM + self.body) if on and self.body else self
