import json
from typing import Any

import pytest

from qualification.webhooks.field_rules import CHOICES, SHAPES, parse_field_rules
from sandbox.crm import crm_settings

GOOD: dict[str, Any] = {
    "customerTenantId": "tenant",
    "qualification": {
        "field": "kind",
        "values": {"School": "Education", "City": "GovernmentCommunityCloud", "*": None},
    },
    "educationSegment": {"constant": "K12"},
    "confirmLastAttempt": {"field": "sure", "values": {"Yes": True, "No": False}},
    "validationCode": "code",
    "mode": {"constant": "synchronous"},
    "website": "data.site",
}


@pytest.mark.parametrize(
    "rules",
    [GOOD, {"customerTenantId": "a", "qualification": "b"}]
    + [json.loads(value) for name, value in crm_settings().items() if name.endswith("_FIELDS")],
)
def test_names_paths_maps_and_constants_are_rules(rules: dict[str, Any]) -> None:
    """All that an administrator may say."""
    assert parse_field_rules(json.dumps(rules)).keys() == rules.keys()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"customerTenantId": None}, "customerTenantId is missing"),
        ({"qualification": None}, "qualification is missing"),
        ({"tenant": "x"}, "has a field that no request has"),
        ({"customerTenantId": {"constant": "2a14b164-f983-4048-92e1-4f9591b87445"}}, "customerTenantId must not be"),
        ({"qualification": {"constant": "Nonprofit"}}, "qualification leads to a value"),
        ({"qualification": {"field": "kind", "values": {"School": "education"}}}, "qualification leads to a value"),
        ({"educationSegment": {"field": "level", "values": {"x": "Kindergarten"}}}, "educationSegment leads to"),
        ({"confirmLastAttempt": {"constant": "true"}}, "confirmLastAttempt leads to"),
        ({"mode": {"constant": "fast"}}, "mode leads to"),
        ({"educationSegment": None}, "educationSegment is missing, and Education needs it"),
        ({"website": ""}, "website must be"),
        ({"website": "a..b"}, "website must be"),
        ({"website": ".a"}, "website must be"),
        ({"website": 7}, "website must be"),
        ({"website": {}}, "website must be"),
        ({"website": {"field": "a", "constant": "b"}}, "website must be"),
        ({"website": {"constant": "b", "values": {"a": "b"}}}, "website must be"),
        ({"website": {"field": "a", "vales": {}}}, "website must be"),
        ({"website": {"field": "a", "values": {"x": 7}}}, "website must be"),
    ],
)
def test_a_mapping_that_cannot_be_right_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    """At start, not at the first event of a CRM that shows nobody the answer."""
    rules = {name: rule for name, rule in (GOOD | changes).items() if rule is not None}
    with pytest.raises(ValueError, match=said):
        parse_field_rules(json.dumps(rules))


def test_all_faults_come_at_once() -> None:
    """One start tells them all."""
    with pytest.raises(ValueError, match=r"website must be.*qualification is missing.*mode leads to"):
        parse_field_rules('{"customerTenantId": "a", "website": 7, "mode": {"constant": "fast"}}')


def test_a_mapping_knows_the_fields_of_the_models() -> None:
    """By their JSON names, customer included, and the words that each may be."""
    reference = {"reference.type", "reference.id", "reference.url"}
    every = {"customerTenantId", "customerName", "qualification", "mode", *reference}
    assert {
        "Education": {*every, "educationSegment", "website", "confirmLastAttempt"},
        "GovernmentCommunityCloud": {*every, "validationCode"},
        "StateOwnedEntity": every,
    } == SHAPES
    assert {
        "qualification": SHAPES.keys(),
        "educationSegment": {"K12", "HigherEducation"},
        "mode": {"asynchronous", "synchronous"},
        "confirmLastAttempt": {True, False},
    } == CHOICES


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', "7"])
def test_what_is_no_object_is_refused(text: str) -> None:
    """Whatever it is instead."""
    with pytest.raises(ValueError, match="must be a JSON object"):
        parse_field_rules(text)
