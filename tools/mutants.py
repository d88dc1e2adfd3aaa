"""The mutation score: how many mutants of the rules and use cases the tests kill. Read after `mutmut run`; see `make mutants`."""

import json
import sys
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

MUTANTS = Path("mutants")
EQUIVALENTS = Path(__file__).with_name("equivalents.toml")
SURVIVED = frozenset({0, 5, 33, 35})
"""Exit codes of a mutant that lives: tests passed, none ran, none is known, or only slowly. Null is not tried yet."""
LEAST, MOST_EQUIVALENT = 0.95, 0.03


def read(directory: Path) -> dict[str, int | None]:
    """The exit code of each mutant."""
    codes: dict[str, int | None] = {}
    for path in sorted(directory.rglob("*.meta")):
        codes |= json.loads(path.read_text())["exit_code_by_key"]
    return codes


def judged(codes: Mapping[str, int | None], equivalents: Mapping[str, str]) -> tuple[list[str], bool]:
    """The report, a line each, and whether it is good enough.

    Args:
        codes: the exit code of each mutant.
        equivalents: mutants that do the same as the original, each with its reason.
    """
    tried = {name: code for name, code in codes.items() if code is not None}
    counted = {name: code for name, code in tried.items() if name not in equivalents}
    alive = sorted(name for name, code in counted.items() if code in SURVIVED)
    score = 1 - len(alive) / max(1, len(counted))
    left = len(tried) - len(counted)
    by_module = Counter(name.rsplit(".", 1)[0] for name in alive)
    lines = [f"{name}: {number} alive" for name, number in by_module.most_common()]
    lines += [f"    {name}" for name in alive]
    lines.append(
        f"{len(tried)} of {len(codes)} mutants tried, {left} equivalent, {len(alive)} alive: {score:.1%} killed"
    )
    good = len(tried) == len(codes) and score >= LEAST and left <= MOST_EQUIVALENT * len(codes)
    return lines, good


def main() -> int:
    """Print the score; 1 where it is too low, where too many count as equivalent, or where some were not tried."""
    lines, good = judged(read(MUTANTS), tomllib.loads(EQUIVALENTS.read_text())["equivalents"])
    print("\n".join(lines))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
