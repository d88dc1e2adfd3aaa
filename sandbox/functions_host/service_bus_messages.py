"""A Service Bus message as the runtime gets it: the body, and the trigger metadata beside it.

Source: ServiceBusTriggerBindingStrategy of the Service Bus extension 5.x (names and kinds), ToRpc of the Functions host
(strings stay strings, everything else becomes JSON, nulls are left out). TimeToLive, LockedUntil and a few more that
the Python class has are never sent. Not imitated: the .NET service objects (MessageReceiver, MessageActions, ...) and
`sys`, which mean nothing outside .NET.
"""

import base64
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sandbox.functions_host.messages import TypedData

if TYPE_CHECKING:
    from azure.servicebus import ServiceBusReceivedMessage

# .NET's DateTime.MaxValue: a message without a time to live never expires.
_NEVER = "9999-12-31T23:59:59.9999999"


def body_of(message: "ServiceBusReceivedMessage") -> bytes:
    """Read a message's body.

    Args:
        message: as received.

    Returns:
        The bytes of its data sections.

    Raises:
        ValueError: the body is an AMQP value or sequence, which the extension does not read either.
    """
    if message.body_type.value != "data":
        raise ValueError(f"a body of AMQP type {message.body_type.value} cannot be bound")
    return b"".join(message.body)


def metadata_of(message: "ServiceBusReceivedMessage") -> dict[str, TypedData]:
    """Build the trigger metadata of a message, without what its body promotes.

    Args:
        message: as received in peek-lock mode.

    Returns:
        The metadata by name; DeliveryCount is 1 at the first delivery, the `...Utc` times have no zone.
    """
    properties = {_plain(name): _plain(value) for name, value in (message.application_properties or {}).items()}
    expires, enqueued = message.expires_at_utc, message.enqueued_time_utc
    fields: dict[str, Any] = {
        # The SDK counts the deliveries before this one, .NET counts this one too.
        "DeliveryCount": (message.delivery_count or 0) + 1,
        "DeadLetterSource": message.dead_letter_source,
        "LockToken": None if message.lock_token is None else str(message.lock_token),
        "ExpiresAtUtc": _utc(expires) or _NEVER,
        "ExpiresAt": f"{_utc(expires) or _NEVER}+00:00",
        "EnqueuedTimeUtc": _utc(enqueued),
        "EnqueuedTime": enqueued and f"{_utc(enqueued)}+00:00",
        "MessageId": message.message_id,
        "ContentType": message.content_type,
        "ReplyTo": message.reply_to,
        "SequenceNumber": message.sequence_number,
        "To": message.to,
        "Subject": message.subject,
        "Label": message.subject,
        "CorrelationId": message.correlation_id,
        "ApplicationProperties": properties,
        "UserProperties": properties,
        "SessionId": message.session_id,
        "ReplyToSessionId": message.reply_to_session_id,
        "PartitionKey": message.partition_key,
    }
    times = {"ExpiresAtUtc", "ExpiresAt", "EnqueuedTimeUtc", "EnqueuedTime"}
    return {
        name: TypedData(string=value) if isinstance(value, str) and name not in times else _json(value)
        for name, value in fields.items()
        if value is not None
    }


def promote(body: str, metadata: Mapping[str, TypedData]) -> dict[str, TypedData]:
    """Copy the top-level members of a JSON body over the metadata, as the host does (ApplyBindingData).

    So a body that has a `MessageId` forges `msg.message_id`. Names are matched without case; scalars arrive as text,
    and a text that looks like a time as the text of a .NET DateTime; arrays and nulls are skipped.

    Args:
        body: the message's body as text.
        metadata: the message's own metadata.

    Returns:
        The metadata that the function gets.
    """
    promoted = dict(metadata)
    try:
        members = json.loads(body) if body.strip().startswith("{") else {}
    except ValueError:
        return promoted
    spellings = {name.lower(): name for name in promoted}
    for name, value in members.items():
        if value is None or isinstance(value, list):
            continue
        spelling = spellings.setdefault(name.lower(), name)
        promoted[spelling] = _json(value) if isinstance(value, dict) else TypedData(string=_dotnet_text(value))
    return promoted


def trace_parent_of(message: "ServiceBusReceivedMessage") -> str | None:
    """Find the sender's traceparent among the application properties (Diagnostic-Id is its older name)."""
    properties = {_plain(name): _plain(value) for name, value in (message.application_properties or {}).items()}
    found = properties.get("traceparent") or properties.get("Diagnostic-Id")
    return found if isinstance(found, str) else None


def _json(value: Any) -> TypedData:
    return TypedData(json=json.dumps(value))


def _utc(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    text = moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
    return text.rstrip("0").rstrip(".")


def _plain(value: Any) -> Any:
    """Turn an application property into what JSON can hold: the SDK hands over AMQP strings as bytes."""
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    if value is None or isinstance(value, str | bool | int | float):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _dotnet_text(value: str | float | bool) -> str:  # noqa: FBT001  one of the three kinds of JSON scalar
    if isinstance(value, str) and "T" in value and value[:4].isdigit():
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            return value
        return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%m/%d/%Y %H:%M:%S")
    return str(value)
