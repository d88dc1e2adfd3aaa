"""Plants each fault in a copy of the product, and says at which seed it is found: python -m tests.simulation.faults."""

import argparse
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).with_name("faults")
COPIED = ("qualification", "tests/simulation", "tests/unit")
FOUND = re.compile(r"^seed (\d+): ([^:]+): ", re.MULTILINE)
ENDED = re.compile(r"^\d+ seeds, ", re.MULTILINE)
STARTS = 3


@dataclass(frozen=True)
class Search:
    """How a fault was looked for.

    Attributes:
        after: how many seeds it took from each start; None where none of them found it.
        said: what did not hold, or what went wrong.
        took: in seconds.
    """

    after: Sequence[int | None]
    said: str
    took: float


def plant(patch: Path, where: Path) -> None:
    """Copy what a simulation needs, with this fault in it."""
    for name in COPIED:
        shutil.copytree(ROOT / name, where / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = ["git", "apply", "--recount", str(patch)]
    subprocess.run(command, cwd=where, check=True, capture_output=True)  # noqa: S603  a patch of ours


def search(patch: Path, starts: Sequence[int], seeds: int) -> Search:
    """Look for a fault from each start, until the first seed that fails."""
    began, after, said = time.perf_counter(), list[int | None](), set[str]()
    with tempfile.TemporaryDirectory() as directory:
        plant(patch, Path(directory))
        for first in starts:
            seed, what = first_failure(Path(directory), first, first + seeds)
            after.append(seed - first + 1 if seed is not None else None)
            said.add(what)
    return Search(after, ", ".join(sorted(said)), time.perf_counter() - began)


def first_failure(where: Path, first: int, stop: int) -> tuple[int | None, str]:
    """The first seed that fails with the fault and passes without it, and how."""
    while first < stop:
        output = simulated(where, first, stop - first)
        found = FOUND.search(output)
        if found is None:
            return None, "not found" if ENDED.search(output) else (output.split("\n")[-2] or "ended without a word")
        if FOUND.search(simulated(ROOT, int(found[1]), 1)) is None:
            return int(found[1]), found[2]
        first = int(found[1]) + 1
    return None, "not found"


def simulated(where: Path, first: int, seeds: int) -> str:
    """What a simulation of the product there prints, until the first seed that fails."""
    options = ("--seeds", str(seeds), "--first-seed", str(first), "--processes", "1", "--until-failure")
    command = [sys.executable, "-m", "tests.simulation", *options]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)  # noqa: S603  ours
    return f"{done.stderr}\n{done.stdout}"


def main() -> int:
    """Find each fault from each start, or say that it was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, help="at most so many from each start")
    parser.add_argument("--first-seed", type=int, action="append", help="a start; three are drawn without any")
    parser.add_argument("--processes", type=int, default=os.process_cpu_count() or 1)
    parser.add_argument("faults", nargs="*", help="names; all without any")
    options = parser.parse_args()
    starts = options.first_seed or [1 + secrets.randbelow(1_000_000) for _ in range(STARTS)]
    patches = [each for each in sorted(FAULTS.glob("*.patch")) if each.stem in (options.faults or [each.stem])]
    print(f"from the seeds {', '.join(map(str, starts))}, at most {options.seeds} each; found at the nth:", flush=True)
    began, missed = time.perf_counter(), 0
    with ThreadPoolExecutor(options.processes) as pool:
        searches = {pool.submit(search, patch, starts, options.seeds): patch.stem for patch in patches}
        for done in as_completed(searches):
            each = done.result()
            missed += None in each.after
            numbers = " ".join(f"{number or 'never':>5}" for number in each.after)
            print(f"{searches[done]:34} {numbers} {each.took:6.0f} s  {each.said[:110]}", flush=True)
    print(f"{len(patches)} faults, {missed} missed, {time.perf_counter() - began:.0f} s")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
