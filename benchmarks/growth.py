"""Whether finished records slow the timer down: a run costs what is due, not what is stored."""

import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.backlog import fill, finished, in_review
from benchmarks.line import Line, Target
from benchmarks.progress import tell
from benchmarks.rounds import Contestant, medians
from benchmarks.server import server
from benchmarks.subject import PresetClock, database, settings, subject
from qualification.bootstrap import Service

SIZES = {"10,000": 10_000, "100,000": 100_000, "1,000,000": 1_000_000}
DUE = 1_000
IDLE_RUNS = 200
SOONEST = timedelta(hours=5)


async def growth(rounds: int = 11) -> list[Line]:
    """Idle runs, and runs with 1,000 customers due, over SQLite files of three sizes."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        url = stack.enter_context(server("benchmarks.partner_center"))["url"]
        idle: dict[str, Contestant] = {}
        busy: dict[str, Contestant] = {}
        for name, size in SIZES.items():
            tell(f"  storing {name} finished records")
            (folder / name).mkdir()
            service, clock = await _service(folder / name, url, size)
            stack.push_async_callback(service.close)
            idle[name], busy[name] = partial(_idle, service), partial(_busy, service, clock)
        for warm_up in (*busy.values(), *idle.values()):
            await warm_up()
        found_busy = await medians(busy, rounds)
        found_idle = await medians(idle, rounds)
    return [
        *_lines("An advance run with nothing due", found_idle),
        *_lines("An advance run with 1,000 customers due", found_busy),
    ]


def _lines(row: str, found: dict[str, float]) -> list[Line]:
    smallest, *others = SIZES
    return [
        Line(
            row=f"{row}, {name} finished records stored",
            unit="ms",
            ours=found[name],
            baseline=f"{smallest} stored",
            theirs=found[smallest],
            target=Target(most=1.2),
        )
        for name in others
    ]


async def _service(folder: Path, url: str, size: int) -> tuple[Service, PresetClock]:
    now = datetime.now(UTC)
    await fill(database(folder), finished(now - timedelta(days=100)), size, seed=size)
    await fill(database(folder), in_review(now - timedelta(hours=1)), DUE, seed=size + 1)
    clock = PresetClock()
    return subject(settings(folder, url), clock), clock


async def _idle(service: Service) -> float:
    began = time.perf_counter()
    for _ in range(IDLE_RUNS):
        await service.due_work.advance()
    return (time.perf_counter() - began) / IDLE_RUNS * 1e3


async def _busy(service: Service, clock: PresetClock) -> float:
    clock.ahead += SOONEST
    began = time.perf_counter()
    run = await service.due_work.advance()
    seconds = time.perf_counter() - began
    if run.reviewed.customers != DUE:
        raise RuntimeError(f"{run.reviewed.customers} customers were looked at")
    return seconds * 1e3
