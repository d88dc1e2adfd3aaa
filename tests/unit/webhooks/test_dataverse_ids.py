"""By what an event of Dataverse is known."""

from typing import Any

import pytest

from qualification.domain.errors import UnreadableBody
from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import Notice
from tests.unit.webhooks.dataverse_context import Context, read


@pytest.mark.parametrize("operation", [None, "00000000-0000-0000-0000-000000000000"])
def test_a_synchronous_step_has_no_operation_and_is_known_by_row_and_time(
    dataverse: Dataverse, update: Context, operation: str | None
) -> None:
    """Otherwise every synchronous event would be a repeat of the first."""
    event = read(dataverse, update | {"OperationId": operation})
    assert isinstance(event, Notice)
    assert event.event_id == (
        "6042beb1-a93a-ef11-8e4b-00224802c699:account:8c1de5b1-4d0a-f011-998a-6045bd03d9d8:/Date(1772443800000+0000)/"
    )


@pytest.mark.parametrize("name", ["OrganizationId", "PrimaryEntityId", "PrimaryEntityName", "OperationCreatedOn"])
def test_an_event_that_nothing_tells_from_others_cannot_be_read(
    dataverse: Dataverse, update: Context, name: str
) -> None:
    """No operation, and a part of its stand-in is missing."""
    del update["OperationId"], update[name]
    with pytest.raises(UnreadableBody):
        read(dataverse, update)


@pytest.mark.parametrize("odd", ["", "\u0661", "x" * 129, 7, None])
def test_a_time_that_is_no_plain_text_tells_nothing_apart(dataverse: Dataverse, update: Context, odd: Any) -> None:
    """It becomes part of an id, so it must be one that can be written down."""
    del update["OperationId"]
    with pytest.raises(UnreadableBody):
        read(dataverse, update | {"OperationCreatedOn": odd})
