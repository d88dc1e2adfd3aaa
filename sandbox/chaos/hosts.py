"""Two functions hosts on one store and one queue, to be killed and started again."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Lock

from sandbox.holding import Holding, held_by
from sandbox.host_process import ROOT, Address, HostProcess

JUMPING = ROOT / "sandbox" / "chaos" / "app"


class Hosts:
    """Hosts by number, 0 and 1. A host that has been killed comes back as a new process.

    Args:
        settings: app settings of both.
        folder: where their logs go.
        environment: variables of their processes.
    """

    def __init__(self, settings: Mapping[str, str], folder: Path, environment: Mapping[str, str]) -> None:
        self._settings, self._folder, self._environment = settings, folder, environment
        self._running: dict[int, HostProcess] = {}
        self._lock = Lock()
        self._turn = count()
        self.started = 0

    @property
    def addresses(self) -> list[Address]:
        """Where those that run listen, another one first each time."""
        with self._lock:
            running = [host.address for host in self._running.values()]
        first = next(self._turn) % max(1, len(running))
        return running[first:] + running[:first]

    @property
    def held(self) -> list[Holding]:
        """What those that run hold, by number."""
        with self._lock:
            return [held_by(host) for _, host in sorted(self._running.items())]

    @property
    def logs(self) -> str:
        """All that they have logged."""
        return "".join(path.read_text() for path in sorted(self._folder.glob("host-*.log")))

    def start(self, wanted: int, *, jumping: bool) -> None:
        """Start those that are missing from the first `wanted`, side by side.

        Args:
            wanted: 1 or 2.
            jumping: whether they run the app with a clock that jumps, or the one of production.
        """
        missing = [number for number in range(wanted) if number not in self._running]
        with ThreadPoolExecutor() as starters:
            for number, host in zip(missing, starters.map(lambda one: self._start(one, jumping), missing), strict=True):
                with self._lock:
                    self._running[number] = host

    def kill(self, number: int | None = None) -> int:
        """End one host, or all, at once with SIGKILL; how many."""
        victims = self._take(number)
        for host in victims:
            host.kill()
        return len(victims)

    def stop(self) -> None:
        """Ask all of them to end."""
        for host in self._take(None):
            host.stop()

    def _start(self, number: int, jumping: bool) -> HostProcess:  # noqa: FBT001  starters.map has no keywords
        log = self._folder / f"host-{number}.log"
        app = JUMPING if jumping else ROOT
        host = HostProcess(self._settings, log, app, environment=self._environment).start()
        self.started += 1
        return host

    def _take(self, number: int | None) -> list[HostProcess]:
        with self._lock:
            numbers = [each for each in self._running if number in {None, each}]
            return [self._running.pop(each) for each in numbers]
