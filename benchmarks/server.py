"""A server in a process of its own, so that it does not share an interpreter with those who are measured."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def server(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run `python -m module`, which says on its first line of output, in JSON, where it listens; gives what it says."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(  # noqa: S603  our own module, no shell
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            ready: dict[str, Any] = json.loads(process.stdout.readline()) if process.stdout else {}
            yield ready
        finally:
            process.terminate()
