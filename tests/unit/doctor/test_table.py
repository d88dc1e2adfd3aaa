import pytest

from qualification.doctor.diagnosis import Diagnosis, Finding, exit_code
from qualification.doctor.table import WIDTH, table

OK, HIDDEN, WARNING, FAULT = (Diagnosis(f"check {kind}", kind, "what it found") for kind in Finding)


@pytest.mark.parametrize(
    ("diagnoses", "code"),
    [([OK], 0), ([OK, HIDDEN], 0), ([HIDDEN, WARNING], 1), ([WARNING, FAULT, OK], 2)],
)
def test_the_worst_finding_is_the_exit_code(diagnoses: list[Diagnosis], code: int) -> None:
    """What could not be checked must not fail a script: it need not be wrong."""
    assert exit_code(diagnoses) == code
    assert table(diagnoses).endswith(f"(exit code {code})")


def test_a_row_says_finding_name_detail_and_remedy() -> None:
    """One line to search for, and the remedy below it, within the width of a terminal."""
    lines = table([OK, Diagnosis("Clock", Finding.FAULT, "far off " * 30, "Set it.")]).splitlines()
    assert lines[0].split() == ["ok", "check", "ok", "what", "it", "found"]
    assert lines[1].startswith("FAULT        Clock ")
    assert any(line.strip() == "-> Set it." for line in lines)
    assert max(map(len, lines)) <= WIDTH


def test_the_last_line_counts() -> None:
    """At a glance, with words that can be searched for."""
    assert table([OK]).splitlines()[-1] == "all is well (exit code 0)"
    assert table([FAULT, FAULT, HIDDEN]).splitlines()[-1] == "faults: 2, not checked: 1 (exit code 2)"
