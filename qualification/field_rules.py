"""Where each field of a request comes from in a CRM's record (WEBHOOK_{SOURCE}_FIELDS), checked at start. Pure."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictStr, TypeAdapter, ValidationError, model_validator

from qualification.request import (
    EducationRequest,
    EducationSegment,
    GovernmentRequest,
    Mode,
    Qualification,
    StateOwnedEntityRequest,
)

CUSTOMER = "customerTenantId"
QUALIFICATION = "qualification"
SEGMENT = "educationSegment"
OTHERWISE = "*"
"""In a map of values: any value that is not listed."""

SHAPES: Mapping[str, frozenset[str]] = {
    qualification: frozenset({CUSTOMER, *(str(field.alias) for field in shape.model_fields.values())})
    for qualification, shape in (
        (Qualification.EDUCATION, EducationRequest),
        (Qualification.GOVERNMENT_COMMUNITY_CLOUD, GovernmentRequest),
        (Qualification.STATE_OWNED_ENTITY, StateOwnedEntityRequest),
    )
}
"""The fields that a request for each qualification may have, by their JSON names."""
NAMES = frozenset[str]().union(*SHAPES.values())
CHOICES: Mapping[str, frozenset[str | bool]] = {
    QUALIFICATION: frozenset(Qualification),
    SEGMENT: frozenset(EducationSegment),
    "mode": frozenset(Mode),
    "confirmLastAttempt": frozenset({True, False}),
}
"""Fields that take a few values only."""

type Constant = StrictStr | StrictBool


class FieldRule(BaseModel):
    """Where one field comes from.

    Attributes:
        field: the CRM's name of it, with dots for nested ones.
        values: the CRM's value, as text -> ours; null says that the field is empty, `*` stands for any other value.
        constant: the same for every event, instead of a field.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: Annotated[StrictStr, Field(pattern=r"^[^.\s][^.]*(\.[^.]+)*$")] | None = None
    values: dict[str, Constant | None] | None = None
    constant: Constant | None = None

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if (self.field is None) is (self.constant is None) or (self.values is not None and self.field is None):
            raise ValueError
        return self

    @property
    def outcomes(self) -> set[str | bool] | None:
        """All values it can lead to; None where that is up to the CRM."""
        if self.constant is not None:
            return {self.constant}
        return None if self.values is None else {value for value in self.values.values() if value is not None}


type FieldRules = Mapping[str, FieldRule]
"""Our field -> where it comes from."""

_OBJECT: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def parse_field_rules(text: str) -> dict[str, FieldRule]:
    """The rules in a JSON object: our field -> theirs, or `{"field": …, "values": {…}}`, or `{"constant": …}`.

    Raises:
        ValueError: it cannot be right; says all that is wrong, by our own field names and without a value.
    """
    try:
        content = _OBJECT.validate_python(json.loads(text), strict=True)
    except ValueError:
        raise ValueError("must be a JSON object of our field -> theirs") from None
    faults: list[str] = []
    rules: dict[str, FieldRule] = {}
    if not content.keys() <= NAMES:
        faults.append(f"has a field that no request has; known are {', '.join(sorted(NAMES))}")
    for name in sorted(content.keys() & NAMES):
        rule = content[name]
        try:
            rules[name] = FieldRule.model_validate({"field": rule} if isinstance(rule, str) else rule)
        except ValidationError:
            faults.append(
                f'{name} must be a field\'s name, {{"field": …}} with or without "values", or {{"constant": …}}'
            )
    faults += _contradictions(rules, content.keys())
    if faults:
        raise ValueError("; ".join(faults))
    return rules


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
    wanted = rules[QUALIFICATION].outcomes if QUALIFICATION in rules else None
    if wanted and Qualification.EDUCATION in wanted and SEGMENT not in named:
        yield f"{SEGMENT} is missing, and Education needs it"


def _written(value: str | bool) -> str:  # noqa: FBT001  a value as it came from JSON
    return str(value).lower() if isinstance(value, bool) else str(value)
