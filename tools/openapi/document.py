"""The HTTP API as an OpenAPI 3.1 document, made from the models that the service itself reads and writes with."""

import json
from typing import Any

from qualification.api.problem import KINDS, PAGE
from qualification.domain import errors
from qualification.domain.actions import Action
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.reply import Body, Outcome, Text
from tools.openapi.parts import (
    ACCEPTED,
    CUSTOMER,
    NO_KEY,
    THE_REQUEST,
    answer,
    body,
    content,
    explained,
    header,
    in_path,
    refusals,
)
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
_DECIDED = (
    errors.UnreadableBody,
    errors.BodyTooLarge,
    errors.InvalidRequest,
    errors.RequestNotFound,
    errors.UnknownAction,
    errors.ActionNotAllowed,
    errors.PreconditionRequired,
    errors.PreconditionFailed,
    *_READ,
)
_HELD = (errors.StoreUnavailable, errors.ConfigurationError)
_REFUSED = {
    Outcome.REJECTED: (errors.InvalidRequest, errors.IdempotencyKeyReused),
    Outcome.UNREADABLE: (errors.UnreadableBody,),
    Outcome.UNAVAILABLE: (errors.StoreUnavailable, errors.SourceNotConfigured, errors.SourceMisconfigured),
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
                "CustomerId": in_path("customer_id", "the customer's Microsoft Entra tenant id", GUID),
                "RequestId": in_path("request_id", "as the 202 gave it", GUID),
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
    request_id = {"$ref": "#/components/parameters/RequestId"}
    event = {"anyOf": [ref("AddressedRequest"), {"description": "the sender's own record, mapped by the service"}]}
    return {
        "/api/webhooks/{source}": {
            "post": {
                "operationId": "receive_webhook",
                "summary": "A CRM's webhook; the sender proves itself, so there is no function key.",
                "security": [*({name: []} for name in _SCHEMES), *_IN_QUERY],
                "parameters": [in_path("source", "the CRM", {"enum": sorted(SOURCES)}), *map(header, _BESIDE)],
                "requestBody": body(event),
                "responses": _replies(),
            }
        },
        requests: {
            "parameters": [CUSTOMER],
            "post": {
                "operationId": "request_qualification",
                "summary": "Ask for a qualification of a customer.",
                "security": _BY_KEY,
                "parameters": [header("Idempotency-Key")],
                "requestBody": body(ref("QualificationRequest")),
                "responses": {"202": ACCEPTED, **NO_KEY, **refusals(*_ASKED)},
            },
            "get": {
                "operationId": "list_customer_qualifications",
                "summary": "All requests of a customer, the newest first.",
                "security": _BY_KEY,
                "responses": {"200": answer("the requests", "Qualifications"), **NO_KEY, **refusals(*_READ)},
            },
        },
        f"{requests}/{{request_id}}": {
            "parameters": [CUSTOMER, request_id],
            "get": {
                "operationId": "get_qualification",
                "summary": "One request of a customer.",
                "security": _BY_KEY,
                "responses": {
                    "200": THE_REQUEST,
                    **NO_KEY,
                    **refusals(errors.RequestNotFound, *_READ),
                },
            },
        },
        **{f"{requests}/{{request_id}}/{action}": _decision(action, request_id) for action in Action},
        "/api/hold": {
            "get": {
                "operationId": "get_hold",
                "summary": "What keeps the service from writing to Partner Center, or from calling it at all.",
                "security": _BY_KEY,
                "responses": {"200": answer("what holds everybody", "Held"), **NO_KEY, **refusals(*_HELD)},
            },
            "post": _hold("hold", "Stop all writing to Partner Center; requests are taken in, and reads go on."),
        },
        "/api/hold/resume": {"post": _hold("resume", "End the stop.")},
        "/api/health": {
            "get": {
                "operationId": "health",
                "summary": "Whether the service can do its work.",
                "security": [],
                "responses": {
                    "200": answer("requests are taken", "HealthReport"),
                    "503": answer("requests cannot be taken", "HealthReport"),
                },
            }
        },
        "/api/openapi.json": {
            "get": {
                "operationId": "openapi",
                "summary": "This document.",
                "security": [],
                "responses": {"200": content("this document", {"type": "object"})},
            }
        },
        PAGE: {
            "get": {
                "operationId": "problems",
                "summary": "What each error means and what to do about it, as a page; a heading for each type.",
                "security": [],
                "responses": {"200": content("the page", {"type": "string"}, "text/html")},
            }
        },
    }


_DECISIONS: dict[Action, tuple[str, str]] = {
    Action.CONFIRM: ("Let what waits for a decision go on. Wants the request's `etag` as If-Match.", "Decision"),
    Action.CANCEL: ("End a request.", "Note"),
    Action.RETRY: ("Ask again; one that has ended is made a new one, 202 with its Location.", "Decision"),
}
"""What each does, and what its body is."""


def _decision(action: Action, request_id: dict[str, Any]) -> dict[str, Any]:
    summary, schema = _DECISIONS[action]
    return {
        "parameters": [CUSTOMER, request_id],
        "post": {
            "operationId": f"{action}_qualification",
            "summary": summary,
            "security": _BY_KEY,
            "parameters": [header("If-Match")] if action is Action.CONFIRM else [],
            "requestBody": body(ref(schema), required=False),
            "responses": {"200": THE_REQUEST, "202": ACCEPTED, **NO_KEY, **refusals(*_DECIDED)},
        },
    }


def _hold(name: str, summary: str) -> dict[str, Any]:
    found = refusals(errors.UnreadableBody, errors.BodyTooLarge, errors.InvalidRequest, *_HELD)
    return {
        "operationId": name,
        "summary": summary,
        "security": _BY_KEY,
        "requestBody": body(ref("Note"), required=False),
        "responses": {"200": answer("what holds everybody", "Held"), **NO_KEY, **found},
    }


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
    return {**acknowledged, "202": ACCEPTED, **explained(problems)}
