"""`python -m sandbox webhook SOURCE`: sends one webhook as that CRM would, to a service that runs anywhere."""

import argparse
from pathlib import Path

import httpx
from rich.console import Console

from qualification.settings.local_settings import LocalSettingsError, read_local_settings
from sandbox.crm import BUILDERS
from sandbox.host_process import ROOT

LOCAL_SETTINGS = ROOT / "local.settings.json"
SAMPLE_TENANT = "2a14b164-f983-4048-92e1-4f9591b87445"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("source", choices=sorted(BUILDERS))
    parser.add_argument("--url", default="http://127.0.0.1:7071", help="the service (default: %(default)s)")
    parser.add_argument("--customer", default=SAMPLE_TENANT, help="the customer's tenant id")
    parser.add_argument("--qualification", default="Education")
    parser.add_argument("--segment", default="HigherEducation", help="K12 or HigherEducation, for Education")
    parser.add_argument("--website", default="contoso.edu")
    parser.add_argument("--event", help="the CRM's id of the event; the same again is a repeat (default: a new one)")
    parser.add_argument(
        "--settings",
        type=Path,
        default=LOCAL_SETTINGS,
        help="app settings with the secrets, as `make serve` writes them (default: local.settings.json)",
    )
    parser.add_argument("--show", action="store_true", help="print the call instead of sending it")


def run(arguments: argparse.Namespace) -> int:
    """Build the webhook and send it; 0 if the service took it."""
    content = {"customerTenantId": arguments.customer, "qualification": arguments.qualification}
    if arguments.qualification == "Education":
        content |= {"educationSegment": arguments.segment, "website": arguments.website}
    console = Console()
    try:
        settings = read_local_settings(arguments.settings).values
    except LocalSettingsError as error:
        _say(console, f"{error} `make serve` writes one.")
        return 2
    try:
        call = BUILDERS[arguments.source](content, settings, arguments.event)
    except (ValueError, KeyError) as error:
        _say(
            console, f"{arguments.settings} has no settings for {arguments.source} ({error!r}): run `make serve` first."
        )
        return 2
    if arguments.show:
        headers = "".join(f"{name}: {value}\n" for name, value in call.headers.items())
        _say(console, f"POST {arguments.url}{call.path}\n{headers}\n{call.body.decode()}")
        return 0
    try:
        answer = httpx.post(arguments.url + call.path, content=call.body, headers=call.headers, timeout=60)
    except httpx.HTTPError as error:
        _say(console, f"{arguments.url} cannot be reached: {error}")
        return 1
    location = answer.headers.get("location")
    _say(console, f"{answer.status_code} {answer.reason_phrase}" + (f"\nLocation: {location}" if location else ""))
    _say(console, answer.text)
    return 0 if answer.is_success else 1


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
