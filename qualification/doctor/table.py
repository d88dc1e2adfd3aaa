"""The diagnoses as a table for a terminal."""

from collections.abc import Sequence

from rich.console import Group
from rich.table import Column, Table
from rich.text import Text

from qualification.doctor.diagnosis import Diagnosis, Finding, exit_code

WIDEST = 120
"""Characters; longer lines are hard to read."""
FIRST = max(len(finding) for finding in Finding)
GAP = 2
STYLES = {Finding.OK: "green", Finding.NOT_CHECKED: "dim", Finding.WARNING: "yellow", Finding.FAULT: "bold red"}
PLURALS = {Finding.FAULT: "faults", Finding.WARNING: "warnings", Finding.NOT_CHECKED: "not checked"}


def table(diagnoses: Sequence[Diagnosis], width: int) -> Group:
    """A row each, with the remedy on a line of its own, and a last line that counts.

    Args:
        diagnoses: what was found.
        width: of the terminal, in characters; a row is wider only where it holds a word that is.
    """
    rows = [_row(diagnosis, min(width, WIDEST)) for diagnosis in diagnoses]
    return Group(*rows, Text(), Text(_summary(diagnoses), style="bold"))


def _row(diagnosis: Diagnosis, width: int) -> Table:
    name = f"{diagnosis.name}, {diagnosis.seen_as}" if diagnosis.seen_as else diagnosis.name
    text = Text.assemble((name, "bold"), f": {diagnosis.detail}")
    if diagnosis.remedy:
        text.append(f"\n-> {diagnosis.remedy}")
    # Rich would break a word that is wider than its column: a URL that nobody could copy.
    longest = max(len(word) for word in text.plain.split())
    second = max(width - FIRST - GAP, longest)
    row = Table.grid(Column(width=FIRST), Column(width=second), padding=(0, GAP, 0, 0), pad_edge=False)
    row.width = FIRST + GAP + second
    row.add_row(Text(diagnosis.finding, style=STYLES[diagnosis.finding]), text)
    return row


def _summary(diagnoses: Sequence[Diagnosis]) -> str:
    findings = [diagnosis.finding for diagnosis in diagnoses]
    counts = ", ".join(f"{word}: {findings.count(kind)}" for kind, word in PLURALS.items() if kind in findings)
    return f"{counts or 'all is well'} (exit code {exit_code(diagnoses)})"
