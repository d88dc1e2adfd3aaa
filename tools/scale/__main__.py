"""Simulates a year at each size and says what the model on paper gives: `python -m tools.scale`.

Takes about a minute. `--scale` picks sizes; the same `--seed` gives the same years; `--write` puts the tables into docs/scale.md.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.table import table
from qualification.domain.request import Mode
from tools.scale import page
from tools.scale.figures import Figures
from tools.scale.model import model
from tools.scale.scales import SCALES, Scale
from tools.scale.year import SAMPLE, Year, simulate

HEAD = ("Figure", "Simulated", "On paper", "Difference")


@dataclass(frozen=True, slots=True)
class Comparison:
    """A simulated year beside the model's."""

    year: Year
    simulated: Figures
    on_paper: Figures

    def lines(self) -> list[tuple[str, ...]]:
        """The table's lines."""
        paper = self.on_paper.rows()
        return [
            (name, page.number(value), page.number(paper[name]), page.difference(value, paper[name]))
            for name, value in self.simulated.rows().items()
            if name in paper
        ]


def compare(scale: Scale, mode: Mode, seed: int, sample: int) -> Comparison:
    """Simulate a size in one mode."""
    deployment = scale.deployment.asked(mode)
    year = simulate(scale.demand, deployment, seed, sample)
    return Comparison(year, year.figures(), model(scale.demand, deployment))


def report(name: str, mode: Mode, found: Comparison) -> str:
    """What a year has shown, as Markdown."""
    stand = ", ".join(f"{number:,} {status}" for status, number in sorted(found.year.statuses().items()))
    grain = found.year.weight
    lines = [
        f"### {name}, {mode}: {SCALES[name].title}",
        f"{found.year.number:,} requests simulated, each standing for {grain:,.0f}; at the end {stand}.",
        f"Calls answered 429: {found.year.throttle.refused:,.0f}." if found.year.throttle.limit else "",
        table(found.lines(), HEAD),
    ]
    return "\n\n".join(line for line in lines if line)


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate and print."""
    parser = argparse.ArgumentParser(prog="python -m tools.scale", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--scale", choices=SCALES, action="append", help="a size, and again for more; all if left out")
    parser.add_argument("--sample", type=int, default=SAMPLE, help="requests simulated at most, by size")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    wanted = parser.parse_args(arguments)
    reports = []
    for name in wanted.scale or SCALES:
        for mode in SCALES[name].modes:
            reports.append(report(name, mode, compare(SCALES[name], mode, wanted.seed, wanted.sample)))
            print(reports[-1], end="\n\n")
    if wanted.write:
        for table_name, make in page.TABLES.items():
            page.write(table_name, make())
        page.write(page.SIMULATION, "\n\n".join(reports))
    return 0


if __name__ == "__main__":
    sys.exit(main())
