"""Dataverse (Dynamics 365): a webhook step that posts a RemoteExecutionContext as JSON.

Microsoft Learn: "Use webhooks to create external handlers for server events" (headers, 256 KB, retries), "Register a
WebHook" (authentication options), "RemoteExecutionContext class". An update carries the changed columns only; a post
image, if one is registered on the step, carries the others and leaves out empty ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from qualification.domain.errors import Fault, SenderNotProven, UnreadableBody
from qualification.domain.guid import parse_guid
from qualification.domain.json_body import json_object
from qualification.webhooks.dataverse.about import about_event, guid
from qualification.webhooks.dataverse.execution_context import Row, one_row, several_rows
from qualification.webhooks.dataverse.replies import REPLIES
from qualification.webhooks.dataverse.sample import SAMPLE
from qualification.webhooks.dataverse.settings import DataverseSettings
from qualification.webhooks.field_names import has
from qualification.webhooks.field_rules import ASKED, CUSTOMER, QUALIFICATION
from qualification.webhooks.reading import Reading
from qualification.webhooks.shared_secret import SCHEME, SharedSecret
from qualification.webhooks.source import Delivery, Notice, Source, Unrelated, Withdrawn

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
        settings: shared secrets, organizations whose events are taken, and the mapping from column names.
    """

    name = "dataverse"
    largest_body = 1024 * 1024
    replies = REPLIES
    scheme = SCHEME
    sample = SAMPLE
    settings = DataverseSettings

    def __init__(self, settings: DataverseSettings) -> None:
        self._secret = SharedSecret(self.name, settings.secrets)
        self._organizations = frozenset(settings.organizations)
        self._fields = settings.fields
        self._asked = [rule.field for name, rule in settings.fields.items() if name in ASKED and rule.field]
        self._reading = Reading(settings.fields, _unwrapped)

    def prove(self, delivery: Delivery) -> None:
        """Make sure that the sender knows the shared secret."""
        self._secret.prove(delivery)

    def read(self, delivery: Delivery) -> Sequence[Notice | Withdrawn | Unrelated]:
        """The events in the body: rows that were created, or of which mapped columns were changed."""
        context = json_object(delivery.body, self.largest_body, whole=False)
        if self._organizations and guid(context, "OrganizationId") not in self._organizations:
            raise SenderNotProven("OrganizationId is none of WEBHOOK_DATAVERSE_ORGANIZATIONS.")
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
            return [Notice(event_id, {}, (missing,), about=about_event(context, delivery.headers))]
        events: list[Notice | Withdrawn | Unrelated] = []
        for row in rows:
            row_event = f"{event_id}:{row.id}" if row.id else event_id
            about = about_event(context, delivery.headers, row.id)
            if row.columns is None:
                events.append(Notice(row_event, {}, (missing,), about=about))
            else:
                events.append(self._event(Notice(row_event, {}, about=about), done, row, row.columns))
        return events

    def _event(self, event: Notice, done: str, row: Row, columns: Mapping[str, Any]) -> Notice | Withdrawn | Unrelated:
        if done == UPDATE and not any(has(columns, column) for column in self._asked):
            return Unrelated()
        record = {**(row.image or {}), **columns}
        found = self._reading.content(record)
        if found is None:
            return self._without_mark(event, done, row, columns)
        content, faults = found
        if CUSTOMER not in content and not any(fault.pointer == f"/{CUSTOMER}" for fault in faults):
            where = _NO_IMAGE if row.image is None and done == UPDATE else _IN_NEITHER
            faults = (*faults, Fault(f"/{CUSTOMER}", where))
        return self._reading.notice(record, event.event_id, event.about, (content, faults))

    def _without_mark(
        self, event: Notice, done: str, row: Row, columns: Mapping[str, Any]
    ) -> Notice | Withdrawn | Unrelated:
        """What is said by a row whose mark is empty, or that does not show it."""
        mark, customer = self._fields[QUALIFICATION].field, self._fields[CUSTOMER].field
        is_taken_back = done == UPDATE and mark is not None and has(columns, mark)
        is_known = customer is not None and has(columns, customer)
        if done == UPDATE and row.image is None and not (is_taken_back and is_known):
            missing = CUSTOMER if is_taken_back else QUALIFICATION
            return replace(event, faults=(Fault("", f"{missing} {_NO_IMAGE}"),))
        if not is_taken_back:
            return Unrelated()
        return self._reading.without_mark({**(row.image or {}), **columns}, event.about)


def _event_id(context: Mapping[str, Any]) -> str:
    """OperationId or, where there is none, what distinguishes this change of this row from all others."""
    operation = guid(context, "OperationId")
    if operation not in {None, NO_OPERATION}:
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
