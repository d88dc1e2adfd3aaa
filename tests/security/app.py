"""The service in this process, called as the Functions runtime calls it: real store, real bus, simulated Partner Center."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import azure.functions as func

from qualification.api import handlers
from qualification.bootstrap import Service, bootstrap
from sandbox.crm import BUILDERS, Call
from sandbox.partner_center import PartnerCenterThread
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from sandbox.world import TOPOLOGY

SITE = "https://functions.example"
SECRET_SETTINGS = (
    "PARTNER_CENTER_CLIENT_SECRET",
    *(f"WEBHOOK_{source.upper()}_SECRETS" for source in BUILDERS),
)

type Handler = Callable[[Service, func.HttpRequest], Awaitable[func.HttpResponse]]


class App:
    """A context manager with an event loop of its own, so that a test runs a hundred calls without `await`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._runner = asyncio.Runner()
        self._broker = BrokerThread(Topology.load(TOPOLOGY))
        self.partner_center = PartnerCenterThread()

    def __enter__(self) -> Self:
        self._broker.__enter__()
        self.partner_center.__enter__()
        self.settings = service_settings(
            service_bus=self._broker.connection_string,
            partner_center_url=self.partner_center.url,
            credentials=self.partner_center.credentials,
            folder=self._folder,
            secret=webhook_secret(),
        )
        self.service = bootstrap(self.settings)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.run(self.service.close())
        self._runner.close()
        self.partner_center.__exit__(kind, error, traceback)
        self._broker.__exit__(kind, error, traceback)

    @property
    def secrets(self) -> list[str]:
        """What nobody may see."""
        known = [self.settings[name] for name in SECRET_SETTINGS]
        return [*known, *(each.removeprefix("whsec_") for each in known), self.partner_center.credentials.refresh_token]

    def run[T](self, work: Awaitable[T]) -> T:
        """Wait for something of the service."""

        async def wait() -> T:
            return await work

        return self._runner.run(wait())

    def call(
        self,
        handle: Handler,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        *,
        method: str = "POST",
        route: Mapping[str, str] | None = None,
    ) -> func.HttpResponse:
        """Call a function; `path` may have a query."""
        request = func.HttpRequest(
            method=method, url=f"{SITE}{path}", headers=headers, params={}, route_params=route or {}, body=body
        )
        return self.run(handlers.answer(handle, lambda: self.service, request))

    def webhook(self, source: str, body: bytes, headers: Mapping[str, str], query: str = "") -> func.HttpResponse:
        """Send a webhook."""
        return self.call(
            handlers.receive_webhook, f"/api/webhooks/{source}{query}", body, headers, route={"source": source}
        )

    def ask(self, customer_id: str, body: bytes, headers: Mapping[str, str] | None = None) -> func.HttpResponse:
        """Ask over the API."""
        path = f"/api/customers/{customer_id}/qualifications"
        return self.call(handlers.request_qualification, path, body, headers, route={"customer_id": customer_id})

    def look(self, customer_id: str, request_id: str) -> func.HttpResponse:
        """Look at one request."""
        path = f"/api/customers/{customer_id}/qualifications/{request_id}"
        route = {"customer_id": customer_id, "request_id": request_id}
        return self.call(handlers.get_qualification, path, method="GET", route=route)

    def proven(self, source: str, content: Mapping[str, str], event_id: str) -> Call:
        """A webhook that this service believes."""
        return BUILDERS[source](content, self.settings, event_id)

    def send(self, call: Call) -> func.HttpResponse:
        """Send a webhook as its CRM does."""
        return self.webhook(call.source, call.body, call.headers, call.query)
