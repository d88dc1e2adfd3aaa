"""A webhook as a sender of Standard Webhooks 1.0 builds it."""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from standardwebhooks.webhooks import Webhook

from qualification.webhooks.sample import Call, Sample, first


def new_secret() -> str:
    """A new shared secret in the form of Standard Webhooks."""
    return f"whsec_{b64encode(secrets.token_bytes(24)).decode()}"


def new_settings() -> dict[str, str]:
    """App settings with a new secret; it needs no mapping."""
    return {"WEBHOOK_STANDARD_SECRETS": new_secret()}


def build(content: Mapping[str, Any], settings: Mapping[str, str], event_id: str | None = None) -> Call:
    """A signed webhook about a request in this service's own words."""
    return Call("standard", *signed(content, first(settings["WEBHOOK_STANDARD_SECRETS"]), event_id=event_id))


def prove(body: bytes, settings: Mapping[str, str]) -> Call:
    """Any body in UTF-8, signed."""
    return Call("standard", *signed(body, first(settings["WEBHOOK_STANDARD_SECRETS"])))


def signed(
    content: Mapping[str, Any] | bytes, secret: str, *, event_id: str | None = None, at: datetime | None = None
) -> tuple[bytes, dict[str, str]]:
    """Body and headers of a signed webhook.

    Args:
        content: a JSON object, or a body as it is.
        secret: the shared secret.
        event_id: the sender's id of the event; a new one by default.
        at: when it is signed (aware); now by default.
    """
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    event_id = event_id or f"evt_{uuid4().hex}"
    at = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    signature = Webhook(secret).sign(event_id, at, body.decode())
    return body, {
        "content-type": "application/json",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


SAMPLE = Sample(new_settings, build, prove)
