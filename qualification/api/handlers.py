"""HTTP in and out: reads requests, writes answers and problems. Only this module and function_app know azure.functions."""

import json
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import azure.functions as func

from qualification.api.problem import Problem, problem
from qualification.api.status_resource import StatusResource
from qualification.bootstrap import Service, process_url
from qualification.domain.errors import ConfigurationError, InvalidIdentifier, QualificationError
from qualification.domain.guid import parse_guid
from qualification.domain.json_body import check_size, json_object
from qualification.domain.record import Record
from qualification.domain.request import parse_addressed
from qualification.use_cases.health import Verdict
from qualification.use_cases.intake import Order
from qualification.use_cases.telemetry import one_line
from qualification.webhooks.registry import find_source
from qualification.webhooks.reply import Body, Reply, Text
from qualification.webhooks.source import Delivery

API = "api"
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
"""W3C Trace Context, "traceparent header"; anything else is not handed on."""

FILE_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Of what is the same for everybody until the next deployment; an hour late is early enough."""

LONGEST_PATH = 200
"""Of a path in the log; ours are shorter, and anybody may call with any."""

log = logging.getLogger(__name__)

type Handler = Callable[[Service, func.HttpRequest], Awaitable[func.HttpResponse]]


async def answer(handle: Handler, compose: Callable[[], Service], request: func.HttpRequest) -> func.HttpResponse:
    """Handle a request; every error that a caller can meet becomes problem details."""
    service_url = process_url()
    try:
        service = compose()
        service_url = service.settings.service_url
        return await handle(service, request)
    except ConfigurationError as error:
        log.error("%s", error)  # noqa: TRY400  the message says it all, a stack trace nothing more
        return _explained(problem(error, service_url), request)
    except QualificationError as error:
        _log(error, request)
        return _explained(problem(error, service_url), request)


async def receive_webhook(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """A CRM's webhook: take what is in it, and answer as that CRM wants to be answered."""
    source = find_source(service.sources, request.route_params["source"])
    body = request.get_body()
    check_size(body, source.largest_body)
    headers = {key.lower(): value for key, value in request.headers.items()}
    delivery = Delivery(request.url, headers, body, service.clock())
    receipt = await service.endpoint.receive(source, delivery, _traceparent(request))
    if receipt.error is not None:
        _log(receipt.error, request)
    reply = source.replies[receipt.outcome]
    match reply.body:
        case Body.STATUS if receipt.record is not None:
            return _accepted(receipt.record, service, reply.status)
        case Body.PROBLEM if receipt.error is not None:
            return _refused(receipt.error, request, reply, service)
        case Text(content, media_type):
            return func.HttpResponse(content, status_code=reply.status, mimetype=media_type)
        case _:
            return func.HttpResponse(status_code=reply.status)


async def request_qualification(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """The same for a caller with a function key, whose path names the customer."""
    customer_id = _id(request, "customer_id")
    customer_id, wanted = parse_addressed(json_object(request.get_body()), customer_id)
    order = Order(
        customer_tenant_id=customer_id,
        request=wanted,
        source=API,
        event_id=request.headers.get("idempotency-key"),
        joins=False,
        traceparent=_traceparent(request),
    )
    return _accepted(await service.intake.accept(order), service)


async def list_customer_qualifications(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """All requests of a customer, the newest first."""
    records = await service.intake.list(_id(request, "customer_id"))
    items = [_status(record, service).model_dump(mode="json", by_alias=True) for record in records]
    return _json(200, {"items": items})


async def get_qualification(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """One request of a customer."""
    record = await service.intake.find(_id(request, "customer_id"), _id(request, "request_id"))
    resource = _status(record, service)
    waiting = {"Retry-After": str(resource.retry_after(service.clock()))} if record.status.is_active else {}
    return _resource(200, resource, waiting)


async def health(service: Service, _request: func.HttpRequest) -> func.HttpResponse:
    """200 while requests can be taken, 503 otherwise."""
    verdict, checks = await service.health.check()
    status = 503 if verdict is Verdict.UNHEALTHY else 200
    return _json(status, {"status": verdict.value, "checks": checks})


def misconfigured(error: ConfigurationError) -> func.HttpResponse:
    """The health of a service whose settings have faults: names them, without a value."""
    return _json(503, {"status": Verdict.UNHEALTHY.value, "checks": {"settings": dict(error.faults)}})


def openapi() -> func.HttpResponse:
    """The OpenAPI document; it does not need the service, nor sound settings."""
    return _file("openapi.json", "application/json")


def problems() -> func.HttpResponse:
    """The page to which every error's type leads."""
    return _file("problems.html", "text/html")


@cache
def _content(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


def _file(name: str, mimetype: str) -> func.HttpResponse:
    """A file beside this module, as it lies; `make documents` writes it."""
    return func.HttpResponse(_content(name), headers=FILE_HEADERS, mimetype=mimetype)


def _traceparent(request: func.HttpRequest) -> str | None:
    traceparent = request.headers.get("traceparent", "")
    return traceparent if TRACEPARENT.fullmatch(traceparent) else None


def _log(error: QualificationError, request: func.HttpRequest) -> None:
    # The path only: a CRM's secret may stand in the query.
    path = one_line(urlsplit(request.url).path)[:LONGEST_PATH]
    log.warning("%s %s: %s", request.method, path, type(error).__name__)


def _id(request: func.HttpRequest, name: str) -> UUID:
    try:
        return parse_guid(request.route_params[name])
    except ValueError as error:
        raise InvalidIdentifier(f"{name} in the path {error}.") from None


def _status(record: Record, service: Service) -> StatusResource:
    return StatusResource.of(record, service.settings.service_url)


def _accepted(record: Record, service: Service, status: int = 202) -> func.HttpResponse:
    resource = _status(record, service)
    headers = {"Location": resource.links.self, "Retry-After": str(resource.retry_after(service.clock()))}
    return _resource(status, resource, headers)


def _resource(status: int, resource: StatusResource, headers: dict[str, str]) -> func.HttpResponse:
    body = resource.model_dump_json(by_alias=True)
    return func.HttpResponse(body, status_code=status, headers=headers, mimetype="application/json")


def _json(status: int, content: Mapping[str, Any], mimetype: str = "application/json") -> func.HttpResponse:
    return func.HttpResponse(json.dumps(content), status_code=status, mimetype=mimetype)


def _refused(error: QualificationError, request: func.HttpRequest, reply: Reply, service: Service) -> func.HttpResponse:
    found = problem(error, service.settings.service_url)
    headers = found.headers if reply.retry_after else {}
    return _explained(replace(found, status=reply.status, headers=headers), request)


def _explained(found: Problem, request: func.HttpRequest) -> func.HttpResponse:
    response = _json(found.status, found.body(urlsplit(request.url).path), "application/problem+json")
    for name, value in found.headers.items():
        response.headers[name] = value
    return response
