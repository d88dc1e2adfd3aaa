"""Runs worlds: python -m tests.simulation --seeds 100 --first-seed 1 [--without kind,kind] [--trace]."""

import argparse
import logging
import sys
import time
from collections import Counter
from hashlib import sha256

from tests.simulation.mischief import KINDS
from tests.simulation.virtual_time import run
from tests.simulation.world import CALM, HOSTILE, World


def play(seed: int, without: frozenset[str] = frozenset()) -> World:
    """One world, from its beginning to its end."""

    async def live() -> World:
        world = World(seed, without)
        await world.live()
        return world

    return run(live())


def shrink(seed: int, name: str, without: frozenset[str]) -> frozenset[str]:
    """The most kinds of mischief that can be left out of a seed while the same thing still does not hold."""
    for kind in KINDS:
        fewer = without | {kind}
        if kind not in without and any(each == name for each, _ in play(seed, fewer).judge.violations):
            without = fewer
    return without


def main() -> int:
    """Play seeds; what each says, and how often each rare state was met."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--without", default="", help="kinds of mischief that never happen")
    parser.add_argument("--trace", action="store_true", help="print what happened in each world that failed")
    parser.add_argument("--shrink", action="store_true", help="make each world that failed smaller")
    parser.add_argument("--until-failure", action="store_true", help="stop at the first world that fails")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    without = frozenset(filter(None, options.without.split(",")))
    began, failed, rare, mischief = time.perf_counter(), 0, Counter[str](), Counter[str]()
    broken, digest = Counter[str](), sha256()
    for seed in range(options.first_seed, options.first_seed + options.seeds):
        world = play(seed, without)
        rare += world.judge.rare
        mischief += world.mischief.counts
        digest.update("\n".join(world.lines).encode())
        if not world.judge.violations:
            continue
        failed += 1
        name, what = world.judge.violations[0]
        broken.update({each for each, _ in world.judge.violations})
        left_out = shrink(seed, name, without) if options.shrink else without
        again = f"make simulate SEEDS=1 FIRST_SEED={seed}" + (
            f" WITHOUT={','.join(sorted(left_out))}" if left_out else ""
        )
        print(f"seed {seed}: {name}: {what} | {again}", flush=True)
        if options.trace:
            lines = play(seed, left_out).lines if left_out != without else world.lines
            print("\n".join(f"    {line}" for line in lines))
        if options.until_failure:
            break
    took, days = time.perf_counter() - began, (HOSTILE + CALM).days * options.seeds
    print("rare states:", ", ".join(f"{name} {count}" for name, count in sorted(rare.items())))
    print("mischief:", ", ".join(f"{name} {count}" for name, count in sorted(mischief.items())))
    print("broken:", dict(broken.most_common()))
    print(f"{options.seeds} seeds, {days} virtual days, {took:.1f} s, {failed} failed, trace {digest.hexdigest()[:12]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
