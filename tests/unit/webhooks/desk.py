"""The webhook route over stand-ins: real sources, settings and answers; store and bus in memory."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import azure.functions as func

from qualification.api.handlers import answer, receive_webhook
from qualification.bootstrap import utc_now
from qualification.domain.event import Event
from qualification.domain.record import Record
from sandbox.crm import BUILDERS, Call, crm_settings
from tests.unit.stage import SETTINGS, Stage

HOST = "https://qualifications.azurewebsites.net"


class Desk:
    """Where webhooks arrive.

    Args:
        settings: app settings to change; an empty one is left out.
    """

    def __init__(self, **settings: str) -> None:
        self.settings = SETTINGS | crm_settings() | settings
        self.stage = Stage(self.settings)
        # Calls are signed now.
        self._service = replace(self.stage.service, clock=utc_now)

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
        """What has been stored."""
        return self.stage.records

    @property
    def events(self) -> list[Event]:
        """What subscribers have been told."""
        return self.stage.bus.topic
