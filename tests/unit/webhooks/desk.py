"""The webhook route over stand-ins: real sources, settings and answers; store and bus in memory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import azure.functions as func

from qualification.api.handlers import answer, receive_webhook
from qualification.bootstrap import bootstrap
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.use_cases.rejection import Rejections
from qualification.webhooks.endpoint import Endpoint
from sandbox.crm import BUILDERS, Call, crm_settings
from tests.unit.builders import PARTNER
from tests.unit.stage import Stage

HOST = "https://qualifications.azurewebsites.net"
SETTINGS = {
    "ServiceBusConnection": "Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=b",
    "RecordStorage": "sqlite:///nothing-is-stored-here.db",
    "PARTNER_CENTER_TENANT_ID": str(PARTNER),
    "PARTNER_CENTER_CLIENT_ID": "2b0ec684-0c6a-46df-84db-cca99577bfbb",
    "PARTNER_CENTER_CLIENT_SECRET": "not-used",
    "PARTNER_CENTER_REFRESH_TOKEN": "file:///nothing-is-read-here",
}


class Desk:
    """Where webhooks arrive.

    Args:
        settings: app settings to change; an empty one is left out.
    """

    def __init__(self, **settings: str) -> None:
        self.stage = Stage()
        self.settings = SETTINGS | crm_settings() | settings
        rejections = Rejections(
            store=self.stage.store,
            outbox=self.stage.outbox,
            moments=self.stage.moments,
            new_id=self.stage.new_id,
            partner_tenant_id=PARTNER,
        )
        endpoint = Endpoint(intake=self.stage.intake, rejections=rejections)
        self._service = replace(bootstrap(self.settings), endpoint=endpoint)

    def call(self, source: str, content: Mapping[str, Any], event_id: str | None = None) -> Call:
        """A call that the service believes."""
        return BUILDERS[source](content, self.settings, event_id)

    async def receive(self, call: Call, host: str = HOST) -> func.HttpResponse:
        """A call arrives."""
        url = f"{host}{call.path}"
        query = dict(part.split("=", 1) for part in urlsplit(url).query.split("&") if part)
        request = func.HttpRequest(
            "POST",
            url,
            headers=call.headers,
            params=query,
            route_params={"source": call.source},
            body=call.body,
        )
        return await answer(receive_webhook, lambda: self._service, request)

    @property
    def records(self) -> list[Record]:
        """What has been stored, oldest first."""
        return [stored.record for stored in self.stage.store.kept.values()]

    @property
    def events(self) -> list[Event]:
        """What subscribers have been told."""
        return self.stage.bus.topic
