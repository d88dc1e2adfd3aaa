"""Measures everything, prints one table and writes it to results.md: `python -m benchmarks [ROW ...]`.

With rows named, only those are measured and nothing is written.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path

from benchmarks import cold_start, growth, memory, queue, reviews, vetting, webhooks
from benchmarks.environment import environment
from benchmarks.line import Line
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
row took their turns one after another.

{table}

{environment}
"""


def main() -> int:
    """Measure; the exit code is 0 whatever the figures are, for they judge the machine too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=f"one of {', '.join(ROWS)}")
    wanted = parser.parse_args().rows or list(ROWS)
    where = environment()
    lines: list[Line] = []
    for name in wanted:
        began = time.perf_counter()
        lines += asyncio.run(ROWS[name]())
        sys.stderr.write(f"{name} took {time.perf_counter() - began:.0f} s\n")
    text = table([line.cells() for line in lines])
    print(text)
    if wanted == list(ROWS):
        RESULTS.write_text(TEXT.format(table=text, environment="\n".join(f"- {line}" for line in where)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
