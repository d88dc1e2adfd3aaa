"""What may be asked for: the three shapes of a request, selected by `qualification`. Pure data, no I/O."""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    SerializationInfo,
    StrictBool,
    TypeAdapter,
    ValidationError,
    field_serializer,
    field_validator,
)
from pydantic.alias_generators import to_camel

from qualification.domain.errors import Fault, InvalidRequest, shown
from qualification.domain.website import LEFT_OUT, parse_website

LONGEST_NAME = 200
"""Of a customer's name, in characters; the rest is cut off, for it is only shown."""
LONGEST_URL = 2048
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
NOT_SENT = {"validation_code", "customer_name", "reference"}
"""Fields that are no part of a request's content: secrets must not be computed from what is stored, names are only shown."""

REVEAL_SECRETS = {"reveal_secrets": True}
"""Serialisation context under which a validation code is written in clear; only the record store uses it."""

NOT_SETTABLE = {
    "None": "None cannot be set: Partner Center has no way to take a qualification back",
    "Nonprofit": "Nonprofit is granted through Microsoft's nonprofit programme and cannot be set here",
}


class CamelModel(BaseModel):
    """Immutable data whose JSON names are camelCase.

    Validators are built at first use: a webhook that is refused needs few of them, and waits for all in a cold start.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=True, validate_by_alias=True, frozen=True, defer_build=True
    )


class Qualification(StrEnum):
    """What a customer can be qualified as (Partner Center's CustomerQualification, without None and Nonprofit)."""

    EDUCATION = "Education"
    GOVERNMENT_COMMUNITY_CLOUD = "GovernmentCommunityCloud"
    STATE_OWNED_ENTITY = "StateOwnedEntity"


class EducationSegment(StrEnum):
    """The two segments Partner Center documents."""

    K12 = "K12"
    HIGHER_EDUCATION = "HigherEducation"


class Mode(StrEnum):
    """How Partner Center is asked: POST and vetting, or the older PUT that answers at once."""

    ASYNCHRONOUS = "asynchronous"
    SYNCHRONOUS = "synchronous"


class Reference(CamelModel):
    """The sender's own record that a request is about; it is shown to people, and handed back to subscribers.

    Attributes:
        type: the sender's word for what it is.
        id: the sender's id of it.
        url: where a person finds it; https only, anything else is left out.
    """

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(min_length=1, max_length=100, pattern=ONE_LINE)]
    id: Annotated[str, Field(min_length=1, max_length=100, pattern=ONE_LINE)]
    url: Annotated[str, Field(max_length=LONGEST_URL)] | None = None

    @field_validator("url", mode="before")
    @classmethod
    def _is_a_link(cls, url: object) -> object:
        is_text = isinstance(url, str) and len(url) <= LONGEST_URL
        return url if is_text and re.fullmatch(r"https://[!-~]+", str(url)) else None

    def __str__(self) -> str:
        """As subscriptions filter on it."""
        return f"{self.type}:{self.id}"


class _Request(CamelModel):
    model_config = ConfigDict(extra="forbid")

    mode: Mode = Mode.ASYNCHRONOUS
    customer_name: Annotated[str, Field(max_length=LONGEST_NAME)] | None = None
    reference: Reference | None = None

    @field_validator("customer_name", mode="before")
    @classmethod
    def _is_shown(cls, name: object) -> object:
        return " ".join(name.split())[:LONGEST_NAME] or None if isinstance(name, str) else name


class EducationRequest(_Request):
    """A school or university; vetted by Microsoft, at most three times a customer."""

    qualification: Literal[Qualification.EDUCATION]
    education_segment: EducationSegment
    website: str | None = Field(
        None, description="host name or http(s) URL; anything else is left out, and the history says so"
    )
    confirm_last_attempt: StrictBool = False

    @field_validator("website")
    @classmethod
    def _without_junk(cls, website: str | None) -> str | None:
        return None if website is None else parse_website(website)


