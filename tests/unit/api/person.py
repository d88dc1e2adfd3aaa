"""A person who reads and decides over HTTP."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import azure.functions as func

from qualification.api import actions, handlers
from qualification.domain.record import Record
from tests.unit.builders import CUSTOMER, order, row
from tests.unit.stage import Stage

KEY = "the-key-of-anna"
FINGERPRINT = hashlib.sha256(KEY.encode()).hexdigest()[:8]
SITE = "https://functions.example"


class Answer:
    """What came back."""

    def __init__(self, response: func.HttpResponse) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.body: dict[str, Any] = json.loads(response.get_body())

    @property
    def problem(self) -> tuple[int, str]:
        """Status and type."""
        return self.status, self.body["type"].partition("#")[2]


async def call(
    stage: Stage,
    handle: Any,
    path: str,
    *,
    method: str = "POST",
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    route: Mapping[str, str] | None = None,
) -> Answer:
    """Call a function as the runtime does."""
    content = b"" if body is None else json.dumps(body).encode()
    request = func.HttpRequest(
        method=method,
        url=f"{SITE}{path}",
        headers={"x-functions-key": KEY} if headers is None else headers,
        params={},
        route_params=route or {},
        body=content,
    )
    return Answer(await handlers.answer(handle, lambda: stage.service, request))


async def act(stage: Stage, record: Record, action: str, body: Any = None, query: str = "", **headers: str) -> Answer:
    """A person decides."""
    path = f"/api/customers/{record.customer_tenant_id}/qualifications/{record.request_id}/{action}{query}"
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    given = given if query else {"x-functions-key": KEY, **given}
    ids = {"customer_id": str(record.customer_tenant_id), "request_id": str(record.request_id), "action": action}
    return await call(stage, actions.act_on_qualification, path, body=body, headers=given, route=ids)


async def read(stage: Stage, record: Record) -> Answer:
    """A person reads."""
    ids = {"customer_id": str(record.customer_tenant_id), "request_id": str(record.request_id)}
    return await call(stage, handlers.get_qualification, "/api/customers/x", method="GET", route=ids)


async def waits(stage: Stage) -> Record:
    """For the last attempt."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    record = await stage.accept(order())
    await stage.deliver()
    return record
