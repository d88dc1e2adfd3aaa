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
from qualification.webhooks.dataverse.execution_context import Row, one_row, several_rows
from qualification.webhooks.dataverse.replies import REPLIES
from qualification.webhooks.dataverse.sample import SAMPLE
from qualification.webhooks.dataverse.settings import DataverseSettings
from qualification.webhooks.field_names import has
from qualification.webhooks.field_rules import CUSTOMER, QUALIFICATION
from qualification.webhooks.mapping import mapped
from qualification.webhooks.shared_secret import SCHEME, SharedSecret
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated

CREATE, UPDATE = "Create", "Update"
MULTIPLE = {"CreateMultiple": CREATE, "UpdateMultiple": UPDATE}
"""What is done to each row of a message about several."""
SIZE_EXCEEDED = "x-ms-dynamics-msg-size-exceeded"
NO_OPERATION = UUID(int=0)
"""OperationId of a synchronous step."""

_STRIPPED = (
    "Dataverse left the columns out because the message had more than 256 KB; choose fewer columns for the post image"
)

_NO_TARGET = "InputParameters has no Target with Attributes, and no Targets with Entities that have them"
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
        """The events in the body: rows that were created, or of which mapped columns were changed."""
        context = json_object(delivery.body, self.largest_body, whole=False)
        message = context.get("MessageName")
        if not isinstance(message, str):
            raise UnreadableBody("The body must be a RemoteExecutionContext: MessageName is missing.")
        rows = list(several_rows(context)) if message in MULTIPLE else [one_row(context)]
        done = MULTIPLE.get(message, message)
        if done not in {CREATE, UPDATE}:
            return [Unrelated()]
        event_id = _event_id(context)
        missing = Fault("", _STRIPPED if SIZE_EXCEEDED in delivery.headers else _NO_TARGET)
        if not rows:
            return [Notice(event_id, {}, (missing,))]
        ids = [f"{event_id}:{row.id}" if row.id else event_id for row in rows]
        return [
            Notice(row_event, {}, (missing,)) if row.columns is None else self._event(row_event, done, row, row.columns)
            for row_event, row in zip(ids, rows, strict=True)
        ]

    def _event(self, event_id: str, done: str, row: Row, columns: Mapping[str, Any]) -> Notice | Unrelated:
        if done == UPDATE and not any(rule.field and has(columns, rule.field) for rule in self._fields.values()):
            return Unrelated()
        found = mapped({**(row.image or {}), **columns}, self._fields, _unwrapped)
        if found is None:
            if done == CREATE or row.image is not None:
                return Unrelated()
            return Notice(event_id, {}, (Fault("", f"{QUALIFICATION} {_NO_IMAGE}"),))
        content, faults = found
        if CUSTOMER not in content and not any(fault.pointer == f"/{CUSTOMER}" for fault in faults):
            where = _NO_IMAGE if row.image is None and done == UPDATE else _IN_NEITHER
            faults = (*faults, Fault(f"/{CUSTOMER}", where))
        return Notice(event_id, content, faults)


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


def _unwrapped(value: Any) -> Any:
    """A choice (OptionSetValue) is its number, a reference (EntityReference) its id."""
    if isinstance(value, Mapping):
        for member in ("Value", "Id"):
            if member in value:
                return value[member]
    return value