class GovernmentRequest(_Request):
    """A US government body; needs one of the partner's validation codes, or takes one that has creates left."""

    qualification: Literal[Qualification.GOVERNMENT_COMMUNITY_CLOUD]
    validation_code: SecretStr | None = None

    @field_validator("validation_code")
    @classmethod
    def _is_one_word(cls, code: SecretStr | None) -> SecretStr | None:
        if code is not None and not re.fullmatch(r"[!-~]{1,100}", code.get_secret_value()):
            raise ValueError("must be one word of printable ASCII, 100 characters at most")
        return code

    @field_serializer("validation_code")
    def _keep_secret(self, code: SecretStr | None, info: SerializationInfo) -> str | None:
        if code is None:
            return None
        return code.get_secret_value() if info.context == REVEAL_SECRETS else str(code)


class StateOwnedEntityRequest(_Request):
    """A state-owned entity; declared by the partner, never vetted. The older PUT never knew it."""

    qualification: Literal[Qualification.STATE_OWNED_ENTITY]

    @field_validator("mode")
    @classmethod
    def _is_asynchronous(cls, mode: Mode) -> Mode:
        if mode is Mode.SYNCHRONOUS:
            raise ValueError("must be asynchronous: Partner Center's synchronous call does not know StateOwnedEntity")
        return mode


QualificationRequest = Annotated[
    EducationRequest | GovernmentRequest | StateOwnedEntityRequest, Field(discriminator="qualification")
]
_ADAPTER: TypeAdapter[EducationRequest | GovernmentRequest | StateOwnedEntityRequest] = TypeAdapter(
    QualificationRequest, config=ConfigDict(defer_build=True)
)


FIELDS = frozenset(
    str(field.alias)
    for shape in (EducationRequest, GovernmentRequest, StateOwnedEntityRequest)
    for field in shape.model_fields.values()
)
"""The fields that some request may have, by their JSON names."""


def is_missing(value: object) -> bool:
    """Whether a value says that its field is empty: no-code tools send null or an empty text for it."""
    return value is None or value == ""


def parse_request(content: Mapping[str, Any]) -> EducationRequest | GovernmentRequest | StateOwnedEntityRequest:
    """The request in a JSON object, without `customerTenantId`; null and "" are as good as missing.

    Raises:
        InvalidRequest: with every fault and where it is. A refused value is never repeated, it may be a secret.
    """
    named = content.get("qualification")
    if isinstance(named, str) and named in NOT_SETTABLE:
        raise InvalidRequest([Fault("/qualification", NOT_SETTABLE[named], value=named, allowed=tuple(Qualification))])
    given = {name: value for name, value in content.items() if not (name in FIELDS and is_missing(value))}
    try:
        return _ADAPTER.validate_python(given, by_name=False)
    except ValidationError as error:
        found = [_fault(detail["loc"], detail["type"], detail["msg"]) for detail in error.errors()]
        raise InvalidRequest([_with_value(fault, content) for fault in found]) from None


def left_out(content: Mapping[str, Any]) -> str | None:
    """What the request in a JSON object goes without, for its history; None where that is nothing."""
    website = content.get("website")
    junk = isinstance(website, str) and bool(website.strip()) and parse_website(website) is None
    return LEFT_OUT if junk and content.get("qualification") == Qualification.EDUCATION else None


def _fault(location: tuple[int | str, ...], kind: str, message: str) -> Fault:
    if kind.startswith("union_tag"):
        names = ", ".join(Qualification)
        return Fault("/qualification", f"must be one of {names}", allowed=tuple(Qualification))
    # Inside a discriminated union the first step of the location is the tag, which is not in the caller's JSON.
    path = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in location[1:])
    return Fault(path, _plain(kind, message), allowed=_ALLOWED.get(path, ()))


_ALLOWED: Mapping[str, tuple[str, ...]] = {"/educationSegment": tuple(EducationSegment), "/mode": tuple(Mode)}


def _with_value(fault: Fault, content: Mapping[str, Any]) -> Fault:
    name = fault.pointer.removeprefix("/")
    return replace(fault, value=shown(name, content.get(name)))


def _plain(kind: str, message: str) -> str:
    match kind:
        case "missing":
            return "is required"
        case "extra_forbidden":
            return "is not a known field"
        case "value_error":
            return message.removeprefix("Value error, ")
        case _:
            return message.replace("Input should be", "must be").replace("String should", "must")
