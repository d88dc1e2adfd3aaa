"""The most memory that this process has held at a time."""

import sys
from pathlib import Path

STATUS = Path("/proc/self/status")
MIB = 1024


def peak_memory() -> tuple[float, str]:
    """MiB, and which counter says so.

    Linux has one of this program alone (`VmHWM`, proc_pid_status(5)). The `ru_maxrss` of getrusage(2) is what other systems
    have; it may be that of the parent, where that was larger when it started this process.

    Raises:
        OSError: the system has neither.
    """
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) / MIB, "VmHWM"
    try:
        import resource  # noqa: PLC0415  Windows has no such module
    except ImportError as error:
        raise OSError("this system does not tell how much memory a process has held") from error
    # macOS counts in bytes, the BSDs in KiB.
    unit = MIB**2 if sys.platform == "darwin" else MIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit, "ru_maxrss, which may be its parent's"
