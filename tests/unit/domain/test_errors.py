import re

import pytest

from qualification.domain import call_errors, errors
from qualification.domain.call_errors import PartnerCenterError, Reaction
from qualification.domain.errors import ConfigurationError, QualificationError
from tests.unit.builders import PERSON_NEEDED, REFUSED, TROUBLES, UNAVAILABLE, throttled


def drawn() -> dict[str, str | None]:
    """Each error of the tree at the top of the module, and its parent there."""
    parents: dict[str, str | None] = {}
    above: dict[int, str] = {}
    for line in str(errors.__doc__).splitlines():
        found = re.match(r"([│├└─ ]*)([A-Z]\w+)(\s{2,}|$)", line)
        if found:
            depth = len(found[1]) // 4
            parents[found[2]] = above.get(depth - 1)
            above[depth] = found[2]
    return parents


def test_the_tree_at_the_top_is_the_tree() -> None:
    """Whoever reads it need not read on."""
    real = {
        name: kind.__base__.__name__ if kind is not QualificationError and kind.__base__ else None
        for name, kind in (vars(errors) | vars(call_errors)).items()
        if isinstance(kind, type) and issubclass(kind, QualificationError)
    }
    assert drawn() == real


@pytest.mark.parametrize("error", [REFUSED, *TROUBLES], ids=lambda error: error.code)
def test_what_to_do_about_an_error_is_part_of_it(error: PartnerCenterError) -> None:
    """An attribute, not an `if` elsewhere; and each says what a person can do."""
    assert error.reaction in Reaction
    assert error.remedy


def test_every_reaction_has_its_error() -> None:
    """None is dead."""
    assert {error.reaction for error in (REFUSED, *TROUBLES)} == set(Reaction)


def test_an_error_reads_well_in_a_log() -> None:
    """Status, code and words."""
    assert str(UNAVAILABLE) == "HTTP 503 http-503: Partner Center answered 503."
    assert "2026-03-02T09:37:00Z" in str(throttled())
    assert str(PERSON_NEEDED[0]) == "invalid_grant: The refresh token has expired."


def test_faults_of_settings_are_listed_by_name() -> None:
    """One a line, all at once."""
    text = str(ConfigurationError({"B": "is missing", "A": "must be a GUID"}))
    assert text.splitlines()[1:] == ["  A: must be a GUID", "  B: is missing"]
