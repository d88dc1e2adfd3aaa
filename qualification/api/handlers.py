"""HTTP in and out: reads requests, writes answers and problems. Only this module and function_app know azure.functions."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import azure.functions as func

from qualification.api.incoming import caller_of, path_id, traceparent_of
from qualification.api.outgoing import answer_accepted, answer_found, answer_json, read_request, status_of
from qualification.api.problem import KINDS, Problem, problem
from qualification.bootstrap import Service
from qualification.domain.addressed_request import parse_addressed
from qualification.domain.errors import (
    BodyTooLarge,
    ConfigurationError,
    QualificationError,
    SenderNotProven,
    SourceMisconfigured,
    SourceNotConfigured,
    UnknownSource,
)
from qualification.domain.json_body import check_size, json_object
from qualification.domain.request import left_out
from qualification.settings.service_url import process_url
from qualification.use_cases.health import Verdict
from qualification.use_cases.order import Order
from qualification.use_cases.telemetry import one_line
from qualification.webhooks.registry import SOURCES, find_source
from qualification.webhooks.reply import Body, Outcome, Reply, Text
from qualification.webhooks.source import Delivery

API = "api"

FILE_HEADERS = {
    "Cache-Control": "public, max-age=3600",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
"""Of what is the same for everybody until the next deployment; an hour late is early enough."""

PRIVATE_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every other answer: nobody between here and the caller keeps it, and no browser takes it for something else."""

REFUSED = (BodyTooLarge, SenderNotProven, SourceMisconfigured, SourceNotConfigured, UnknownSource)
"""What keeps a webhook from being read; counted, because anybody may call any number of times."""

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
        response = await handle(service, request)
    except ConfigurationError as error:
        log.error("%s", error)  # noqa: TRY400  the message says it all, a stack trace nothing more
        response = _explained(problem(error, service_url), request)
    except QualificationError as error:
        _log(error, request)
        response = _explained(problem(error, service_url), request)
    return _private(response)


async def receive_webhook(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """A CRM's webhook: take what is in it, and answer as that CRM wants to be answered."""
    name = request.route_params["source"]
    try:
        source = find_source(service.sources, service.closed, name)
        body = request.get_body()
        check_size(body, source.largest_body)
    except REFUSED as error:
        return _refused_unread(error, request, name, service)
    headers = {key.lower(): value for key, value in request.headers.items()}
    delivery = Delivery(request.url, headers, body, service.clock())
    receipt = await service.endpoint.receive(source, delivery, traceparent_of(request))
    if isinstance(receipt.error, REFUSED):
        service.refusals.count(name, KINDS[type(receipt.error)][0], str(receipt.error))
    elif receipt.error is not None:
        _log(receipt.error, request)
    reply = source.replies[receipt.outcome]
    match reply.body:
        case Body.STATUS if receipt.record is not None:
            return await answer_accepted(receipt.record, service, reply.status)
        case Body.PROBLEM if receipt.error is not None:
            return _refused(receipt.error, request, reply, service)
        case Text(content, media_type):
            return func.HttpResponse(content, status_code=reply.status, mimetype=media_type)
        case _:
            return func.HttpResponse(status_code=reply.status)


async def request_qualification(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """The same for a caller with a function key, whose path names the customer."""
    customer_id = path_id(request, "customer_id")
    content = json_object(request.get_body())
    customer_id, wanted = parse_addressed(content, customer_id)
    order = Order(
        customer_tenant_id=customer_id,
        request=wanted,
        source=API,
        event_id=request.headers.get("idempotency-key"),
        joins=False,
        traceparent=traceparent_of(request),
        requested_by=caller_of(request, service.settings.api_key_names),
        note=left_out(content),
    )
    return await answer_accepted(await service.intake.accept(order), service)


async def list_customer_qualifications(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """All requests of a customer, the newest first."""
    customer_id = path_id(request, "customer_id")
    state = (await service.store.customers(customer_id))[customer_id]
    records = sorted((each.record for each in state.records), key=lambda record: record.created_at, reverse=True)
    hold = await service.holds.current()
    items = [status_of(record, state, hold, service).model_dump(mode="json", by_alias=True) for record in records]
    return answer_json(200, {"items": items})


async def get_qualification(service: Service, request: func.HttpRequest) -> func.HttpResponse:
    """One request of a customer."""
    return answer_found(
        await read_request(path_id(request, "customer_id"), path_id(request, "request_id"), service), service
    )


async def health(service: Service, _request: func.HttpRequest) -> func.HttpResponse:
    """200 while requests can be taken, 503 otherwise."""
    verdict, checks = await service.health.check()
    status = 503 if verdict is Verdict.UNHEALTHY else 200
    return _private(answer_json(status, {"status": verdict.value, "checks": checks}))


def misconfigured(error: ConfigurationError) -> func.HttpResponse:
    """The health of a service whose settings have faults: names them, without a value."""
    report = {"status": Verdict.UNHEALTHY.value, "checks": {"settings": dict(error.faults)}}
    return _private(answer_json(503, report))


def openapi() -> func.HttpResponse:
    """The OpenAPI document; it does not need the service, nor sound settings."""
    return _file("openapi.json", "application/json")


def problems() -> func.HttpResponse:
    """The page to which every error's type leads."""
    return _file("problems.html", "text/html")


def _private(response: func.HttpResponse) -> func.HttpResponse:
    for name, value in PRIVATE_HEADERS.items():
        response.headers[name] = value
    return response


@cache
def _content(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


def _file(name: str, mimetype: str) -> func.HttpResponse:
    """A file beside this module, as it lies; `make documents` writes it."""
    return func.HttpResponse(_content(name), headers=FILE_HEADERS, mimetype=mimetype)


def _log(error: QualificationError, request: func.HttpRequest) -> None:
    # The path only: a CRM's secret may stand in the query.
    path = one_line(urlsplit(request.url).path)[:LONGEST_PATH]
    log.warning("%s %s: %s", request.method, path, type(error).__name__)


def _refused_unread(
    error: QualificationError, request: func.HttpRequest, name: str, service: Service
) -> func.HttpResponse:
    """Refused before anybody is proven: nothing is read, and nothing written but a count."""
    known = SOURCES.get(name)
    service.refusals.count(name if known else "unknown", KINDS[type(error)][0], str(error))
    found = problem(error, service.settings.service_url)
    if known and not known.replies[Outcome.UNAVAILABLE].retry_after:
        found = replace(found, headers={})
    return _explained(found, request)


def _refused(error: QualificationError, request: func.HttpRequest, reply: Reply, service: Service) -> func.HttpResponse:
    found = problem(error, service.settings.service_url)
    headers = found.headers if reply.retry_after else {}
    return _explained(replace(found, status=reply.status, headers=headers), request)


def _explained(found: Problem, request: func.HttpRequest) -> func.HttpResponse:
    response = answer_json(found.status, found.body(urlsplit(request.url).path), "application/problem+json")
    for name, value in found.headers.items():
        response.headers[name] = value
    return response
