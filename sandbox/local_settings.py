"""The local.settings.json that `serve` writes, for `func start` and the project's commands."""

import json
from collections.abc import Mapping

from sandbox.host_process import ROOT

LOCAL_SETTINGS = ROOT / "local.settings.json"
OURS = "WrittenBySandbox"
"""Marks a file that may be written anew at the next start."""


def write_local_settings(values: Mapping[str, str], port: int) -> None:
    """Write the file that Core Tools reads too; one that somebody has changed by hand is theirs, and stays."""
    if LOCAL_SETTINGS.exists() and not is_ours(LOCAL_SETTINGS.read_bytes()):
        return
    storage = {"AzureWebJobsStorage": "UseDevelopmentStorage=true"}
    document = {
        OURS: True,
        "IsEncrypted": False,
        "Values": {**storage, **values},
        "Host": {"LocalHttpPort": port},
    }
    LOCAL_SETTINGS.write_text(json.dumps(document, indent=2) + "\n")


def is_ours(content: bytes) -> bool:
    """Whether a file is one that the sandbox wrote."""
    try:
        document = json.loads(content)
    except ValueError:  # comments, for one: this sandbox writes none
        return False
    return isinstance(document, dict) and bool(document.get(OURS))
