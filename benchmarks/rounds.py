"""Rounds: all contestants one after another, again and again, so that a disturbed moment is nobody's advantage."""

import gc
from collections.abc import Awaitable, Callable, Mapping
from statistics import median

from benchmarks.progress import tell

type Contestant = Callable[[], Awaitable[float]]
"""Does its work once and gives the figure: a rate, seconds, bytes."""


async def medians(contestants: Mapping[str, Contestant], rounds: int) -> dict[str, float]:
    """The median figure of each contestant."""
    figures: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        # Each other round runs backwards: whoever always followed the same neighbour would inherit its garbage.
        for name in sorted(contestants, reverse=number % 2 == 1):
            gc.collect()
            figures[name].append(await contestants[name]())
        found = ", ".join(f"{name} {each[-1]:.4g}" for name, each in figures.items())
        tell(f"  round {number + 1} of {rounds}: {found}")
    return {name: median(found) for name, found in figures.items()}
