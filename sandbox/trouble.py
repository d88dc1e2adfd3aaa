"""`python -m sandbox trouble KIND`: makes the Partner Center of a running `serve` misbehave, and well again."""

import argparse
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx

from qualification.settings.local_settings import LocalSettingsError, read_local_settings
from sandbox.console import say
from sandbox.local_settings import LOCAL_SETTINGS
from sandbox.ports import USUAL


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that befalls Partner Center.

    Attributes:
        says: what happens from now on, and what the service makes of it.
        calls: what sets it up: method, path under `/_control`, body in JSON.
    """

    says: str
    calls: tuple[tuple[str, str, Mapping[str, Any] | None], ...]


TROUBLES: Mapping[str, Trouble] = {
    "denial": Trouble(
        "Education requests from now on are denied after two seconds. The event says why, and what to do.",
        (("PATCH", "everybody", {"education": {"outcome": "denied", "reason": "Not an Education Customer"}}),),
    ),
    "throttling": Trouble(
        "The next call gets 429 and a pause of ten seconds. Every instance waits; then all goes on by itself.",
        (("POST", "faults", {"times": 1, "then": "throttled", "retryAfter": 10}),),
    ),
    "outage": Trouble(
        "Every call gets 503 until `none`. Webhooks are taken all the same, and nothing fails.",
        (("PATCH", "settings", {"outage": True}),),
    ),
    "silence": Trouble(
        "No write is answered until `none`. After two of one request, half a minute, the service asks a person what to do.",
        (("POST", "faults", {"operation": "post", "then": "hang"}),),
    ),
    "none": Trouble(
        "Partner Center is well again.",
        (
            ("PATCH", "settings", {"outage": False}),
            ("DELETE", "faults", None),
            ("PATCH", "everybody", {"education": {"outcome": "approved"}}),
        ),
    ),
}
"""The kinds by name."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("kind", choices=TROUBLES, help="what befalls Partner Center; `none` ends them all")
    parser.add_argument("--url", help="the simulated Partner Center (default: where `make serve` runs it)")
    parser.add_argument("--show", action="store_true", help="print the calls for curl instead of making them")


def run(arguments: argparse.Namespace) -> int:
    """Set it up; 0 if Partner Center took it."""
    trouble = TROUBLES[arguments.kind]
    for method, path, body in trouble.calls:
        url = f"{arguments.url or _served()}/_control/{path}"
        if arguments.show:
            data = f" -d '{json.dumps(body)}'" if body is not None else ""
            say(f"curl -X {method} {url}{data}")
            continue
        try:
            httpx.request(method, url, json=body, timeout=10).raise_for_status()
        except httpx.HTTPError as error:
            say(f"{url} did not take it: {error}\nIs `make serve` running? It prints where its Partner Center listens.")
            return 1
    if not arguments.show:
        say(trouble.says)
    return 0


def _served() -> str:
    """Where `serve` says that it is; never an address that is not on this machine."""
    with suppress(LocalSettingsError):
        url = read_local_settings(LOCAL_SETTINGS).values.get("PARTNER_CENTER_URL", "")
        if url.startswith("http://127.0.0.1:"):
            return url
    return f"http://127.0.0.1:{USUAL.partner_center}"
