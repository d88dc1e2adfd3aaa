"""Everything around the service for one session: a broker, simulators, hosts, and a subscriber that hears all events."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

import httpx
from azure.servicebus import ServiceBusClient

from sandbox.host_process import ROOT
from sandbox.partner_center import PartnerCenter, PartnerCenterThread, Settings, ValidationCode
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret
from tests.e2e.pulse import NEVER
from tests.e2e.service import Service
from tests.e2e.subscriber import Subscriber

QUICK = {
    "ADVANCE_SCHEDULE": NEVER,
    "REVIEW_FIRST": "PT0.2S",
    "REVIEW_MAX": "PT1S",
    "RETRY_FIRST": "PT0.2S",
    "RETRY_MAX": "PT0.5S",
    "REVIEW_AGAIN": "PT1S",
    "RESEND_AFTER": "PT3S",
    "CLOCK_AHEAD": "PT1S",
}
QUEUES = 24
"""A queue for each host: two hosts with different stores must not take each other's messages."""


def topology() -> Topology:
    """The sandbox's own topology, with more queues like its one."""
    data = json.loads((ROOT / "sandbox" / "service_bus.json").read_text())
    queues = data["UserConfig"]["Namespaces"][0]["Queues"]
    queues += [queues[0] | {"Name": f"requests-{number}"} for number in range(QUEUES)]
    return Topology(data)


def simulator() -> PartnerCenterThread:
    """A Partner Center whose vettings take a moment and whose one validation code cannot occur by chance."""
    codes = [ValidationCode(validation_id=f"GCC-{uuid4().hex}", max_creates=1000, remaining_creates=1000)]
    return PartnerCenterThread(partner_center=PartnerCenter(settings=Settings(vetting_seconds=0.3), codes=codes))


@dataclass
class World:
    """A context manager; what it has opened ends with it."""

    folder: Path
    broker: BrokerThread = field(default_factory=lambda: BrokerThread(topology()))
    answers: list[httpx.Response] = field(default_factory=list)
    services: list[Service] = field(default_factory=list)
    simulators: list[PartnerCenterThread] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    _open: ExitStack = field(default_factory=ExitStack)

    def __enter__(self) -> Self:
        self._open.enter_context(self.broker)
        self.subscriber = self._open.enter_context(Subscriber(self.broker.connection_string))
        self.partner_center = self.partner_center_of_its_own()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # Saying goodbye to the broker takes each host seconds, and nobody looks at it any more.
        with ThreadPoolExecutor() as stopping:
            list(stopping.map(Service.kill, self.services))
        self._open.close()

    def partner_center_of_its_own(self) -> PartnerCenterThread:
        """Another Partner Center, for what would disturb every customer."""
        started = self._open.enter_context(simulator())
        self.simulators.append(started)
        return started

    def service(
        self,
        partner_center: PartnerCenterThread | None = None,
        broker: BrokerThread | None = None,
        without: tuple[str, ...] = (),
        also: Mapping[str, str] | None = None,
        app: Path = ROOT,
        **settings: str,
    ) -> Service:
        """Start a service with its own folder and queue.

        Args:
            partner_center: the simulator it talks to; the shared one by default.
            broker: its Service Bus; the shared one by default.
            without: app settings to leave out.
            also: app settings to change.
            app: the folder of function_app.py; this project by default.
            settings: the same.
        """
        partner_center, broker = partner_center or self.partner_center, broker or self.broker
        number, secret = len(self.services), webhook_secret()
        folder = self.folder / f"service-{number}"
        folder.mkdir()
        usual = service_settings(
            service_bus=broker.connection_string,
            partner_center_url=partner_center.url,
            credentials=partner_center.credentials,
            folder=folder,
            secret=secret,
        )
        values = usual | QUICK | {"QUALIFICATION_QUEUE": f"requests-{number}"} | dict(also or {}) | settings
        for name in without:
            del values[name]
        service = Service(values, folder, secret, self.answers.append, app)
        self.services.append(service)
        self.secrets |= {secret, partner_center.credentials.client_secret}
        self.secrets |= {value for name, value in values.items() if name.endswith("_SECRETS")}
        return service.start()

    def dead_letters(self, service: Service) -> list[str]:
        """The bodies of the messages on the dead-letter queue of a service."""
        queue = service.settings["QUALIFICATION_QUEUE"]
        if not self.broker.counts()[queue].dead_lettered:
            return []
        with (
            ServiceBusClient.from_connection_string(self.broker.connection_string) as client,
            client.get_queue_receiver(queue, sub_queue="deadletter") as receiver,
        ):
            return [str(message) for message in receiver.peek_messages(100)]
