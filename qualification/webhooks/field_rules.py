"""Where each field of a request comes from in a CRM's record (WEBHOOK_{SOURCE}_FIELDS), checked at start. Pure."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic.alias_generators import to_camel

from qualification.domain.request import (
    CamelModel,
    EducationRequest,
    EducationSegment,
    GovernmentRequest,
    Mode,
    Qualification,
    Reference,
    StateOwnedEntityRequest,
)
from qualification.settings.environment import SettingFault

CUSTOMER = "customerTenantId"
QUALIFICATION = "qualification"
SEGMENT = "educationSegment"
OCCURRED_AT = "occurredAt"
"""The moment of the sender's event; it is part of no request, and says which of two events is the newer."""
REFERENCE = "reference."
"""How the fields of the reference begin, each of which has a rule of its own."""
OTHERWISE = "*"
"""In a map of values: any value that is not listed."""


def _names(shape: type[CamelModel]) -> set[str]:
    own = {*map(to_camel, shape.model_fields)} - {REFERENCE.removesuffix(".")}
    return own | {REFERENCE + name for name in Reference.model_fields}


SHAPES: Mapping[str, frozenset[str]] = {
    qualification: frozenset({CUSTOMER, *_names(shape)})
    for shape in (EducationRequest, GovernmentRequest, StateOwnedEntityRequest)
    for qualification in get_args(shape.model_fields[QUALIFICATION].annotation)
}
"""The fields that a request for each qualification may have, by their JSON names."""
NAMES = frozenset({OCCURRED_AT}).union(*SHAPES.values())
ASKED = frozenset(
    name for name in NAMES if name not in {OCCURRED_AT, "customerName"} and not name.startswith(REFERENCE)
)
"""Those that say what is asked for; the others only say more about it, and change whenever a record is saved."""
CHOICES: Mapping[str, frozenset[str | bool]] = {
    QUALIFICATION: frozenset(Qualification),
    SEGMENT: frozenset(EducationSegment),
    "mode": frozenset(Mode),
    "confirmLastAttempt": frozenset({True, False}),
}
"""Fields that take a few values only."""

PATH = re.compile(r"[^.\s][^.]*(\.[^.]+)*")

type Constant = str | bool


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where one field comes from.

    Attributes:
        field: the CRM's name of it, with dots for nested ones.
        values: the CRM's value, as text -> ours; None says that the field is empty, `*` stands for any other value.
        constant: the same for every event, instead of a field.
    """

    field: str | None = None
    values: Mapping[str, Constant | None] | None = None
    constant: Constant | None = None

    @property
    def outcomes(self) -> set[Constant] | None:
        """All values it can lead to; None where that is up to the CRM."""
        if self.constant is not None:
            return {self.constant}
        return None if self.values is None else {value for value in self.values.values() if value is not None}


type FieldRules = Mapping[str, FieldRule]
"""Our field -> where it comes from."""


def parse_field_rules(text: str) -> dict[str, FieldRule]:
    """The rules in a JSON object: our field -> theirs, or `{"field": …, "values": {…}}`, or `{"constant": …}`.

    Raises:
        SettingFault: it cannot be right; says all that is wrong, by our own field names and without a value.
    """
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise SettingFault("must be a JSON object of our field -> theirs")
    faults: list[str] = []
    rules: dict[str, FieldRule] = {}
    if not content.keys() <= NAMES:
        faults.append(f"has a field that no request has; known are {', '.join(sorted(NAMES))}")
    for name in sorted(content.keys() & NAMES):
        try:
            rules[name] = parse_field_rule(content[name])
        except ValueError:
            faults.append(
                f'{name} must be a field\'s name, {{"field": …}} with or without "values", or {{"constant": …}}'
            )
    faults += _contradictions(rules, content.keys())
    if faults:
        raise SettingFault("; ".join(faults))
    return rules


def parse_field_rule(content: object) -> FieldRule:
    """One rule, from its JSON.

    Raises:
        ValueError: it is none; the text says nothing more, for it may hold a secret.
    """
    if isinstance(content, str):
        content = {"field": content}
    if not isinstance(content, dict) or not content.keys() <= {"field", "values", "constant"}:
        raise ValueError("not a rule")
    rule = FieldRule(**content)
    named = isinstance(rule.field, str) and PATH.fullmatch(rule.field) and rule.constant is None
    fixed = isinstance(rule.constant, str | bool) and rule.field is None and rule.values is None
    mapped = rule.values is None or (
        isinstance(rule.values, dict) and all(isinstance(value, str | bool | None) for value in rule.values.values())
    )
    if not (named or fixed) or not mapped:
        raise ValueError("not a rule")
    return rule


def _contradictions(rules: FieldRules, named: Collection[str]) -> Iterator[str]:
    """What no event could satisfy."""
    for name in (CUSTOMER, QUALIFICATION):
        if name not in named:
            yield f"{name} is missing: nothing could ever be requested"
    if CUSTOMER in rules and rules[CUSTOMER].constant is not None:
        yield f"{CUSTOMER} must not be a constant: every event would be about the same customer"
    for name, rule in rules.items():
        if name in CHOICES and not (rule.outcomes or set()) <= CHOICES[name]:
            yield f"{name} leads to a value that is none of {', '.join(sorted(map(_written, CHOICES[name])))}"
    referred = {name.removeprefix(REFERENCE) for name in named if name.startswith(REFERENCE)}
    if referred and not referred >= {"type", "id"}:
        yield f"{REFERENCE}type and {REFERENCE}id belong together"
    wanted = rules[QUALIFICATION].outcomes if QUALIFICATION in rules else None
    if wanted and Qualification.EDUCATION in wanted and SEGMENT not in named:
        yield f"{SEGMENT} is missing, and Education needs it"


def _written(value: str | bool) -> str:  # noqa: FBT001  a value as it came from JSON
    return str(value).lower() if isinstance(value, bool) else str(value)
