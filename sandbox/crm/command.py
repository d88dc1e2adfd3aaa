"""`python -m sandbox webhook SOURCE`: sends one webhook as that CRM would, to a service that runs anywhere."""

import argparse
import json
from pathlib import Path
from urllib.parse import urljoin
from uuid import uuid4

import httpx

from qualification.settings.local_settings import LocalSettingsError, read_local_settings
from sandbox.console import say
from sandbox.crm import BUILDERS, Call
from sandbox.local_settings import LOCAL_SETTINGS
from sandbox.names import name_of
from sandbox.ports import USUAL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("source", choices=sorted(BUILDERS))
    parser.add_argument("--url", help="the service (default: where `make serve` runs it)")
    parser.add_argument("--customer", help="the customer's tenant id (default: a new one)")
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
    customer = arguments.customer or str(uuid4())
    content = {"customerTenantId": customer, "qualification": arguments.qualification}
    if arguments.qualification == "Education":
        content |= {"educationSegment": arguments.segment, "website": arguments.website}
    try:
        settings = read_local_settings(arguments.settings)
    except LocalSettingsError as error:
        say(f"{error} `make serve` writes one.")
        return 2
    url = arguments.url or f"http://127.0.0.1:{settings.host.get('LocalHttpPort', USUAL.functions)}"
    try:
        call = BUILDERS[arguments.source](content, settings.values, arguments.event)
    except (ValueError, KeyError) as error:
        say(f"{arguments.settings} has no settings for {arguments.source} ({error!r}): run `make serve` first.")
        return 2
    if arguments.show:
        headers = "".join(f"{name}: {value}\n" for name, value in call.headers.items())
        say(f"POST {url}{call.path}\n{headers}\n{call.body.decode()}")
        return 0
    say(f"{arguments.source} says that {name_of(customer)} ({customer}) asks for {arguments.qualification}.")
    return _send(url, call)


def _send(url: str, call: Call) -> int:
    try:
        answer = httpx.post(url + call.path, content=call.body, headers=call.headers, timeout=60)
    except httpx.HTTPError as error:
        say(f"{url} cannot be reached: {error}\nIs `make serve` running in another terminal?")
        return 1
    say(f"{answer.status_code} {answer.reason_phrase}")
    if location := answer.headers.get("location"):
        say(f"Follow it at {urljoin(url, location)} (the key is the one that `make serve` shows).")
    elif answer.text:
        say(_readable(answer))
    return 0 if answer.is_success else 1


def _readable(answer: httpx.Response) -> str:
    """The body, with JSON laid out over lines."""
    try:
        return json.dumps(answer.json(), indent=2, ensure_ascii=False)
    except ValueError:
        return answer.text
