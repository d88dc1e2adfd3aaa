"""What a check found, and what it means for a script."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Finding(StrEnum):
    """How well it is: a fault stops requests or events, a warning will, and what is not checked may be either."""

    OK = "ok"
    NOT_CHECKED = "not checked"
    WARNING = "warning"
    FAULT = "FAULT"


class SeenAs(StrEnum):
    """Whose eyes a check of a deployed app has: its own settings and words, or whoever is signed in on this machine."""

    APP = "as the app"
    YOU = "as you"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The outcome of one check; a remedy with everything that is not well.

    Attributes:
        name: of the check.
        finding: how well it is.
        detail: what was found.
        remedy: what to do about it.
        takes: what whoever asks must have, where that it failed may lie in who asked from where.
        seen_as: where the app is deployed; None where the settings are those of this machine.
    """

    name: str
    finding: Finding
    detail: str
    remedy: str = ""
    takes: str = ""
    seen_as: SeenAs | None = None


def exit_code(diagnoses: Iterable[Diagnosis]) -> int:
    """2 with a fault, 1 with a warning, else 0: what this sign-in may not look at need not be wrong."""
    findings = {diagnosis.finding for diagnosis in diagnoses}
    if Finding.FAULT in findings:
        return 2
    return 1 if Finding.WARNING in findings else 0
