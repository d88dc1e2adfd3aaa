"""How much memory a run of the timer takes: what is due is streamed, so it does not grow with it.

As a module, `python -m benchmarks.memory FOLDER URL NUMBER`, it reviews in a process of its own and prints the peak.
"""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.backlog import fill, in_review
from benchmarks.line import Line, Target
from benchmarks.peak import peak_memory
from benchmarks.progress import tell
from benchmarks.rounds import medians
from benchmarks.server import server
from benchmarks.subject import database, settings, subject

FEW, MANY = 1_000, 100_000


async def memory(rounds: int = 1) -> list[Line]:
    """Peak of a process that makes one run, with few and with many customers due; one round tells, it hardly varies."""
    with TemporaryDirectory() as folder, server("benchmarks.partner_center") as ready:
        peaks = {}
        for number in (FEW, MANY):
            (its_folder := Path(folder) / str(number)).mkdir()
            sample = in_review(datetime.now(UTC) - timedelta(hours=1))
            await fill(database(its_folder), sample, number, seed=1)
            peaks[str(number)] = partial(_peak, its_folder, ready["url"], number)
        tell(f"  reviewing {MANY:,} customers takes a minute or two")
        found = await medians(peaks, rounds)
    return [
        Line(
            row=f"Peak memory of an advance run with 100,000 customers due ({peak_memory()[1]})",
            unit="MiB",
            ours=found[str(MANY)],
            baseline="1,000 due",
            theirs=found[str(FEW)],
            target=Target(most=1.5),
        )
    ]


async def _peak(folder: Path, url: str, number: int) -> float:
    command = [sys.executable, "-m", "benchmarks.memory", str(folder), url, str(number)]
    done = await asyncio.to_thread(subprocess.run, command, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout)


async def _run(folder: Path, url: str, number: int) -> None:
    service = subject(settings(folder, url))
    looked_at = 0
    while looked_at < number:
        # A run ends by itself after three minutes, however slow the machine.
        looked_at += (await service.due_work.advance()).reviewed.customers
    await service.close()


if __name__ == "__main__":
    asyncio.run(_run(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
    sys.stdout.write(str(peak_memory()[0]))
