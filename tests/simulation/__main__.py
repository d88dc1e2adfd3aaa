"""Runs worlds: python -m tests.simulation --seeds 100 --first-seed 1 [--without kind,kind] [--trace] [--shrink]."""

import argparse
import os
import sys
import time
from collections import Counter
from hashlib import sha256

from tests.simulation.play import Played, hush, play, play_all, shrink
from tests.simulation.rare import AT_LEAST, SEEDS, STATES, too_rare
from tests.simulation.world import CALM, HOSTILE


def main() -> int:
    """Play seeds; what each says, and how often each rare state was met."""
    options, without = _options()
    hush()
    began, failed, played, digest = time.perf_counter(), 0, 0, sha256()
    rare, mischief, broken = Counter[str](), Counter[str](), Counter[str]()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    for each in play_all(seeds, without, options.processes):
        played += 1
        rare += each.rare
        mischief += each.mischief
        digest.update(each.digest)
        if each.violations:
            failed += 1
            broken.update({name for name, _ in each.violations})
            _report(each, without, shrinks=options.shrink, traces=options.trace)
            if options.until_failure:
                break
        elif options.trace and options.seeds == 1:
            print("\n".join(f"    {line}" for line in play(each.seed, without).lines))
    took, hours = time.perf_counter() - began, (HOSTILE + CALM).days * 24 * played
    _list("mischief", mischief)
    _list("met", Counter({name: count for name, count in rare.items() if name not in STATES}))
    _list("rare states", Counter({name: rare[name] for name in STATES}))
    _list("broken", broken)
    missing = too_rare(rare, played)
    if missing:
        _list(f"met less than {AT_LEAST} times in {SEEDS} seeds", missing)
    print(f"{played} seeds, {hours} virtual hours, {took:.1f} s, {failed} failed, trace {digest.hexdigest()[:12]}")
    return 1 if failed or missing else 0


def _options() -> tuple[argparse.Namespace, frozenset[str]]:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.process_cpu_count() or 1)
    parser.add_argument("--without", default="", help="kinds of mischief that never happen")
    parser.add_argument(
        "--trace", action="store_true", help="print what happened in a single world, and in each that failed"
    )
    parser.add_argument("--shrink", action="store_true", help="make each world that failed smaller")
    parser.add_argument("--until-failure", action="store_true", help="stop at the first world that fails")
    options = parser.parse_args()
    return options, frozenset(filter(None, options.without.split(",")))


def _report(played: Played, without: frozenset[str], *, shrinks: bool, traces: bool) -> None:
    """One line that plays it again, with its trace if that is wanted."""
    seed, (name, what) = played.seed, played.violations[0]
    left_out = shrink(seed, name, without) if shrinks else without
    lines = play(seed, left_out).lines if traces else []
    again = f"make simulate SEEDS=1 FIRST_SEED={seed}" + (f" WITHOUT={','.join(sorted(left_out))}" if left_out else "")
    print(f"seed {seed}: {name}: {what} | {again}", flush=True)
    print("\n".join(f"    {line}" for line in lines), end="\n" if lines else "")


def _list(title: str, counts: Counter[str]) -> None:
    print(f"{title}:", ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "none")


if __name__ == "__main__":
    sys.exit(main())
