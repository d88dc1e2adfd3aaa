"""The schemas of the OpenAPI document: the models of requests and answers, and what is only said in it."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from qualification.api.status_resource import StatusResource
from qualification.domain.actions import Action
from qualification.domain.amendment import LONGEST_NOTE
from qualification.domain.errors import LONGEST_SHOWN
from qualification.domain.held import Held
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
from qualification.use_cases.health import Verdict

GUID: dict[str, Any] = {"type": "string", "format": "uuid"}
SHAPES = (EducationRequest, GovernmentRequest, StateOwnedEntityRequest)

PATTERNS = {
    ("GovernmentRequest", "validationCode"): "^[!-~]{0,100}$",
}
"""What the models check in code; in a form that every JSON Schema library reads."""
NULL: dict[str, Any] = {"type": "null"}


class FaultDetail(CamelModel):
    """One thing wrong with a request."""

    pointer: str = Field(description="JSON pointer (RFC 6901) into the body; empty for the whole of it")
    detail: str
    field: str | None = Field(default=None, description="the sender's own name of the field, where a mapping knows it")
    value: str | None = Field(
        default=None,
        max_length=LONGEST_SHOWN,
        description="what came, of customerTenantId, qualification, educationSegment, mode and website",
    )
    allowed: tuple[str, ...] = Field(default=(), description="the values that would do, where there are only a few")


class ProblemDetails(CamelModel):
    """Why a call was refused (RFC 9457)."""

    type: str = Field(description="where to read what to do about it, in a browser too")
    title: str
    status: int
    detail: str
    instance: str = Field(description="the path that was called, without its query")
    errors: tuple[FaultDetail, ...] = Field(default=(), description="each fault, where there are several of one kind")
    allowed_actions: tuple[Action, ...] = Field(default=(), description="what the request's state allows instead")
    links: dict[str, str] = Field(
        default_factory=dict, description="`active`: the request that stands against this one"
    )


class Note(CamelModel):
    """Why a person decides so; it is kept in the history."""

    model_config = ConfigDict(extra="forbid")

    note: str | None = Field(
        default=None, max_length=LONGEST_NOTE, pattern=r"^[^\x00-\x1f\x7f]*$", description="one line of printable text"
    )


class Decision(Note):
    """A person's decision: a note, and the fields that are corrected; null is as good as missing."""

    qualification: Qualification | None = Field(default=None, description="the request's own")
    mode: Mode | None = None
    education_segment: EducationSegment | None = None
    website: str | None = None
    confirm_last_attempt: bool | None = None
    customer_name: str | None = None
    reference: Reference | None = None
    validation_code: str | None = Field(
        default=None, description="again, for the retry of a request that named one: it is not kept beyond the end"
    )


class Qualifications(CamelModel):
    """All requests of a customer, the newest first."""

    items: list[StatusResource]


class HealthReport(CamelModel):
    """Whether the service can do its work, and a word on each thing it depends on."""

    status: Verdict
    checks: dict[str, str | dict[str, str]]


def ref(name: str) -> dict[str, Any]:
    """A reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def schemas() -> dict[str, Any]:
    """All schemas by name."""
    asked: list[tuple[type[BaseModel], JsonSchemaMode]] = [(shape, "validation") for shape in (*SHAPES, Note, Decision)]
    answered: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        (model, "serialization") for model in (Qualifications, Held, HealthReport, ProblemDetails)
    ]
    _, made = models_json_schema([*asked, *answered], ref_template="#/components/schemas/{model}")
    found: dict[str, Any] = made["$defs"]
    for schema in found.values():
        for described in (schema, *schema.get("properties", {}).values()):
            described.pop("title", None)
    for (shape, name), pattern in PATTERNS.items():
        found[shape]["properties"][name]["anyOf"][0]["pattern"] = pattern
    found["StateOwnedEntityRequest"]["properties"]["mode"] = {"const": Mode.ASYNCHRONOUS.value}
    for asked_for in SHAPES:
        _allow_null(found[asked_for.__name__])
    return found | {
        "QualificationRequest": {"oneOf": [ref(shape.__name__) for shape in SHAPES]},
        "AddressedRequest": {"oneOf": [_addressed(found[shape.__name__]) for shape in SHAPES]},
    }


def _allow_null(schema: dict[str, Any]) -> None:
    """Null is as good as missing for every field that may be missing."""
    for name, described in schema["properties"].items():
        if name not in schema["required"] and NULL not in described.get("anyOf", ()):
            default = {"default": described.pop("default")} if "default" in described else {}
            schema["properties"][name] = {"anyOf": [described, NULL], **default}


def _addressed(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same request where no path names the customer."""
    properties = {"customerTenantId": GUID, **schema["properties"]}
    return {**schema, "properties": properties, "required": ["customerTenantId", *schema["required"]]}
