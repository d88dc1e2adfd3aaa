"""Azurite's table service, Microsoft's emulator of the Azure storage that holds the records in production."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.host_process import ROOT

PROGRAM = ROOT / ".azurite/node_modules/.bin/azurite-table"
ACCOUNT = "devstoreaccount1"
KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""Azurite's account and key are published and the same everywhere ("Use the Azurite emulator")."""
PATIENCE = 60.0
"""Seconds for Node.js to start on a busy machine."""


class AzuriteError(RuntimeError):
    """Azurite is not installed, or did not start."""


def connection_string(port: int, key: str = KEY) -> str:
    """The connection string of an Azurite on this machine."""
    endpoint = f"http://127.0.0.1:{port}/{ACCOUNT}"
    return f"DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={key};TableEndpoint={endpoint};"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_open(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running_azurite(port: int, program: Path = PROGRAM) -> Iterator[None]:
    """An Azurite table service at this port, until the end of the block; it keeps everything in memory.

    Raises:
        AzuriteError: it is not installed, or it did not start.
    """
    if not program.exists():
        raise AzuriteError("Azurite is not installed: run `make azurite`, which needs Node.js with npm.")
    options = ["--inMemoryPersistence", "--silent", "--disableTelemetry", "--skipApiVersionCheck"]
    command = [str(program), "--tableHost", "127.0.0.1", "--tablePort", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # noqa: S603  our own command
        try:
            _wait_for(port, process)
            yield
        finally:
            process.kill()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if is_open(port):
            return
        time.sleep(0.05)
    raise AzuriteError("Azurite did not start.")
