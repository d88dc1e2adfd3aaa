"""What is wrong with a call of Dataverse, and with the step that makes it."""

from typing import Any

import pytest

from qualification.domain.errors import UnreadableBody
from qualification.webhooks.dataverse.source import Dataverse
from tests.unit.webhooks.dataverse_context import Context, column, faults, read, target, without
from tests.unit.webhooks.payloads import content, delivery


def test_a_mark_that_nobody_knows_whose_it_was_is_told(dataverse: Dataverse, update: Context) -> None:
    """Without a post image the request of a customer could not be ended, and would go out all the same."""
    column(target(update), "new_qualification")["value"] = None
    del update["PostEntityImages"][1]
    [fault] = faults(read(dataverse, update))
    assert "customerTenantId is not among the changed columns" in fault.detail


def test_a_tenant_id_in_neither_place_is_asked_for_with_the_place(dataverse: Dataverse, update: Context) -> None:
    """The reason says where Dataverse was looked at."""
    without(update["PostEntityImages"][1]["value"], "new_tenantid")
    [fault] = faults(read(dataverse, update))
    assert fault.pointer == "/customerTenantId"
    assert "neither" in fault.detail
    assert "post image" in fault.detail


def test_a_step_without_a_post_image_is_told_to_register_one(dataverse: Dataverse, update: Context) -> None:
    """The image that Dataverse adds by itself holds the primary name only and does not count."""
    del update["PostEntityImages"][1]
    [fault] = faults(read(dataverse, update))
    assert fault.pointer == "/customerTenantId"
    assert "has no post image" in fault.detail


def test_without_an_image_nobody_can_tell_whether_it_is_about_a_qualification(
    dataverse: Dataverse, update: Context
) -> None:
    """It is not passed over in silence: the step is wrong."""
    del update["PostEntityImages"][1]
    without(target(update), "new_qualification")
    target(update)["Attributes"].append({"key": "websiteurl", "value": "contoso.org"})
    [fault] = faults(read(dataverse, update))
    assert "qualification is not among the changed columns" in fault.detail


def test_a_call_over_256_kb_says_that_its_columns_are_missing(dataverse: Dataverse) -> None:
    """Dataverse strips them and says so in a header."""
    event = read(dataverse, content("dataverse-size-exceeded.json"), x_ms_dynamics_msg_size_exceeded="256")
    assert ["256 KB" in fault.detail for fault in faults(event)] == [True]


def test_a_call_without_a_target_says_so(dataverse: Dataverse) -> None:
    """The same body without the header is another fault."""
    [fault] = faults(read(dataverse, content("dataverse-size-exceeded.json")))
    assert "no Target" in fault.detail


@pytest.mark.parametrize("sent", [b"", b"[]", b"{}", b'{"MessageName": 7}', b"<xml/>"])
def test_what_is_no_execution_context_cannot_be_read(dataverse: Dataverse, sent: bytes) -> None:
    """Somebody has pointed something else here."""
    with pytest.raises(UnreadableBody):
        dataverse.read(delivery(sent))


@pytest.mark.parametrize(
    "wrong", [{}, [], [7], [{"key": 7}], "x", None, [{"key": "Target", "value": {"Attributes": 7}}]]
)
def test_odd_parameters_are_a_fault_and_no_crash(dataverse: Dataverse, update: Context, wrong: Any) -> None:
    """Whatever stands in their place."""
    assert faults(read(dataverse, update | {"InputParameters": wrong}))
