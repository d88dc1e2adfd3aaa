"""The diagnoses as a table for a terminal."""

import textwrap
from collections.abc import Sequence

from qualification.doctor.diagnosis import Diagnosis, Finding, exit_code

WIDTH = 120
PLURALS = {Finding.FAULT: "faults", Finding.WARNING: "warnings", Finding.NOT_CHECKED: "not checked"}


def table(diagnoses: Sequence[Diagnosis]) -> str:
    """A row each, with the remedy below it, and a last line that counts."""
    name_width = max(len(diagnosis.name) for diagnosis in diagnoses)
    return "\n".join([*(_row(diagnosis, name_width) for diagnosis in diagnoses), "", _summary(diagnoses)])


def _row(diagnosis: Diagnosis, name_width: int) -> str:
    start = f"{diagnosis.finding:<12} {diagnosis.name:<{name_width}}  "
    paragraphs = [diagnosis.detail, f"-> {diagnosis.remedy}" if diagnosis.remedy else ""]
    wrapped = [textwrap.wrap(text, WIDTH - len(start), break_long_words=False) for text in paragraphs]
    lines = [line for paragraph in wrapped for line in paragraph]
    return "\n".join([start + lines[0], *(" " * len(start) + line for line in lines[1:])])


def _summary(diagnoses: Sequence[Diagnosis]) -> str:
    findings = [diagnosis.finding for diagnosis in diagnoses]
    counts = ", ".join(f"{word}: {findings.count(kind)}" for kind, word in PLURALS.items() if kind in findings)
    return f"{counts or 'all is well'} (exit code {exit_code(diagnoses)})"
