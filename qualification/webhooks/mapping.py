"""From a CRM's record to a request, as WEBHOOK_{SOURCE}_FIELDS says."""

from collections.abc import Callable, Mapping
from typing import Any

from qualification.domain.errors import Fault
from qualification.webhooks.field_rules import NAMES, OTHERWISE, QUALIFICATION, SHAPES, FieldRule, FieldRules

_NOT_ONE_VALUE = "is not one value in the CRM's record"
_UNLISTED = "has a value in the CRM that the mapping of values does not list"


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
            value = _value(record, rule, unwrap)
        except ValueError as error:
            faults[name] = Fault(f"/{name}", str(error))
            continue
        if name == "confirmLastAttempt" and isinstance(value, str) and value.lower() in {"true", "false"}:
            value = value.lower() == "true"
        if value not in {None, ""}:
            content[name] = value
    if QUALIFICATION not in content and QUALIFICATION not in faults:
        return None
    wanted = SHAPES.get(str(content.get(QUALIFICATION)), NAMES)
    return (
        {name: value for name, value in content.items() if name in wanted},
        tuple(fault for name, fault in faults.items() if name in wanted),
    )


def _value(record: Mapping[str, Any], rule: FieldRule, unwrap: Callable[[Any], Any]) -> Any:
    if rule.field is None:
        return rule.constant
    value = unwrap(_dig(record, rule.field))
    if isinstance(value, str):
        value = value.strip()
    if isinstance(value, Mapping | list):
        raise ValueError(_NOT_ONE_VALUE)  # noqa: TRY004  the value is wrong, not a caller of ours
    if rule.values is None or value in {None, ""}:
        return value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if text in rule.values:
        return rule.values[text]
    if OTHERWISE in rule.values:
        return rule.values[OTHERWISE]
    raise ValueError(_UNLISTED)


def _dig(record: Mapping[str, Any], path: str) -> Any:
    # A name with a dot in it is taken before a path of that spelling.
    if path in record:
        return record[path]
    value: Any = record
    for name in path.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return None
        value = value[name]
    return value
