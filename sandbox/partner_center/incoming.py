"""A call as Partner Center sees it, free of any HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.partner_center.late_effects import AT_ONCE, LateEffect
from sandbox.partner_center.rows import TRUE_LOOK, Look
from sandbox.partner_center.token import AccessToken
from sandbox.partner_center.vocabulary import Operation


@dataclass(slots=True, kw_only=True)
class Incoming:
    """One call, and what is wrong with it.

    Attributes:
        headers: Read without regard to case.
        customer: In lower case.
        token: None unless valid.
        late: When it takes effect, if it is a write.
        look: What it shows, if it is a look.
        creates_lost: How many creates of its validation code somebody else uses up just before it arrives.
    """

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
    late: LateEffect = AT_ONCE
    look: Look = TRUE_LOOK
    creates_lost: int = 0
