"""The functions host in a process of its own, so that it can be killed like one in Azure."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where a host listens, and the keys that open its functions."""

    url: str
    function_key: str
    master_key: str


class HostProcess:
    """Runs an app under the sandbox's functions host.

    Args:
        settings: app settings; they and nothing else of this kind reach the app.
        log: where the host's log goes.
        app: the folder of function_app.py; by default this project.
        port: 0 for a free one.
        environment: variables of the process, for what is read before the app settings are.
    """

    def __init__(
        self,
        settings: Mapping[str, str],
        log: Path,
        app: Path = ROOT,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._settings = dict(settings)
        self._app = app
        self._port = port
        self._environment = dict(environment or {})
        self.log = log
        self._output: IO[str] | None = None
        self._process: subprocess.Popen[str] | None = None
        self.address = Address("", "", "")

    @property
    def pid(self) -> int | None:
        """The process's number; None while there is none."""
        return self._process.pid if self._process else None

    def start(self) -> Self:
        """Start it and wait until it listens.

        Raises:
            RuntimeError: it did not start; the message holds what it said.
        """
        settings_file = self.log.with_suffix(".settings.json")
        settings_file.write_text(json.dumps({"IsEncrypted": False, "Values": self._settings}))
        command = [sys.executable, "-m", "sandbox.functions_host", "--with-parent"]
        command += ["--app", str(self._app), "--port", str(self._port), "--settings", str(settings_file)]
        environment = {name: value for name, value in os.environ.items() if name not in self._settings}
        environment |= self._environment
        with self.log.open("a") as log:
            began = log.tell()
            self._process = subprocess.Popen(  # noqa: S603  our own module, no shell
                command,
                # The host reads settings as the project's commands do, so a copy of the project runs under its own.
                cwd=self._app if (self._app / "sandbox").is_dir() else ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._output = self._process.stdout
        line = self._output.readline() if self._output else ""
        if not line:
            self.stop()
            raise RuntimeError(f"The functions host did not start:\n{self.log.read_text()[began:]}")
        ready = json.loads(line)
        self.address = Address(ready["url"], ready["functionKey"], ready["masterKey"])
        return self

    def count_tasks(self) -> int:
        """How many asynchronous tasks run in it.

        Raises:
            OSError: it does not answer.
        """
        key = {"x-functions-key": self.address.master_key}
        asked = Request(f"{self.address.url}/admin/sandbox/tasks", headers=key)  # noqa: S310  our own host on this machine
        with urlopen(asked, timeout=PATIENCE) as answer:  # noqa: S310  same
            return int(answer.read())

    def stop(self) -> None:
        """Ask it to stop, as a platform does before a deployment."""
        self._end(kill=False)

    def kill(self) -> None:
        """End it at once, in the middle of whatever it does (SIGKILL)."""
        self._end(kill=True)

    def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        (process.kill if kill else process.terminate)()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
