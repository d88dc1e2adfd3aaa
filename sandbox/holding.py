"""What a functions host holds: memory, open files and threads, as Linux tells it (proc(5)), and asynchronous tasks."""

from dataclasses import dataclass
from pathlib import Path

from sandbox.host_process import HostProcess

MIB = 1024
MAY_GROW = 24
"""Sockets, files, threads or tasks that a host at work may hold beside those of one at rest: a connection for each of the
sixteen calls at a time to Partner Center, two to the sign-in, one a link to Service Bus, and a few of the client's."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Resident memory in MiB, open files by kind, threads, and asynchronous tasks."""

    memory: float
    sockets: int
    files: int
    threads: int
    tasks: int = 0

    def is_flat_since(self, before: "Holding", may_grow: int = MAY_GROW) -> bool:
        """Whether it is not much more than before, whatever was done meanwhile."""
        grown = (
            self.sockets - before.sockets,
            self.files - before.files,
            self.threads - before.threads,
            self.tasks - before.tasks,
        )
        return max(grown) <= may_grow


def held_by(host: HostProcess) -> Holding:
    """What a host holds now.

    Raises:
        OSError: it does not run, or there is no /proc.
    """
    return holding(host.pid or 0, host.count_tasks())


def holding(pid: int, tasks: int = 0) -> Holding:
    """What a process holds now, beside so many tasks.

    Raises:
        OSError: there is no such process, or no /proc.
    """
    folder = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
    targets = [_target(link) for link in (folder / "fd").iterdir()]
    sockets = sum(target.startswith("socket:") for target in targets)
    threads = int(status["Threads"].strip())
    return Holding(int(status["VmRSS"].split()[0]) / MIB, sockets, len(targets) - sockets, threads, tasks)


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""  # closed meanwhile
