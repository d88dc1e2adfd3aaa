import io

import pytest
from rich.console import Console

from qualification.doctor.diagnosis import Diagnosis, Finding, exit_code
from qualification.doctor.table import WIDEST, table

OK, HIDDEN, WARNING, FAULT = (Diagnosis(f"check {kind}", kind, "what it found") for kind in Finding)


def lines(*diagnoses: Diagnosis, width: int = 80) -> list[str]:
    """What is printed, without the blanks at the ends of the lines."""
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as printed:
        console.print(table(diagnoses, width), crop=False)
    return [line.rstrip() for line in printed.get().splitlines()]


@pytest.mark.parametrize(
    ("diagnoses", "code"),
    [([OK], 0), ([OK, HIDDEN], 0), ([HIDDEN, WARNING], 1), ([WARNING, FAULT, OK], 2)],
)
def test_the_worst_finding_is_the_exit_code(diagnoses: list[Diagnosis], code: int) -> None:
    """What could not be checked must not fail a script: it need not be wrong."""
    assert exit_code(diagnoses) == code
    assert lines(*diagnoses)[-1].endswith(f"(exit code {code})")


def test_a_row_says_finding_name_detail_and_remedy() -> None:
    """One line to search for, and the remedy below it."""
    shown = lines(OK, Diagnosis("Clock", Finding.FAULT, "far off", "Set it."))
    assert shown[0] == "ok           check ok: what it found"
    assert shown[1:3] == ["FAULT        Clock: far off", "             -> Set it."]


@pytest.mark.parametrize(("width", "widest"), [(40, 40), (80, 80), (300, WIDEST)])
def test_words_wrap_at_the_width_of_the_terminal(width: int, widest: int) -> None:
    """The second column stays in place, and lines that nobody can read are not made."""
    shown = lines(Diagnosis("Clock", Finding.FAULT, "far off " * 40, "Set it. " * 40), width=width)
    assert widest - len("far off ") < max(map(len, shown)) <= widest
    assert all(line.startswith(" " * 13) for line in shown[1:-2])
    assert " ".join(" ".join(shown).split()).count("far off") == 40


def test_a_word_that_is_wider_than_the_terminal_stays_whole() -> None:
    """A URL is to be copied; the other rows do not widen with it."""
    url = f"https://vault.example/{'x' * 100}"
    shown = lines(Diagnosis("Token", Finding.FAULT, f"is not in {url}", "Look."), OK, FAULT, width=60)
    assert any(url in line for line in shown)
    assert "FAULT        check FAULT: what it found" in shown


def test_text_in_brackets_is_text() -> None:
    """Rich's markup would swallow it."""
    assert lines(Diagnosis("Rule", Finding.WARNING, "[red] and :smile:"))[0].endswith("[red] and :smile:")


def test_the_last_line_counts() -> None:
    """At a glance, with words that can be searched for."""
    assert lines(OK)[-1] == "all is well (exit code 0)"
    assert lines(FAULT, FAULT, HIDDEN)[-1] == "faults: 2, not checked: 1 (exit code 2)"
