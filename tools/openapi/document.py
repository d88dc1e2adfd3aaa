"""The HTTP API as an OpenAPI 3.1 document, made from the models that the service itself reads and writes with."""

import json
from collections.abc import Iterable
from typing import Any

from qualification.api.problem import KINDS, PAGE
from qualification.domain import errors
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Body, Outcome, Text
from tools.openapi.schemas import GUID, ref, schemas

VERSION = "1.0.0"
"""Of the API, not of the code: it moves when a caller could notice."""

_READ = (errors.InvalidIdentifier, errors.StoreUnavailable, errors.ConfigurationError)
_ASKED = (
    errors.UnreadableBody,
    errors.BodyTooLarge,
    errors.InvalidRequest,
    errors.IdempotencyKeyReused,
    errors.ActiveRequestExists,
    *_READ,
)
_REFUSED = {
    Outcome.REJECTED: (errors.UnreadableBody, errors.InvalidRequest, errors.IdempotencyKeyReused),
    Outcome.UNAVAILABLE: (errors.StoreUnavailable, errors.SourceNotConfigured),
    Outcome.NOT_PROVEN: (errors.SenderNotProven,),
}
"""What leads to each outcome of a webhook."""


def document_json() -> str:
    """The document as JSON text."""
    return json.dumps(document(), indent=2) + "\n"


