"""The operation that asks for a qualification as Swagger 2.0, made from the models: what Power Platform's custom connectors import.

They take no OpenAPI 3 ("Create a custom connector from an OpenAPI definition"), and Swagger 2.0 has neither `oneOf` nor null: the
three shapes of a request are one here, and the service says what does not fit together.
"""

import json
from collections.abc import Mapping
from typing import Any

from qualification.api.problem import KINDS
from qualification.domain import errors
from tools.openapi.document import VERSION
from tools.openapi.schemas import SHAPES, schemas

REFUSALS = (errors.UnreadableBody, errors.InvalidRequest, errors.ActiveRequestExists, errors.StoreUnavailable)
KEPT = ("type", "format", "enum", "maxLength")
"""Words that mean the same in JSON Schema 2020-12 and in Swagger 2.0, where what is required is never null."""


def swagger_json() -> str:
    """The document as JSON text."""
    return json.dumps(swagger(), indent=2) + "\n"


def swagger() -> dict[str, Any]:
    """The document as an object."""
    found = schemas()
    return {
        "swagger": "2.0",
        "info": {
            "title": "Partner qualifications",
            "version": VERSION,
            "description": "Asks for the qualification of a customer in Microsoft Partner Center.",
        },
        "host": "YOUR-APP.azurewebsites.net",
        "basePath": "/api",
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "paths": {"/customers/{customer_id}/qualifications": {"post": _operation()}},
        "definitions": {"Request": _request(found), "Status": plain(found["StatusResource"], found)},
        "securityDefinitions": {"functionKey": {"type": "apiKey", "in": "header", "name": "x-functions-key"}},
        "security": [{"functionKey": []}],
    }


def _operation() -> dict[str, Any]:
    refused = {str(status): title for _, status, title in (KINDS[kind] for kind in REFUSALS)}
    return {
        "operationId": "RequestQualification",
        "summary": "Ask for a qualification",
        "description": "Asks for a qualification of a customer; the same key again is the same request.",
        "parameters": [
            _parameter("customer_id", "path", "Customer tenant id", required=True),
            _parameter("Idempotency-Key", "header", "Key of the event: the record's id and the time of its change"),
            {"name": "body", "in": "body", "required": True, "schema": {"$ref": "#/definitions/Request"}},
        ],
        "responses": {
            "202": {
                "description": "the request is stored and will not be lost",
                "schema": {"$ref": "#/definitions/Status"},
            },
            **{status: {"description": title} for status, title in sorted(refused.items())},
        },
    }


def _parameter(name: str, place: str, summary: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": place, "required": required, "type": "string", "x-ms-summary": summary}


def _request(found: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of all shapes; a choice has the values of all."""
    properties: dict[str, Any] = {}
    for shape in SHAPES:
        for name, schema in plain(found[shape.__name__], found)["properties"].items():
            known = properties.setdefault(name, schema)
            if "enum" in schema:
                known["enum"] = list(dict.fromkeys([*known["enum"], *schema["enum"]]))
    return {"type": "object", "required": ["qualification"], "properties": properties}


def plain(schema: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """A schema in Swagger's words: references are written out, and what may be null may be left out.

    Args:
        schema: of JSON Schema 2020-12.
        found: what it refers to, by name.
    """
    if "$ref" in schema:
        return plain(found[schema["$ref"].rpartition("/")[2]], found)
    if "anyOf" in schema:
        first = next(each for each in schema["anyOf"] if each.get("type") != "null")
        return plain(first, found) | _described(schema)
    kept = {word: schema[word] for word in KEPT if word in schema} | _described(schema)
    if "const" in schema:
        kept |= {"type": "string", "enum": [schema["const"]]}
    if "items" in schema:
        kept["items"] = plain(schema["items"], found)
    if "properties" in schema:
        kept["properties"] = {name: plain(each, found) for name, each in schema["properties"].items()}
    return kept


def _described(schema: Mapping[str, Any]) -> dict[str, str]:
    """The first sentence: a maker reads it beside a field."""
    text = schema.get("description", "").partition("\n")[0]
    return {"description": text} if text else {}
