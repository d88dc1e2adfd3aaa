"""The bodies in the folder golden, which say what each CRM really sends."""

import json
from pathlib import Path
from typing import Any

from qualification.settings.environment import load
from qualification.webhooks.registry import SOURCES
from qualification.webhooks.source import Delivery
from sandbox.crm import crm_settings
from tests.unit.builders import NOW

GOLDEN = Path(__file__).parent / "golden"
CUSTOMER = "2a14b164-f983-4048-92e1-4f9591b87445"
OTHER_CUSTOMER = "7b0d4f6e-5a0c-4a52-9a0e-0d6a1c1b2f33"


def body(name: str) -> bytes:
    """A body, byte for byte."""
    return (GOLDEN / name).read_bytes()


def content(name: str) -> Any:
    """A body's JSON value."""
    return json.loads(body(name))


def delivery(sent: bytes | dict[str, Any], url: str = "https://x.example/api", **headers: str) -> Delivery:
    """A call with this body; underscores in the names of headers stand for hyphens."""
    raw = sent if isinstance(sent, bytes) else json.dumps(sent).encode()
    return Delivery(url, {name.replace("_", "-"): value for name, value in headers.items()}, raw, NOW)


def settings_of(source: str, **changes: str) -> Any:
    """The sandbox's settings of a source, with some of them changed; an empty one is left out."""
    changed = {f"WEBHOOK_{source.upper()}_{name}": value for name, value in changes.items()}
    return load(SOURCES[source].settings, crm_settings() | changed)
