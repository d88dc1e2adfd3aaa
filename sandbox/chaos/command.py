"""`python -m sandbox chaos`."""

from contextlib import nullcontext
from pathlib import Path
from random import SystemRandom
from tempfile import mkdtemp

from rich.console import Console

from sandbox.azurite import PROGRAM, free_port, running_azurite
from sandbox.chaos.report import report
from sandbox.chaos.run import chaos

WIDTH = 120
"""Columns where there is no terminal to ask."""


def run(seconds: float, seed: int | None) -> int:
    """Play a chaos run and print what came of it; 1 if a promise was not kept.

    Args:
        seconds: how long requests come in and blows fall; draining comes on top.
        seed: decides the plan; another one each time where it is None.
    """
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    seed = SystemRandom().randrange(10**6) if seed is None else seed
    folder = Path(mkdtemp(prefix="qualification-chaos-"))
    console.print(f"Seed {seed}: the same seed makes the same plan; how processes interleave is up to the machine.")
    console.print(f"Records and logs are in {folder}.", highlight=False)
    azurite = free_port() if PROGRAM.exists() else None
    if azurite is None:
        console.print("Records are in a SQLite file: `make azurite` installs Azurite, which has a proxy before it.")
    with running_azurite(azurite) if azurite else nullcontext():
        outcome = chaos(folder, seed, seconds, lambda line: console.print(line, markup=False, highlight=False), azurite)
    report(outcome, console)
    return 1 if outcome.differences else 0
