"""Pieces that the operations of the OpenAPI document share."""

from collections.abc import Iterable
from typing import Any

from qualification.api.problem import KINDS, PAGE
from qualification.domain import errors
from tools.openapi.schemas import ref

CUSTOMER: dict[str, Any] = {"$ref": "#/components/parameters/CustomerId"}
SECONDS: dict[str, Any] = {
    "description": "seconds after which it is worth asking again",
    "schema": {"type": "integer", "minimum": 1},
}
NO_KEY: dict[str, Any] = {"401": {"description": "the function key is missing or wrong; there is no body"}}


def in_path(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter in the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def header(name: str) -> Any:
    """A header that may be left out."""
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def body(schema: dict[str, Any], *, required: bool = True) -> Any:
    """A body in JSON."""
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def content(description: str, schema: dict[str, Any], mimetype: str = "application/json") -> dict[str, Any]:
    """A response with this content."""
    return {"description": description, "content": {mimetype: {"schema": schema}}}


def answer(description: str, schema: str) -> dict[str, Any]:
    """A response in JSON."""
    return content(description, ref(schema))


ETAG: dict[str, Any] = {"description": "the resource's etag, in quotes", "schema": {"type": "string"}}
THE_REQUEST: dict[str, Any] = {
    **answer("the request", "StatusResource"),
    "headers": {"ETag": ETAG, "Retry-After": SECONDS},
}
ACCEPTED: dict[str, Any] = {
    **answer("the request is stored and will not be lost", "StatusResource"),
    "headers": {
        "Location": {"description": "where to follow it", "required": True, "schema": {"type": "string"}},
        "Retry-After": SECONDS,
        "ETag": ETAG,
    },
}


def refusals(*kinds: type[errors.QualificationError]) -> dict[str, Any]:
    """A response for each status that these errors lead to."""
    return explained(KINDS[kind] for kind in kinds)


def explained(kinds: Iterable[tuple[str, int, str]]) -> dict[str, Any]:
    """A response for each status, with the problem types that it may carry."""
    found = sorted({(status, slug, title) for slug, status, title in kinds})
    responses: dict[str, Any] = {}
    for status in sorted({status for status, _, _ in found}):
        slugs = "|".join(slug for each, slug, _ in found if each == status)
        titles = "; ".join(title for each, _, title in found if each == status)
        narrowed = {"type": {"pattern": f"^(https?://[^/?#]+)?{PAGE}#({slugs})$"}, "status": {"const": status}}
        schema = {"allOf": [ref("ProblemDetails")], "properties": narrowed}
        responses[str(status)] = content(titles, schema, "application/problem+json")
    return responses
