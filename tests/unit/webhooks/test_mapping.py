import json
from typing import Any

import pytest

from qualification.webhooks.field_rules import parse_field_rules
from qualification.webhooks.mapping import mapped
from tests.unit.webhooks.payloads import CUSTOMER

RULES: dict[str, Any] = {
    "customerTenantId": "account.tenant",
    "qualification": {"field": "kind", "values": {"School": "Education", "1": "StateOwnedEntity", "*": None}},
    "educationSegment": {"field": "level", "values": {"Higher Ed": "HigherEducation", "true": "K12"}},
    "website": "site",
}
RECORD: dict[str, Any] = {
    "account": {"tenant": f" {CUSTOMER} "},
    "kind": "School",
    "level": "Higher Ed",
    "site": "contoso.edu",
    "phone": "555-0100",
}
REQUEST = {
    "customerTenantId": CUSTOMER,
    "qualification": "Education",
    "educationSegment": "HigherEducation",
    "website": "contoso.edu",
}


def request(record: dict[str, Any], **rules: Any) -> Any:
    """What becomes of a record; a rule of None is left out."""
    changed = {name: rule for name, rule in (RULES | rules).items() if rule is not None}
    return mapped(record, parse_field_rules(json.dumps(changed)))


def test_paths_and_values_become_a_request() -> None:
    """Nested fields, the CRM's own words, spaces around a value."""
    assert request(RECORD) == (REQUEST, ())


def test_a_constant_is_the_same_for_every_record() -> None:
    """Where a workflow is about schools only, the CRM needs no field for it."""
    assert request(RECORD, qualification={"constant": "Education"}) == (REQUEST, ())
    found, _ = request(RECORD, mode={"constant": "synchronous"})
    assert found["mode"] == "synchronous"


@pytest.mark.parametrize("kind", ["Corporate", "", "  ", None])
def test_an_empty_qualification_is_none(kind: str | None) -> None:
    """`*` may stand for all that means nothing here."""
    assert request(RECORD | {"kind": kind}) is None


def test_a_record_without_the_field_is_not_about_a_qualification() -> None:
    """The same as an empty one."""
    assert request({"account": {"tenant": CUSTOMER}}) is None


@pytest.mark.parametrize(("value", "segment"), [("Higher Ed", "HigherEducation"), (True, "K12"), ("true", "K12")])
def test_values_are_looked_up_as_text(value: Any, segment: str) -> None:
    """Numbers and booleans too."""
    found, faults = request(RECORD | {"level": value})
    assert (found["educationSegment"], faults) == (segment, ())
    assert request(RECORD | {"kind": 1}) == ({"customerTenantId": CUSTOMER, "qualification": "StateOwnedEntity"}, ())


def test_a_value_that_is_not_listed_is_a_fault_that_does_not_repeat_it() -> None:
    """A new choice in the CRM must not pass unseen."""
    found, [fault] = request(RECORD | {"level": "Kindergarten"})
    assert "educationSegment" not in found
    assert fault.pointer == "/educationSegment"
    assert "Kindergarten" not in fault.detail


@pytest.mark.parametrize("value", [["K-12", "Higher Ed"], {"a": 1}])
def test_a_value_that_is_several_is_a_fault(value: Any) -> None:
    """A choice of many, or a record inside the record."""
    _, [fault] = request(RECORD | {"site": value})
    assert fault.pointer == "/website"


def test_fields_that_the_qualification_has_no_use_for_are_left_out() -> None:
    """A CRM sends a railway's website too, which no state-owned entity has; its faults are nobody's."""
    found, faults = request(RECORD | {"kind": 1, "level": "Kindergarten"})
    assert found == {"customerTenantId": CUSTOMER, "qualification": "StateOwnedEntity"}
    assert faults == ()


def test_a_confirmation_may_come_as_text() -> None:
    """HubSpot and Salesforce send booleans as text."""
    found, _ = request(RECORD | {"confirm": "True"}, confirmLastAttempt="confirm")
    assert found["confirmLastAttempt"] is True
    found, _ = request(RECORD | {"confirm": "perhaps"}, confirmLastAttempt="confirm")
    assert found["confirmLastAttempt"] == "perhaps"


def test_a_name_with_dots_comes_before_a_path() -> None:
    """Some senders flatten their records."""
    found, _ = request(RECORD | {"account.tenant": "flat"})
    assert found["customerTenantId"] == "flat"


@pytest.mark.parametrize("account", [None, "x", 7, [], {}])
def test_a_path_that_ends_early_is_an_empty_field(account: Any) -> None:
    """Nothing there, and no crash."""
    found, _ = request(RECORD | {"account": account})
    assert "customerTenantId" not in found


@pytest.mark.parametrize("value", [1, 1.0, "1", "1.0", "1.00", [1.0], ["1"]])
def test_a_whole_number_is_known_however_it_is_written(value: Any) -> None:
    """Some senders write every number with a fraction; a column of several choices may hold one."""
    assert request(RECORD | {"kind": value}) == (
        {"customerTenantId": CUSTOMER, "qualification": "StateOwnedEntity"},
        (),
    )


@pytest.mark.parametrize("value", [1.5, "1.5", "v1.0", float("inf"), 10**400])
def test_another_number_is_another_value(value: Any) -> None:
    """Nothing is rounded."""
    assert request(RECORD | {"kind": value}) is None


def test_a_number_is_text_to_a_request() -> None:
    """A validation code may stand in a column of numbers."""
    rules = {"qualification": {"constant": "GovernmentCommunityCloud"}, "validationCode": "code"}
    found, faults = request(RECORD | {"code": 123456.0}, **rules)
    assert (found["validationCode"], faults) == ("123456", ())


def test_a_column_of_several_choices_without_one_is_empty() -> None:
    """And with several it is a fault, which says so."""
    assert request(RECORD | {"kind": []}) is None
    _, [fault] = request(RECORD | {"level": ["K-12", "Higher Ed"]})
    assert (fault.pointer, "several values" in fault.detail) == ("/educationSegment", True)


def test_half_a_character_is_a_fault_where_it_is_asked_for_only() -> None:
    """A CRM cuts a text in the middle of an emoji; the answer says where."""
    found, faults = request(RECORD | {"phone": "\ud83d"})
    assert (found, faults) == (REQUEST, ())
    _, [fault] = request(RECORD | {"site": "abc\ud83d"})
    assert fault.pointer == "/website"
    assert "half a character at position 3" in fault.detail


@pytest.mark.parametrize("typed", ["Kind", "KIND", "kInD"])
def test_a_name_is_found_in_another_case(typed: str) -> None:
    """Schema names of Dataverse and API names of Salesforce are typed in any; silence would last for ever."""
    rule = {"field": typed, "values": {"School": "Education"}}
    assert request(RECORD, qualification=rule, customerTenantId="Account.TENANT") == (REQUEST, ())


def test_a_name_as_it_was_typed_comes_first() -> None:
    """Where names do have case."""
    found, faults = request(RECORD | {"SITE": "contoso.org", "Site": "contoso.net"})
    assert (found["website"], faults) == ("contoso.edu", ())


def test_names_that_differ_in_case_only_are_no_guess() -> None:
    """Where none is the typed one."""
    _, [fault] = request(RECORD | {"SITE": "contoso.org"}, website="Site")
    assert fault.pointer == "/website"
    assert "differ in case only" in fault.detail