def document() -> dict[str, Any]:
    """The document as an object."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Partner qualifications",
            "version": VERSION,
            "summary": "Sets customer qualifications in Microsoft Partner Center and tells how the vetting ends.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": _paths(),
        "components": {
            "schemas": schemas(),
            "parameters": {
                "CustomerId": _in_path("customer_id", "the customer's Microsoft Entra tenant id", GUID),
                "RequestId": _in_path("request_id", "as the 202 gave it", GUID),
            },
            "securitySchemes": {
                "functionKeyHeader": {"type": "apiKey", "in": "header", "name": "x-functions-key"},
                "functionKeyQuery": {"type": "apiKey", "in": "query", "name": "code"},
                **{name: _scheme(name) for name in _SCHEMES},
            },
        },
    }


_BY_KEY: list[Any] = [{"functionKeyHeader": []}, {"functionKeyQuery": []}]
_SCHEMES = {source.scheme.name: source.scheme for source in SOURCES.values()}
_BESIDE = [header for scheme in _SCHEMES.values() for header in scheme.beside]
_IN_QUERY: list[Any] = [{"functionKeyQuery": []}] if any(scheme.or_query for scheme in _SCHEMES.values()) else []


def _scheme(name: str) -> dict[str, Any]:
    """How the senders prove themselves that share a scheme."""
    scheme, senders = _SCHEMES[name], [each for each, source in SOURCES.items() if source.scheme.name == name]
    description = f"of {' and '.join(senders)}: {scheme.description}"
    return {"type": "apiKey", "in": "header", "name": scheme.header, "description": description}


def _paths() -> dict[str, Any]:
    requests = "/api/customers/{customer_id}/qualifications"
    event = {"anyOf": [ref("AddressedRequest"), {"description": "the sender's own record, mapped by the service"}]}
    return {
        "/api/webhooks/{source}": {
            "post": {
                "operationId": "receive_webhook",
                "summary": "A CRM's webhook; the sender proves itself, so there is no function key.",
                "security": [*({name: []} for name in _SCHEMES), *_IN_QUERY],
                "parameters": [_in_path("source", "the CRM", {"enum": sorted(SOURCES)}), *map(_header, _BESIDE)],
                "requestBody": _body(event),
                "responses": _replies(),
            }
        },
        requests: {
            "parameters": [_CUSTOMER],
            "post": {
                "operationId": "request_qualification",
                "summary": "Ask for a qualification of a customer.",
                "security": _BY_KEY,
                "parameters": [_header("Idempotency-Key")],
                "requestBody": _body(ref("QualificationRequest")),
                "responses": {"202": _ACCEPTED, **_NO_KEY, **_problems(*_ASKED)},
            },
            "get": {
                "operationId": "list_customer_qualifications",
                "summary": "All requests of a customer, the newest first.",
                "security": _BY_KEY,
                "responses": {"200": _answer("the requests", "Qualifications"), **_NO_KEY, **_problems(*_READ)},
            },
        },
        f"{requests}/{{request_id}}": {
            "parameters": [_CUSTOMER, {"$ref": "#/components/parameters/RequestId"}],
            "get": {
                "operationId": "get_qualification",
                "summary": "One request of a customer.",
                "security": _BY_KEY,
                "responses": {
                    "200": {**_answer("the request", "StatusResource"), "headers": {"Retry-After": _SECONDS}},
                    **_NO_KEY,
                    **_problems(errors.RequestNotFound, *_READ),
                },
            },
        },
        "/api/health": {
            "get": {
                "operationId": "health",
                "summary": "Whether the service can do its work.",
                "security": [],
                "responses": {
                    "200": _answer("requests are taken", "HealthReport"),
                    "503": _answer("requests cannot be taken", "HealthReport"),
                },
            }
        },
        "/api/openapi.json": {
            "get": {
                "operationId": "openapi",
                "summary": "This document.",
                "security": [],
                "responses": {"200": _content("this document", {"type": "object"})},
            }
        },
        PAGE: {
            "get": {
                "operationId": "problems",
                "summary": "What each error means and what to do about it, as a page; a heading for each type.",
                "security": [],
                "responses": {"200": _content("the page", {"type": "string"}, "text/html")},
            }
        },
    }


_CUSTOMER: dict[str, Any] = {"$ref": "#/components/parameters/CustomerId"}
_SECONDS: dict[str, Any] = {
    "description": "seconds after which it is worth asking again",
    "schema": {"type": "integer", "minimum": 1},
}
_NO_KEY: dict[str, Any] = {"401": {"description": "the function key is missing or wrong; there is no body"}}


def _in_path(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _header(name: str) -> Any:
    return {"name": name, "in": "header", "required": False, "schema": {"type": "string"}}


def _body(schema: dict[str, Any]) -> Any:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _content(description: str, schema: dict[str, Any], mimetype: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {mimetype: {"schema": schema}}}


def _answer(description: str, schema: str) -> dict[str, Any]:
    return _content(description, ref(schema))


_ACCEPTED: dict[str, Any] = {
    **_answer("the request is stored and will not be lost", "StatusResource"),
    "headers": {
        "Location": {"description": "where to follow it", "required": True, "schema": {"type": "string"}},
        "Retry-After": _SECONDS,
    },
}


def _problems(*kinds: type[errors.QualificationError]) -> dict[str, Any]:
    return _explained(KINDS[kind] for kind in kinds)


def _replies() -> dict[str, Any]:
    """The answers of all CRMs together, as the reply policy has them."""
    replies = [(outcome, reply) for source in SOURCES.values() for outcome, reply in source.replies.items()]
    problems = [KINDS[kind] for kind in (errors.UnknownSource, errors.BodyTooLarge, errors.ConfigurationError)]
    for outcome, reply in replies:
        if reply.body is Body.PROBLEM:
            problems += [(KINDS[kind][0], reply.status, KINDS[kind][2]) for kind in _REFUSED[outcome]]
    acknowledged: dict[str, Any] = {
        str(reply.status): {"description": "the event is taken, or is about something else"}
        for _, reply in replies
        if reply.body is not Body.PROBLEM
    }
    for _, reply in replies:
        match reply.body:
            case Body.STATUS:
                body = {"application/json": {"schema": ref("StatusResource")}}
            case Text(_, media_type):
                body = {media_type: {"schema": {"type": "string"}}}
            case _:
                continue
        acknowledged[str(reply.status)].setdefault("content", {}).update(body)
    return {**acknowledged, "202": _ACCEPTED, **_explained(problems)}


def _explained(kinds: Iterable[tuple[str, int, str]]) -> dict[str, Any]:
    """A response for each status, with the problem types that it may carry."""
    found = sorted({(status, slug, title) for slug, status, title in kinds})
    responses: dict[str, Any] = {}
    for status in sorted({status for status, _, _ in found}):
        slugs = "|".join(slug for each, slug, _ in found if each == status)
        titles = "; ".join(title for each, _, title in found if each == status)
        narrowed = {"type": {"pattern": f"^(https?://[^/?#]+)?{PAGE}#({slugs})$"}, "status": {"const": status}}
        schema = {"allOf": [ref("ProblemDetails")], "properties": narrowed}
        responses[str(status)] = _content(titles, schema, "application/problem+json")
    return responses
