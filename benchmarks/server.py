"""A server in a process of its own, so that it does not share an interpreter with those who are measured."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def server(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run `python -m module`, which says on its first line of output, in JSON, where it listens; gives what it says.

    Raises:
        RuntimeError: it did not start; what it said is on standard error.
    """
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  our own module, no shell
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line:
                raise RuntimeError(f"{module} did not start")
            ready: dict[str, Any] = json.loads(line)
            yield ready
        finally:
            process.terminate()
