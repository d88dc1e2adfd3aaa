"""A CRM's mapping (WEBHOOK_{SOURCE}_FIELDS) in words. Pure."""

from collections.abc import Mapping

from qualification.webhooks.field_rules import OTHERWISE, Constant, FieldRule, FieldRules
from qualification.webhooks.preview import FIRST, SECRET

MOST = 6
"""So many of its values are written out for a field."""


def mapping_words(rules: FieldRules) -> str:
    """Where each of our fields comes from, what is needed first; never a validation code."""
    if not rules:
        return "its fields have our own names"
    ordered = sorted(rules.items(), key=lambda item: (item[0] not in FIRST, item[0]))
    return "; ".join(_rule(name, rule) for name, rule in ordered)


def _rule(name: str, rule: FieldRule) -> str:
    if rule.field is None:
        return f"{name} is always {'the same' if name == SECRET else _written(rule.constant)}"
    if rule.values is None or name == SECRET:
        return f"{name} is {rule.field}"
    return f"{name} is {rule.field} ({_values(rule.values)})"


def _values(values: Mapping[str, Constant | None]) -> str:
    listed = [f"{theirs} means {_written(ours)}" for theirs, ours in values.items() if theirs != OTHERWISE]
    more = [f"{len(listed) - MOST} more"] if len(listed) > MOST else []
    others = f"any other means {_written(values[OTHERWISE])}" if OTHERWISE in values else "any other is refused"
    return ", ".join([*listed[:MOST], *more, others])


def _written(value: Constant | None) -> str:
    if value is None:
        return "empty"
    return str(value).lower() if isinstance(value, bool) else str(value)
