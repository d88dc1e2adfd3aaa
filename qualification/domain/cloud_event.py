"""The form in which subscribers get an event.

CloudEvents 1.0 (specification, JSON event format, AMQP protocol binding).
"""

import json

from qualification.domain.event import REFERENCE, Event, moment_text

CONTENT_TYPE = "application/cloudevents+json"
PROMOTED = ("status", "previousStatus", "qualification", "customerTenantId", "reason")
"""Members of `data` that are application properties too."""
PROPERTIES = frozenset(
    (
        *PROMOTED,
        REFERENCE,
        *(f"cloudEvents_{name}" for name in ["specversion", "id", "source", "type", "subject", "time", "traceparent"]),
    )
)
"""All application properties that an event may have; subscriptions filter on them."""


def envelope(event: Event) -> bytes:
    """The event as a structured CloudEvent in JSON, in UTF-8; only half a character stays an escape."""
    attributes = _attributes(event) | {"datacontenttype": "application/json", "data": event.data}
    return json.dumps(attributes, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "backslashreplace")


def properties(event: Event) -> dict[str, str]:
    """Application properties that subscriptions filter on: `cloudEvents_*` and the promoted members of `data`."""
    values = {name: event.data.get(name) for name in PROMOTED}
    if isinstance(referred := event.data.get(REFERENCE), dict):
        values[REFERENCE] = f"{referred['type']}:{referred['id']}"
    attributes = {f"cloudEvents_{name}": value for name, value in _attributes(event).items()}
    return attributes | {name: value for name, value in values.items() if isinstance(value, str)}


def _attributes(event: Event) -> dict[str, str]:
    attributes = {
        "specversion": "1.0",
        "id": event.id,
        "source": _origin(event),
        "type": event.type.value,
        "subject": str(event.subject),
        "time": moment_text(event.time),
    }
    return attributes | ({"traceparent": event.traceparent} if event.traceparent else {})


def _origin(event: Event) -> str:
    if "requestId" in event.data:
        return f"/customers/{event.subject}/qualifications/{event.stream}"
    if "source" in event.data:
        return f"/webhooks/{event.data['source']}"
    return f"/customers/{event.subject}/qualifications" if "customerTenantId" in event.data else "/partner"
