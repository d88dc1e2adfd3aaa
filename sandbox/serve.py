"""Runs the whole service on this machine until Ctrl-C, for trying things by hand."""

import json
import signal
import threading
from typing import Any

from rich.console import Console

from qualification.webhooks.standard.sample import signed
from sandbox.crm import BUILDERS
from sandbox.host_process import ROOT
from sandbox.subscriber import Subscriber
from sandbox.world import Ports, World, world

PORTS = Ports(functions=7071, service_bus=5673, partner_center=8071)
FOLDER = ROOT / ".sandbox"
LOCAL_SETTINGS = ROOT / "local.settings.json"
OURS = "WrittenBySandbox"
"""Marks a local.settings.json that may be written anew at the next start."""
SAMPLE = {
    "customerTenantId": "2a14b164-f983-4048-92e1-4f9591b87445",
    "qualification": "Education",
    "educationSegment": "HigherEducation",
    "website": "contoso.edu",
}


def run(*, with_functions: bool) -> int:
    """Serve until Ctrl-C.

    Args:
        with_functions: whether to run the functions too, or leave them to `func start`.
    """
    console = Console()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    try:
        with world(FOLDER, PORTS) as running:
            _write_local_settings(running.settings)
            if with_functions:
                running.host.start()
            _explain(running, console, with_functions=with_functions)
            with Subscriber(running.broker.connection_string, lambda event: _show(event, console)):
                threading.Event().wait()
    except KeyboardInterrupt:
        console.print("Stopped.")
    except (OSError, RuntimeError) as error:
        ports = f"{PORTS.functions}, {PORTS.service_bus} and {PORTS.partner_center}"
        console.print(f"{error}\nIs another `make serve` running? It needs the ports {ports}.", markup=False)
        return 1
    return 0


def _write_local_settings(values: dict[str, str]) -> None:
    """The file that Core Tools reads too; a file that somebody has changed by hand is theirs."""
    if LOCAL_SETTINGS.exists() and not _is_ours(LOCAL_SETTINGS.read_bytes()):
        return
    storage = {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}
    document = {
        OURS: True,
        "IsEncrypted": False,
        "Values": {**storage, **values},
        "Host": {"LocalHttpPort": PORTS.functions},
    }
    LOCAL_SETTINGS.write_text(json.dumps(document, indent=2) + "\n")


def _is_ours(content: bytes) -> bool:
    try:
        document = json.loads(content)
    except ValueError:  # comments, for one: this sandbox writes none
        return False
    return isinstance(document, dict) and bool(document.get(OURS))


def _explain(running: World, console: Console, *, with_functions: bool) -> None:
    url = running.host.address.url or f"http://127.0.0.1:{PORTS.functions}"
    body, headers = signed(SAMPLE, running.secret)
    lines = [
        f"Functions host  {url}/api"
        if with_functions
        else f"Functions       run `func start` (it will listen on {url})",
        f"Function key    {running.host.address.function_key}" if with_functions else "",
        f"Service Bus     {running.broker.connection_string}",
        f"Partner Center  {running.partner_center.url}  (script it under /_control)",
        f"App settings    {LOCAL_SETTINGS.name}, records and log in {FOLDER.name}/",
        "",
        "A webhook to try within the next five minutes, in another terminal (its signature is good for this body only):",
        "",
        f"  curl -i {url}/api/webhooks/standard \\",
        *(f"    -H '{name}: {value}' \\" for name, value in headers.items()),
        f"    -d '{body.decode()}'",
        "",
        f"Or as a CRM would send it:  .venv/bin/python -m sandbox webhook {'|'.join(BUILDERS)}",
        "",
        "Events appear below as they come. Ctrl-C ends everything.",
    ]
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def _show(event: dict[str, Any], console: Console) -> None:
    data = event["data"]
    what = data.get("reason") or f"{data.get('previousStatus')} to {data['status']}"
    console.print(
        f"{event['time']}  customer {event['subject']}  {what}", markup=False, highlight=False, soft_wrap=True
    )
