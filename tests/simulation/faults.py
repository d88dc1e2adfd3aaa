"""Plants each fault in a copy of the product, and says at which seed it is found: python -m tests.simulation.faults."""

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
FAULTS = Path(__file__).with_name("faults")
COPIED = ("qualification", "tests/simulation", "tests/unit/stand_ins", "tests/unit/stage.py", "tests/unit/builders.py")


def plant(patch: Path, where: Path) -> None:
    """Copy what a simulation needs, with this fault in it."""
    for name in COPIED:
        source, target = ROOT / name, where / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    command = ["git", "apply", "--recount", str(patch)]
    subprocess.run(command, cwd=where, check=True, capture_output=True)  # noqa: S603  a patch of ours


def main() -> int:
    """Find each fault, or say that it was not found."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("faults", nargs="*", help="names; all without any")
    options = parser.parse_args()
    missed = 0
    for patch in sorted(FAULTS.glob("*.patch")):
        if options.faults and patch.stem not in options.faults:
            continue
        began = time.perf_counter()
        with tempfile.TemporaryDirectory() as directory:
            plant(patch, Path(directory))
            seeds = ["--seeds", str(options.seeds), "--first-seed", str(options.first_seed), "--until-failure"]
            command = [sys.executable, "-m", "tests.simulation", *seeds]
            done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)  # noqa: S603  ours
        found = next((line for line in done.stdout.splitlines() if line.startswith("seed ")), None)
        said = found or (done.stderr.strip().splitlines() or ["not found"])[-1]
        missed += found is None
        print(f"{patch.stem:40} {time.perf_counter() - began:6.0f} s  {said.split(' | ')[0][:150]}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
