"""The ways of the hosts to all that they stand on, each with a proxy for faults before its end."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sandbox.azure_services import IdentityEndpoint, KeyVault, Tls
from sandbox.azure_services.identity_endpoint import HEADER, PATH
from sandbox.azurite import connection_string
from sandbox.chaos.stores import SqliteStore, Store, TableStore
from sandbox.fault_proxy import Faults, HttpProxy, Mishap, ProxyThread, TcpProxy
from sandbox.partner_center import PartnerCenterThread
from sandbox.record_store import make_store
from sandbox.service_bus import BrokerThread

HERE = "127.0.0.1"
CHANCES: Mapping[str, float] = {
    "service bus": 0.002,
    "partner center": 0.01,
    "identity": 0.1,
    "key vault": 0.1,
    "table storage": 0.005,
}
"""How likely a call is struck; on a bare connection each of many reads is one."""
LONGEST_DELAY = 0.3
"""Seconds; the hosts' time-outs are not much longer."""


@dataclass(frozen=True, slots=True)
class Ways:
    """What the hosts are told instead of the real addresses.

    Attributes:
        settings: app settings.
        environment: of their processes.
        faults: what happens, by whose way it is.
        to_bus: the proxy before Service Bus, which counts connections.
        store: where the records are.
    """

    settings: Mapping[str, str]
    environment: Mapping[str, str]
    faults: Mapping[str, Faults]
    to_bus: TcpProxy
    store: Store

    def clear(self) -> None:
        """From now on nothing happens on any of them."""
        for faults in self.faults.values():
            faults.clear()


@contextmanager
def ways(
    folder: Path, seed: int, broker: BrokerThread, partner_center: PartnerCenterThread, azurite: int | None
) -> Iterator[Ways]:
    """Start the proxies, with an identity endpoint and a key vault behind two of them.

    Args:
        folder: where certificate and records go.
        seed: decides what is struck.
        broker: the Service Bus.
        partner_center: with the refresh token that the vault gives out.
        azurite: the port of the one where the records are; None is a SQLite file, which has no way.
    """
    faults = {
        name: Faults(chance=chance, seed=seed + number, seconds=LONGEST_DELAY, mishaps=_possible(name))
        for number, (name, chance) in enumerate(CHANCES.items())
    }
    identity, vault, tls = IdentityEndpoint(), KeyVault(), Tls.of(HERE, folder)
    vault.token = identity.answer["access_token"]
    vault.versions.append(partner_center.credentials.refresh_token)
    with ExitStack() as stack:
        stack.enter_context(ProxyThread(identity.serving(), vault.serving(tls)))
        to_bus = TcpProxy(HERE, broker.port, faults["service bus"])
        to_partner_center = HttpProxy(partner_center.url, faults["partner center"])
        to_identity = HttpProxy(f"http://{HERE}:{identity.port}", faults["identity"])
        to_vault = HttpProxy(
            f"https://{HERE}:{vault.port}", faults["key vault"], certificate=tls.server, trust=tls.client, name=HERE
        )
        stack.enter_context(ProxyThread(to_bus, to_partner_center, to_identity, to_vault))
        settings = {
            "ServiceBusConnection": broker.connection_string.replace(f":{broker.port}", f":{to_bus.port}"),
            "PARTNER_CENTER_URL": to_partner_center.url,
            "PARTNER_CENTER_LOGIN_URL": to_partner_center.url,
            "PARTNER_CENTER_REFRESH_TOKEN": f"{to_vault.url}/secrets/refresh-token",
            "PARTNER_CENTER_FEDERATED_IDENTITY": "true",
            "PARTNER_CENTER_CLIENT_SECRET": "",
            "IDENTITY_ENDPOINT": f"{to_identity.url}{PATH}",
            "IDENTITY_HEADER": HEADER,
        }
        store: Store = SqliteStore(folder)
        if azurite:
            to_tables = HttpProxy(f"http://{HERE}:{azurite}", faults["table storage"])
            stack.enter_context(ProxyThread(to_tables))
            store = TableStore(azurite, to_tables, faults["table storage"])
            make_store({"RecordStorage": connection_string(azurite)})
        settings["RecordStorage"] = store.setting
        yield Ways(settings, {"SSL_CERT_FILE": str(tls.file)}, faults, to_bus, store)


def _possible(name: str) -> list[Mishap]:
    # A page with 200 for a write to Partner Center: nobody can distinguish it from an acceptance.
    return [mishap for mishap in Mishap if not (name == "partner center" and mishap is Mishap.HTML)]
