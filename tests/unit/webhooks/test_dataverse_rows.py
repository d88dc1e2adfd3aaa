"""Messages of Dataverse about several rows: CreateMultiple and UpdateMultiple."""

from typing import Any

import pytest

from qualification.webhooks.dataverse.source import Dataverse
from qualification.webhooks.source import Notice, Unrelated
from tests.unit.webhooks.dataverse_context import OPERATION, REQUEST, Context, faults, read, target
from tests.unit.webhooks.payloads import delivery

OTHER_ROW = "7a30f8ad-0c5b-f011-bec2-000d3a5a54dc"


def multiple(update: Context, message: str, *entities: Any, images: Any = None) -> Context:
    """A message about several rows."""
    targets = {"key": "Targets", "value": {"EntityName": "account", "Entities": list(entities)}}
    return update | {"MessageName": message, "InputParameters": [targets], "PostEntityImagesCollection": images}


def test_each_row_of_several_is_an_event_of_its_own(dataverse: Dataverse, update: Context) -> None:
    """Known by the operation and the row; what is not about a qualification is passed over."""
    whole = update["PostEntityImages"][1]["value"]
    rows = [{**whole}, {**whole, "Id": OTHER_ROW}, {"Attributes": [], "Id": OTHER_ROW}]
    events = dataverse.read(delivery(multiple(update, "CreateMultiple", *rows)))
    assert events == [
        Notice(f"{OPERATION}:{whole['Id']}", REQUEST),
        Notice(f"{OPERATION}:{OTHER_ROW}", REQUEST),
        Unrelated(),
    ]


def test_the_images_of_several_rows_run_along_with_them(dataverse: Dataverse, update: Context) -> None:
    """Where the step has some; where it has none, the fault says so."""
    image = {"key": "PostImage", "value": update["PostEntityImages"][1]["value"]}
    changed = {**target(update), "Id": OTHER_ROW}
    unrelated = {"Attributes": [{"key": "name", "value": "x"}], "Id": OTHER_ROW}
    context = multiple(update, "UpdateMultiple", unrelated, changed, images=[[image], [image]])
    assert dataverse.read(delivery(context)) == [Unrelated(), Notice(f"{OPERATION}:{OTHER_ROW}", REQUEST)]
    [event] = dataverse.read(delivery(multiple(update, "UpdateMultiple", changed)))
    assert ["has no post image" in fault.detail for fault in faults(event)] == [True]


@pytest.mark.parametrize("row", [7, None, {}, {"Attributes": 7, "Id": 7}, {"Attributes": None, "Id": "\ud83d"}])
def test_one_odd_row_keeps_no_other_out(dataverse: Dataverse, update: Context, row: Any) -> None:
    """It is known by its place."""
    whole = update["PostEntityImages"][1]["value"]
    odd, good = dataverse.read(delivery(multiple(update, "CreateMultiple", row, whole)))
    assert isinstance(odd, Notice)
    assert (odd.event_id, len(odd.faults)) == (f"{OPERATION}:0", 1)
    assert good == Notice(f"{OPERATION}:{whole['Id']}", REQUEST)


@pytest.mark.parametrize("targets", [None, [], {}, {"Entities": 7}, {"Entities": []}])
def test_several_rows_that_are_none_are_a_fault(dataverse: Dataverse, update: Context, targets: Any) -> None:
    """Whatever stands in their place."""
    context = update | {"MessageName": "UpdateMultiple", "InputParameters": [{"key": "Targets", "value": targets}]}
    assert faults(read(dataverse, context))
