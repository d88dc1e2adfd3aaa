"""From a CRM's record to a request, as WEBHOOK_{SOURCE}_FIELDS says."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from qualification.domain.errors import Fault
from qualification.domain.half_character import half_character
from qualification.domain.request import is_missing
from qualification.webhooks.field_names import dig
from qualification.webhooks.field_rules import NAMES, OTHERWISE, QUALIFICATION, REFERENCE, SHAPES, FieldRule, FieldRules

_NOT_ONE_VALUE = "is not one value in the CRM's record"
_SEVERAL = "has several values in the CRM's record, and a request takes one"
_UNLISTED = "has a value in the CRM that the mapping of values does not list"
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")
"""A whole number as senders write it whose numbers all have a fraction (xsd:double, no-code tools)."""


def as_it_is(value: Any) -> Any:
    """The value of a CRM that wraps nothing."""
    return value


def mapped(
    record: Mapping[str, Any], rules: FieldRules, unwrap: Callable[[Any], Any] = as_it_is
) -> tuple[dict[str, Any], tuple[Fault, ...]] | None:
    """The request in a record, and what is wrong with it; None where it is not about a qualification.

    A CRM sends a record with all its fields: those that the qualification has no use for are left out, and so are
    empty ones.

    Args:
        record: the CRM's fields.
        rules: our field -> where it comes from.
        unwrap: takes a value out of what the CRM wraps it in.
    """
    content: dict[str, Any] = {}
    faults: dict[str, Fault] = {}
    for name, rule in rules.items():
        try:
            value = value_of(record, rule, unwrap)
        except ValueError as error:
            faults[name] = Fault("/" + name.replace(".", "/"), str(error))
            continue
        if name == "confirmLastAttempt" and isinstance(value, str) and value.lower() in {"true", "false"}:
            value = value.lower() == "true"
        if not is_missing(value):
            content[name] = value
    if QUALIFICATION not in content and QUALIFICATION not in faults:
        return None
    wanted = SHAPES.get(str(content.get(QUALIFICATION)), NAMES)
    return (
        nested({name: value for name, value in content.items() if name in wanted}),
        tuple(fault for name, fault in faults.items() if name in wanted),
    )


def nested(content: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with those of the reference as one object."""
    reference = {name.removeprefix(REFERENCE): value for name, value in content.items() if name.startswith(REFERENCE)}
    others = {name: value for name, value in content.items() if not name.startswith(REFERENCE)}
    return others | ({"reference": reference} if reference else {})


def value_of(record: Mapping[str, Any], rule: FieldRule, unwrap: Callable[[Any], Any] = as_it_is) -> Any:
    """What a rule makes of a record; None or "" where its field is empty.

    Raises:
        ValueError: the field holds what the rule cannot take; says so without the value.
    """
    if rule.field is None:
        return rule.constant
    value = _plain(_one(unwrap(dig(record, rule.field)), unwrap))
    if rule.values is None or is_missing(value):
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    whole = _WHOLE.fullmatch(text)
    for spelling in (text, whole[1] if whole else text, OTHERWISE):
        if spelling in rule.values:
            return rule.values[spelling]
    raise ValueError(_UNLISTED)


def _one(value: Any, unwrap: Callable[[Any], Any]) -> Any:
    """The one value of a field that could take several (a multi-select column); none of it is an empty field."""
    if isinstance(value, list):
        if len(value) > 1:
            raise ValueError(_SEVERAL)
        value = unwrap(value[0]) if value else None
    if isinstance(value, Mapping | list):
        raise ValueError(_NOT_ONE_VALUE)  # noqa: TRY004  the value is wrong, not a caller of ours
    return value


def _plain(value: Any) -> Any:
    """Texts and booleans as they are, numbers as text: no field of a request is a number."""
    if isinstance(value, str):
        if half := half_character(value):
            raise ValueError(half)
        return value.strip()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
