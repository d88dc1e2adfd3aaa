"""What a story was to show and what came of it, as a table that fits a terminal of 80 columns."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table
from rich.text import Text

WIDTH = 80
"""Columns that any terminal has."""
NEXT_STEPS = "Next: `make serve` here, and `make webhook CRM=hubspot` in another terminal."


def in_words(news: Sequence[str], writes: int) -> str:
    """What came of a request: its events, and how many of its writes Partner Center has taken."""
    taken = {0: "0 taken", 1: "1 write taken"}.get(writes, f"{writes} writes taken")
    return f"{', '.join(news) or 'nothing'}; {taken}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row.

    Attributes:
        title: what was to be shown.
        expected: what must come of it.
        came: what came.
    """

    title: str
    expected: str
    came: str

    @property
    def good(self) -> bool:
        """Whether it came as expected."""
        return self.expected == self.came


@dataclass(slots=True)
class Outcomes:
    """All rows.

    Attributes:
        wanted: how many there must be for all to be well.
        rows: those that there are so far.
    """

    wanted: int
    rows: list[Outcome] = field(default_factory=list)

    def add(self, title: str, expected: str, came: str) -> None:
        """Add a row."""
        self.rows.append(Outcome(title, expected, came))

    @property
    def good(self) -> bool:
        """Whether all came, and came as expected."""
        return len(self.rows) == self.wanted and all(row.good for row in self.rows)

    def print(self, console: Console) -> None:
        """Print the table, a verdict and what to try next."""
        table = Table(box=None, width=WIDTH, padding=(0, 1), show_edge=False)
        for head in ("", "What was shown", "What came"):
            table.add_column(head, no_wrap=True)
        for row in self.rows:
            mark = Text("ok", "green") if row.good else Text("NO", "red")
            table.add_row(mark, row.title, row.came)
            if not row.good:
                table.add_row("", "  expected", row.expected)
        console.print()
        console.print(table)
        console.print()
        verdict = Text("All of it came.", "green") if self.good else Text("Not all of it came.", "red")
        console.print(verdict)
        if self.good:
            console.print(NEXT_STEPS, highlight=False)
