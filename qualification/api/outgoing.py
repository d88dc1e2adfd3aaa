"""What a caller gets: a request's status with its headers, and JSON of any kind."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import azure.functions as func

from qualification.api.status_resource import StatusResource
from qualification.bootstrap import Service
from qualification.domain.customer import Customer
from qualification.domain.errors import RequestNotFound
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.transition import CustomerState


async def read_request(customer_id: UUID, request_id: UUID, service: Service) -> StatusResource:
    """A request as its caller sees it, read anew.

    Raises:
        RequestNotFound: the customer has no such request.
    """
    state = (await service.store.customers(customer_id))[customer_id]
    stored = state.find(request_id)
    if stored is None:
        raise RequestNotFound(f"Customer {customer_id} has no request {request_id}.")
    return status_of(stored.record, state, await service.holds.current(), service)


def status_of(record: Record, state: CustomerState, hold: Hold, service: Service) -> StatusResource:
    """A request as its caller sees it."""
    return StatusResource.of(record, state, hold, service.clock(), service.settings.service_url)


def answer_found(resource: StatusResource, service: Service) -> func.HttpResponse:
    """200 with a request."""
    active = resource.status.is_active
    return _resource(200, resource, {"Retry-After": str(resource.retry_after(service.clock()))} if active else {})


async def answer_accepted(record: Record, service: Service, status: int = 202) -> func.HttpResponse:
    """202 with a request and where to follow it."""
    if record.status.is_active and record.waiting is None and not record.attempts:
        # It waits for nothing yet, so nothing else of its customer decides what is allowed: a webhook need not read it.
        state = CustomerState(Customer(customer_tenant_id=record.customer_tenant_id))
        resource = status_of(record, state, await service.holds.current(), service)
    else:
        resource = await read_request(record.customer_tenant_id, record.request_id, service)
    headers = {"Location": resource.links.self, "Retry-After": str(resource.retry_after(service.clock()))}
    return _resource(status, resource, headers)


def _resource(status: int, resource: StatusResource, headers: dict[str, str]) -> func.HttpResponse:
    body = resource.model_dump_json(by_alias=True)
    headers = {"ETag": f'"{resource.etag}"', **headers}
    return func.HttpResponse(body, status_code=status, headers=headers, mimetype="application/json")


def answer_json(status: int, content: Mapping[str, Any], mimetype: str = "application/json") -> func.HttpResponse:
    """Any JSON."""
    return func.HttpResponse(json.dumps(content), status_code=status, mimetype=mimetype)
