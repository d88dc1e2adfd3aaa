"""Measures everything, prints one table and writes it to results.md: `python -m benchmarks [ROW ...]`.

With rows named, only those are measured and nothing is written.
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path

from benchmarks import cold_start, growth, memory, queue, reviews, vetting, webhooks
from benchmarks.environment import environment
from benchmarks.line import Line
from benchmarks.progress import tell
from benchmarks.table import table

RESULTS = Path(__file__).parent / "results.md"

ROWS: dict[str, Callable[[], Coroutine[None, None, list[Line]]]] = {
    "reviews-slow": reviews.slow,
    "reviews-quick": reviews.quick,
    "webhooks": webhooks.webhooks,
    "queue": queue.queue,
    "cold-start": cold_start.cold_start,
    "growth": growth.growth,
    "vetting": vetting.vetting,
    "memory": memory.memory,
}

TEXT = """# Results

Written by `make bench`; `docs/performance.md` explains each row. Figures are medians of several rounds, in which all contestants of a
row took their turns one after another; a ratio is this service's figure in units of the other one's.

{table}

{environment}
"""


def main() -> int:
    """Measure; the exit code is 0 whatever the figures are, for they judge the machine too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {', '.join(ROWS)}")
    wanted = parser.parse_args().rows or list(ROWS)
    if unknown := set(wanted) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    where = environment()
    lines: list[Line] = []
    for number, name in enumerate(wanted):
        tell(f"{name} ({number + 1} of {len(wanted)})")
        lines += asyncio.run(ROWS[name]())
    tell("done")
    text = table([line.cells() for line in lines])
    print(text)
    if wanted == list(ROWS):
        RESULTS.write_text(TEXT.format(table=text, environment="\n".join(f"- {line}" for line in where)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
