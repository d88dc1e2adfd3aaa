"""Dataverse (Dynamics 365): a webhook step that posts a RemoteExecutionContext as JSON.

Microsoft Learn: "Use webhooks to create external handlers for server events" (headers, 256 KB, retries), "Register a
WebHook" (authentication options), "RemoteExecutionContext class". An update carries the changed columns only; a post
image, if one is registered on the step, carries the others and leaves out empty ones.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from qualification.domain.errors import Fault, UnreadableBody
from qualification.domain.guid import parse_guid
from qualification.domain.json_body import json_object
from qualification.webhooks.dataverse.replies import REPLIES
from qualification.webhooks.dataverse.sample import SAMPLE
from qualification.webhooks.dataverse.settings import DataverseSettings
from qualification.webhooks.field_rules import CUSTOMER, QUALIFICATION
from qualification.webhooks.mapping import mapped
from qualification.webhooks.shared_secret import SCHEME, SharedSecret
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

CREATE, UPDATE = "Create", "Update"
SIZE_EXCEEDED = "x-ms-dynamics-msg-size-exceeded"
PRIMARY_NAME = "AsynchronousStepPrimaryName"
"""An image that Dataverse itself adds to asynchronous steps, with the primary name only."""
NO_OPERATION = UUID(int=0)
"""OperationId of a synchronous step."""

_STRIPPED = (
    "Dataverse left the columns out because the message had more than 256 KB; choose fewer columns for the post image"
)

_NO_IMAGE = "is not among the changed columns, and the step has no post image: register one that includes its column"
_IN_NEITHER = (
    "is neither among the columns sent nor in the post image: fill its column, and let the post image include it"
)


class Dataverse(Source):
    """The `dataverse` source.

    Args:
        settings: shared secrets, and the mapping from column names.
    """

    name = "dataverse"
    largest_body = 1024 * 1024
    replies = REPLIES
    scheme = SCHEME
    sample = SAMPLE
    settings = DataverseSettings

    def __init__(self, settings: DataverseSettings) -> None:
        self._secret = SharedSecret(self.name, settings.secrets)
        self._fields = settings.fields

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows the shared secret."""
        self._secret.prove(delivery)

    def read(self, delivery: Delivery) -> Sequence[Notice | Unrelated]:
        """The one event in the body: a row that was created, or of which mapped columns were changed."""
        context = json_object(delivery.body, self.largest_body)
        message = context.get("MessageName")
        if not isinstance(message, str):
            raise UnreadableBody("The body must be a RemoteExecutionContext: MessageName is missing.")
        if message not in {CREATE, UPDATE}:
            return [Unrelated()]
        event_id = _event_id(context)
        target = _columns(_value(context.get("InputParameters"), "Target"))
        if target is None:
            stripped = SIZE_EXCEEDED in delivery.headers
            reason = _STRIPPED if stripped else "InputParameters has no Target with Attributes"
            return [Notice(event_id, {}, (Fault("", reason),))]
        if message == UPDATE and not any(_is_changed(rule.field, target) for rule in self._fields.values()):
            return [Unrelated()]
        image = _image(context)
        found = mapped((image or {}) | target, self._fields, _unwrapped)
        knows_all = message == CREATE or image is not None
        if found is None:
            if knows_all:
                return [Unrelated()]
            return [Notice(event_id, {}, (Fault("", f"{QUALIFICATION} {_NO_IMAGE}"),))]
        content, faults = found
        if CUSTOMER not in content and not any(fault.pointer == f"/{CUSTOMER}" for fault in faults):
            faults = (*faults, Fault(f"/{CUSTOMER}", _NO_IMAGE if image is None and message == UPDATE else _IN_NEITHER))
        return [Notice(event_id, content, faults)]


def _event_id(context: Mapping[str, Any]) -> str:
    """OperationId or, where there is none, what distinguishes this change of this row from all others."""
    try:
        operation = parse_guid(context.get("OperationId"))
    except ValueError:
        operation = NO_OPERATION
    if operation != NO_OPERATION:
        return str(operation)
    try:
        ids = [str(parse_guid(context.get(name))) for name in ("OrganizationId", "PrimaryEntityId")]
    except ValueError as error:
        raise UnreadableBody(f"OrganizationId and PrimaryEntityId {error}.") from None
    entity, created_on = (context.get(name) for name in ("PrimaryEntityName", "OperationCreatedOn"))
    if not all(isinstance(word, str) and word and word.isascii() and len(word) <= 128 for word in (entity, created_on)):  # noqa: PLR2004  a table's name has at most 64
        raise UnreadableBody("OperationId is empty, and so is PrimaryEntityName or OperationCreatedOn.")
    return ":".join([ids[0], str(entity), ids[1], str(created_on)])


def _is_changed(path: str | None, target: Mapping[str, Any]) -> bool:
    return path is not None and (path in target or path.split(".", 1)[0] in target)


def _value(pairs: Any, key: str) -> Any:
    """The value of a key in a .NET collection, which is a list of objects with `key` and `value`."""
    return next(
        (pair.get("value") for pair in _pairs(pairs) if pair["key"] == key),
        None,
    )


def _pairs(pairs: Any) -> list[Mapping[str, Any]]:
    found = pairs if isinstance(pairs, list) else []
    return [pair for pair in found if isinstance(pair, Mapping) and isinstance(pair.get("key"), str)]


def _columns(entity: Any) -> dict[str, Any] | None:
    """The columns of an Entity, or None where there is none."""
    if not isinstance(entity, Mapping) or not isinstance(entity.get("Attributes"), list):
        return None
    return {pair["key"]: pair.get("value") for pair in _pairs(entity["Attributes"])}


def _image(context: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns of all post images that somebody has registered, or None where nobody has."""
    images = [
        _columns(pair.get("value")) or {}
        for pair in _pairs(context.get("PostEntityImages"))
        if pair["key"] != PRIMARY_NAME
    ]
    return {name: value for image in images for name, value in image.items()} if images else None


def _unwrapped(value: Any) -> Any:
    """A choice (OptionSetValue) is its number, a reference (EntityReference) its id."""
    if isinstance(value, Mapping):
        for member in ("Value", "Id"):
            if member in value:
                return value[member]
    return value
