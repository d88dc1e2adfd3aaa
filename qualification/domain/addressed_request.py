"""A request in a JSON object that names its customer as well. Pure."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from qualification.domain.errors import Fault, InvalidRequest, shown
from qualification.domain.guid import parse_tenant_id
from qualification.domain.request import (
    EducationRequest,
    GovernmentRequest,
    StateOwnedEntityRequest,
    is_missing,
    parse_request,
)


def parse_addressed(
    content: Mapping[str, Any], path_customer_id: UUID | None = None
) -> tuple[UUID, EducationRequest | GovernmentRequest | StateOwnedEntityRequest]:
    """The customer and the request in a JSON object; the path may name the customer instead.

    Raises:
        InvalidRequest: with every fault of both.
    """
    faults: list[Fault] = []
    customer_id, named = None, content.get("customerTenantId")
    if path_customer_id is not None and is_missing(named):
        named = path_customer_id
    came = shown("customerTenantId", named)
    try:
        customer_id = parse_tenant_id(named)
    except ValueError as error:
        faults.append(Fault("/customerTenantId", "is required" if is_missing(named) else str(error), value=came))
    if customer_id and path_customer_id not in {None, customer_id}:
        faults.append(Fault("/customerTenantId", "must be the customer in the path, or be left out", value=came))
    try:
        request = parse_request({name: value for name, value in content.items() if name != "customerTenantId"})
    except InvalidRequest as error:
        raise InvalidRequest([*faults, *error.faults]) from None
    if faults or customer_id is None:
        raise InvalidRequest(faults)
    return customer_id, request
