"""Hosts for the tests: each app in a process of its own, because the runtime indexes one app a process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

APPS = Path(__file__).parent / "apps"
ROOT = Path(__file__).parents[3]
_COMMAND = (sys.executable, "-m", "sandbox.functions_host")


@dataclass(frozen=True)
class RunningHost:
    """A host in its own process."""

    url: str
    function_key: str
    master_key: str
    log_file: Path
    process: subprocess.Popen[str]

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return self.log_file.read_text()

    def client(self) -> httpx.Client:
        """Open a client for it."""
        return httpx.Client(base_url=self.url, timeout=30)


@contextmanager
def running_host(app: Path, log_file: Path, settings: dict[str, str], *arguments: str) -> Iterator[RunningHost]:
    """Run a host until the end of the block, then interrupt it."""
    with (
        log_file.open("w") as log,
        subprocess.Popen(  # noqa: S603  our own host
            [*_COMMAND, "--app", str(app), *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONWARNINGS": "error"} | settings,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line, log_file.read_text()
            ready = json.loads(line)
            assert ready["pid"] == process.pid
            yield RunningHost(ready["url"], ready["functionKey"], ready["masterKey"], log_file, process)
        finally:
            process.terminate()
            process.wait(30)
            assert "Warning" not in log_file.read_text()


def failing_host(app: Path, settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Start a host that is expected not to come up."""
    return subprocess.run(  # noqa: S603  our own host
        [*_COMMAND, "--app", str(app), *arguments],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def script_output(name: str, *arguments: str) -> str:
    """Run a script of the apps folder, in which a warning is an error, and give what it printed."""
    done = subprocess.run(  # noqa: S603  our own script
        [sys.executable, str(APPS / name), *arguments],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def until[T](condition: Callable[[], T], seconds: float = 30) -> T:
    """Wait until a condition holds and give what it gave."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(0.02)
    return found


def write_app(folder: Path, functions: str, host_json: str = '{"version": "2.0"}') -> Path:
    """Write a small app and give its folder."""
    header = "import azure.functions as func\napp = func.FunctionApp()\n"
    (folder / "function_app.py").write_text(header + functions)
    (folder / "host.json").write_text(host_json)
    return folder
