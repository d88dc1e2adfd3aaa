"""What a process holds: memory and open sockets, as Linux tells it (proc(5))."""

from dataclasses import dataclass
from pathlib import Path

MIB = 1024


@dataclass(frozen=True, slots=True)
class Holding:
    """Resident memory in MiB, open files by kind, and threads."""

    memory: float
    sockets: int
    files: int
    threads: int


def holding(pid: int) -> Holding:
    """What the process holds now.

    Raises:
        OSError: there is no such process, or no /proc.
    """
    folder = Path(f"/proc/{pid}")
    status = dict(line.split(":", 1) for line in (folder / "status").read_text().splitlines() if ":" in line)
    targets = [_target(link) for link in (folder / "fd").iterdir()]
    sockets = sum(target.startswith("socket:") for target in targets)
    return Holding(
        int(status["VmRSS"].split()[0]) / MIB, sockets, len(targets) - sockets, int(status["Threads"].strip())
    )


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""  # closed meanwhile
