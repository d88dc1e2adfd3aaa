"""Runs the whole service on this machine until Ctrl-C, for trying things by hand."""

import argparse
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.padding import Padding
from rich.text import Text

from qualification.domain.errors import StoreMissing
from sandbox.azurite import AzuriteError, connection_string, free_port, running_azurite
from sandbox.console import console, say
from sandbox.crm import BUILDERS
from sandbox.event_text import event_text
from sandbox.host_process import ROOT
from sandbox.local_settings import LOCAL_SETTINGS, write_local_settings
from sandbox.names import name_of
from sandbox.ports import Ports
from sandbox.service_bus import Topology, TopologyError
from sandbox.subscriber import TOPIC, Subscriber
from sandbox.trouble import TROUBLES
from sandbox.world import TOPOLOGY, Strikes, World, world

FOLDER = ROOT / ".sandbox"
CONSOLE = "console"
"""A subscription of this console's own, so that it takes no event from anybody."""


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C; 0 if it could be started."""
    ports = Ports(arguments.port, arguments.service_bus_port, arguments.partner_center_port)
    with_functions = not arguments.without_functions
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        topology = _topology(arguments.topology or TOPOLOGY)
        strikes = Strikes(arguments.faults, arguments.seed) if arguments.faults else None
        with _storage(arguments.storage) as storage, world(FOLDER, ports, topology, storage, strikes) as running:
            if with_functions:
                running.host.start()
            url = running.host.address.url or f"http://127.0.0.1:{ports.functions}"
            write_local_settings(running.settings, int(url.rpartition(":")[2]))
            say(introduction(running, url, with_functions=with_functions))
            with Subscriber(running.broker.connection_string, show, CONSOLE):
                threading.Event().wait()
    except KeyboardInterrupt:
        say("Stopped.")
    except TopologyError as error:
        say(f"The topology cannot be used:\n{error}")
        return 1
    except AzuriteError as error:
        say(str(error))
        return 1
    except StoreMissing as error:
        say(f"{error}\nThe records of a sandbox may go: delete {FOLDER.name}/.")
        return 1
    except (OSError, RuntimeError) as error:
        say(
            f"{error}\nIs another `make serve` running? --port, --service-bus-port and --partner-center-port choose others."
        )
        return 1
    return 0


def introduction(running: World, url: str, *, with_functions: bool) -> str:
    """What runs where, and what to try.

    Args:
        running: the world.
        url: of the functions.
        with_functions: whether they run, or are left to `func start`.
    """
    functions = f"{url}  (open it in a browser)" if with_functions else f"{url}  once you run `func start`"
    key = [f"  Function key    {running.host.address.function_key}"] if with_functions else []
    return "\n".join(
        [
            "The whole service runs on this machine.",
            "",
            f"  Functions       {functions}",
            *key,
            f"  Partner Center  {running.partner_center.url}  (simulated; vetting takes 2 seconds)",
            f"  Service Bus     {running.broker.connection_string}",
            f"  App settings    {LOCAL_SETTINGS.name}; records and log are in {FOLDER.name}/",
            "",
            "Try in another terminal:",
            "",
            f"  make webhook CRM={'|'.join(BUILDERS)}",
            "      sends a webhook as that CRM would; the customer is a new one each time",
            f"  make trouble KIND={'|'.join(TROUBLES)}",
            "      makes Partner Center deny, answer 429, be down or never answer; `none` ends it",
            "  make doctor",
            "      examines the service as it runs",
            "",
            "Events appear below as they come (names are made up). Ctrl-C ends everything.",
        ]
    )


def show(event: Mapping[str, Any]) -> None:
    """Print an event: when, about whom, and what."""
    data = event["data"]
    at = datetime.fromisoformat(event["time"]).astimezone()
    name = data.get("customerName") or name_of(event["subject"])
    about = f"{at:%H:%M:%S}  {name} {event['subject'][:8]}  {data.get('qualification', '')}  "
    headline, *rest = event_text(event).split()
    console.print(Text(about).append(headline), soft_wrap=True, highlight=False)
    for line in rest:
        console.print(Padding(line, (0, 0, 0, 10)), highlight=False)


def _topology(file: Path) -> Topology:
    try:
        return Topology.load(file).with_subscription(TOPIC, CONSOLE)
    except OSError as error:
        raise TopologyError([f"{file}: {error.strerror}"]) from error


@contextmanager
def _storage(kind: str) -> Iterator[str | None]:
    """The connection string of where records are kept; None for the file that the sandbox takes by itself."""
    if kind == "sqlite":
        yield None
        return
    port = free_port()
    with running_azurite(port):
        yield connection_string(port)
