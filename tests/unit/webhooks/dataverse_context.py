"""What Dataverse sends, to be changed and read."""

from typing import Any

from qualification.domain.errors import Fault
from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import Notice, Unrelated, Withdrawn
from tests.unit.webhooks.payloads import CUSTOMER, delivery

SECRET = "one-secret-of-thirty-letters-00"
OPERATION = "5f7c7f1e-2a11-f011-998a-6045bd03d9d8"
REQUEST = {
    "customerTenantId": CUSTOMER,
    "qualification": "Education",
    "educationSegment": "HigherEducation",
    "website": "https://www.contoso.edu",
}
type Context = dict[str, Any]


def read(source: Dataverse, context: Context, **headers: str) -> Notice | Withdrawn | Unrelated:
    """The one event in a context."""
    [event] = source.read(delivery(context, **headers))
    return event


def faults(event: Notice | Withdrawn | Unrelated) -> tuple[Fault, ...]:
    """What is wrong with an event."""
    assert isinstance(event, Notice)
    return event.faults


def target(context: Context) -> Any:
    """The changed row."""
    return context["InputParameters"][0]["value"]


def column(row: Any, name: str) -> Any:
    """A column of a row, as key and value."""
    return next(pair for pair in row["Attributes"] if pair["key"] == name)


def without(row: Any, name: str) -> None:
    """Empty a column: Dataverse leaves it out then."""
    row["Attributes"].remove(column(row, name))
