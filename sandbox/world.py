"""Everything the service needs, on this machine: a Service Bus, a Partner Center, and a Functions host."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.fault_proxy import Faults, HttpProxy, ProxyThread, TcpProxy
from sandbox.host_process import ROOT, HostProcess
from sandbox.partner_center import PartnerCenterThread
from sandbox.ports import Ports
from sandbox.record_store import make_store
from sandbox.service_bus import BrokerThread, Topology
from sandbox.service_settings import service_settings, webhook_secret

TOPOLOGY = ROOT / "sandbox" / "service_bus.json"


@dataclass(frozen=True, slots=True)
class Strikes:
    """How likely each call of the service is struck, from 0 to 1, and the seed that decides which."""

    chance: float
    seed: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """What runs, and the app settings and webhook secret under which the service runs."""

    broker: BrokerThread
    partner_center: PartnerCenterThread
    host: HostProcess
    settings: dict[str, str]
    secret: str


@contextmanager
def world(
    folder: Path,
    ports: Ports | None = None,
    topology: Topology | None = None,
    storage: str | None = None,
    strikes: Strikes | None = None,
) -> Iterator[World]:
    """Start a Service Bus and a Partner Center; the host is made, and left to the caller to start.

    Args:
        folder: where records, refresh token and log go; made if missing.
        ports: where things listen.
        topology: of Service Bus; by default that of the deployed service.
        storage: the connection string of where records are kept; by default a file in `folder`.
        strikes: what happens on the service's way to Service Bus and to Partner Center; None is nothing.
    """
    ports = ports or Ports()
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        broker = stack.enter_context(BrokerThread(topology or Topology.load(TOPOLOGY), port=ports.service_bus))
        partner_center = stack.enter_context(PartnerCenterThread(port=ports.partner_center))
        secret = webhook_secret()
        service_bus, partner_center_url = broker.connection_string, partner_center.url
        if strikes:
            to_bus = TcpProxy("127.0.0.1", broker.port, Faults(chance=strikes.chance, seed=strikes.seed))
            to_partner_center = HttpProxy(partner_center_url, Faults(chance=strikes.chance, seed=strikes.seed))
            stack.enter_context(ProxyThread(to_bus, to_partner_center))
            service_bus = service_bus.replace(f":{broker.port}", f":{to_bus.port}")
            partner_center_url = to_partner_center.url
        settings = service_settings(
            service_bus=service_bus,
            partner_center_url=partner_center_url,
            credentials=partner_center.credentials,
            folder=folder,
            secret=secret,
        )
        if storage is not None:
            settings["RecordStorage"] = storage
            make_store(settings)
        host = HostProcess(settings, folder / "functions-host.log", port=ports.functions)
        stack.callback(host.stop)
        yield World(broker, partner_center, host, settings, secret)
