"""`python -m sandbox soak`."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

from rich.box import ASCII
from rich.console import Console
from rich.table import Table

from sandbox.soak.run import Soaked, soak

WIDTH = 120
"""Columns where there is no terminal to ask."""


def run(webhooks: int) -> int:
    """Play a soak and print what it took; 1 if a webhook became no request that ended well, once, or the host holds more."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDTH)
    folder = Path(mkdtemp(prefix="qualification-soak-"))
    console.print(f"{webhooks} webhooks. Records and logs are in {folder}.", highlight=False)
    soaked = soak(folder, webhooks, lambda line: console.print(line, markup=False, highlight=False))
    table = Table("", "Figure", title=f"{webhooks} webhooks", box=ASCII)
    for name, figure in _figures(soaked):
        table.add_row(name, figure)
    console.print(table)
    console.print("[green]All of them ended well.[/green]" if soaked.all_final else "[red]Not all ended well.[/red]")
    if not soaked.is_flat:
        console.print("[red]The host holds more and more: see sockets, files, threads and tasks.[/red]")
    return 0 if soaked.all_final and soaked.is_flat else 1


def _figures(soaked: Soaked) -> Iterator[tuple[str, str]]:
    first, last, peak = soaked.held[0], soaked.held[-1], max(each.memory for each in soaked.held)
    yield "webhooks answered in", f"{soaked.sending:.1f} s ({soaked.webhooks / soaked.sending:.0f} a second)"
    yield "all requests ended", f"{soaked.ending:.1f} s later"
    yield "latency of a webhook", ", ".join(f"p{each} {soaked.percentile(each) * 1000:.0f} ms" for each in (50, 95, 99))
    yield (
        "answers",
        ", ".join(f"{'none' if status == '0' else status}: {count}" for status, count in soaked.answers.items()),
    )
    yield "health checks beside them", ", ".join(f"{status}: {count}" for status, count in soaked.health.items())
    yield "requests", ", ".join(f"{status}: {count}" for status, count in soaked.statuses.items())
    yield "calls of Partner Center", ", ".join(f"{name}: {count}" for name, count in soaked.calls.items())
    yield "customers with two POSTs that took effect", f"{soaked.sent_twice}"
    yield "guards, outbox rows and work items left over", f"{soaked.left}"
    yield "memory of the host", f"start {first.memory:.0f} MiB, peak {peak:.0f} MiB, end {last.memory:.0f} MiB"
    sockets = max(each.sockets for each in soaked.held)
    yield "open sockets of the host", f"start {first.sockets}, peak {sockets}, end {last.sockets}"
    yield "other open files of the host", f"start {first.files}, end {last.files}"
    yield "threads of the host", f"start {first.threads}, end {last.threads}"
    tasks = max(each.tasks for each in soaked.held)
    yield "asynchronous tasks of the host", f"start {first.tasks}, peak {tasks}, end {last.tasks}"
