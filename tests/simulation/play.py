"""Plays worlds: one, many in several processes, or one made smaller while it still fails in the same way."""

import gc
import logging
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from unittest.mock import patch

from tests.simulation.mischief import KINDS, PARTS
from tests.simulation.virtual_time import run
from tests.simulation.world import World

AT_A_TIME = 5
"""Seeds that a process takes at once."""


@dataclass(frozen=True)
class Played:
    """What a world came to.

    Attributes:
        seed: which world it was.
        violations: what did not hold.
        rare: how often each rare state was met.
        mischief: how often each kind happened.
        digest: of the trace.
    """

    seed: int
    violations: list[tuple[str, str]]
    rare: Counter[str]
    mischief: Counter[str]
    digest: bytes


def play(seed: int, without: frozenset[str] = frozenset()) -> World:
    """One world, from its beginning to its end."""

    async def live() -> World:
        world = World(seed, without)
        try:
            await world.live()
        except Exception as error:  # noqa: BLE001  whatever ends a world is found, too
            world.judge.crashed(error)
        return world

    return run(live())


def play_all(seeds: Iterable[int], without: frozenset[str], processes: int) -> Iterator[Played]:
    """Worlds, in the order of their seeds."""
    if processes == 1:
        yield from (_played(seed, without) for seed in seeds)
        return
    with (
        # The order in which a set is stored is part of the trace.
        patch.dict(os.environ, PYTHONHASHSEED="0"),
        ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=hush) as pool,
    ):
        try:
            yield from pool.map(partial(_played, without=without), seeds, chunksize=AT_A_TIME)
        finally:
            pool.shutdown(cancel_futures=True)


def shrink(seed: int, name: str, without: frozenset[str]) -> frozenset[str]:
    """The most that can be left out of a seed, kinds of mischief and who takes part, while it still fails in this way."""
    happened = play(seed, without).mischief.counts
    never = frozenset(kind for kind in (*KINDS, *PARTS) if not happened[kind])

    def fails(left_out: frozenset[str]) -> bool:
        return any(each == name for each, _ in play(seed, left_out).judge.violations)

    return left_out_of(sorted(happened, key=lambda each: -happened[each]), without | never, fails)


def left_out_of(
    names: Iterable[str], without: frozenset[str], fails: Callable[[frozenset[str]], bool]
) -> frozenset[str]:
    """With each of the names that can be left out too while it fails, tried in this order."""
    for name in names:
        if fails(without | {name}):
            without |= {name}
    return without


def hush() -> None:
    """Not a line in the log, and nobody looks for garbage while a world lives: both cost more than the worlds."""
    logging.disable(logging.CRITICAL)
    gc.disable()


def _played(seed: int, without: frozenset[str]) -> Played:
    world = play(seed, without)
    judge, digest = world.judge, sha256("\n".join(world.lines).encode()).digest()
    played = Played(seed, judge.violations, judge.rare, world.mischief.counts, digest)
    del world, judge
    gc.collect()
    return played
