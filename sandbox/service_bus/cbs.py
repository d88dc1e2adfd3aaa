"""The claims-based security node `$cbs`: clients put a token before they attach. Nothing here checks tokens.

https://docs.oasis-open.org/amqp/amqp-cbs/v1.0/amqp-cbs-v1.0.html
"""

from sandbox.service_bus.amqp.types import Int
from sandbox.service_bus.entities.content import Content, reply

_ACCEPTED, _BAD_REQUEST = 202, 400


def answer(request: Content) -> bytes:
    """Answer a request: a token is accepted, whatever it says."""
    operation = request.application_properties.get("operation")
    known = operation in ("put-token", "delete-token")
    status = {
        "status-code": Int(_ACCEPTED if known else _BAD_REQUEST),
        "status-description": "Accepted" if known else f"unknown operation {operation!r}",
    }
    return reply(request.message_id, status)
