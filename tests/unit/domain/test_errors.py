import re
from collections.abc import Callable

import pytest

from qualification.domain import call_errors, errors
from qualification.domain.call_errors import PartnerCenterError, Reaction
from qualification.domain.errors import (
    ActionNotAllowed,
    ActiveRequestExists,
    ConfigurationError,
    Fault,
    InvalidRequest,
    QualificationError,
    SourceMisconfigured,
    shown,
)
from tests.unit.builders import CUSTOMER, PERSON_NEEDED, REFUSED, REQUEST, TROUBLES, UNAVAILABLE, throttled

NOT_ALLOWED = "cancel is not allowed for this request, which is Approved"


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


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault("", "is not an object"), "/ is not an object"),
        (Fault("/website", "is odd", value=""), "/website came as '', is odd"),
        (
            Fault("/mode", "is odd", field="Mode__c", value="fast", allowed=("slow", "slower")),
            "/mode (Mode__c) came as 'fast', is odd [slow, slower]",
        ),
    ],
    ids=["body", "value", "all"],
)
def test_a_fault_reads_as_one_line(fault: Fault, line: str) -> None:
    """A CRM administrator finds the field and the value in the log; what is not known leaves no gap."""
    assert str(fault) == line


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (
            lambda: InvalidRequest([Fault("", "is not an object"), Fault("/mode", "is odd", value="fast")]),
            "/: is not an object; /mode: is odd",
        ),
        (lambda: ActiveRequestExists(CUSTOMER, REQUEST), f"request {REQUEST} of customer {CUSTOMER} is still active"),
        (lambda: ActionNotAllowed("cancel", "Approved", []), f"{NOT_ALLOWED}; nothing is allowed now."),
        (lambda: ActionNotAllowed("cancel", "Approved", ["a", "b"]), f"{NOT_ALLOWED}; allowed now: a, b."),
        (
            lambda: SourceMisconfigured("hubspot", {"B": "is missing", "A": "is short"}),
            "The source hubspot is closed: A, B; GET /api/health says what to do.",
        ),
    ],
    ids=["faults", "active", "nothing allowed", "some allowed", "closed"],
)
def test_an_error_says_what_is_wrong_and_what_to_do_instead(make: Callable[[], QualificationError], text: str) -> None:
    """Callers and operators read these words, in answers and in logs."""
    assert str(make()) == text


def test_a_source_that_is_closed_says_why_for_each_setting() -> None:
    """The health answer shows the operator each of them."""
    assert SourceMisconfigured("hubspot", {"B": "is missing", "A": "is short"}).faults == {
        "A": "is short",
        "B": "is missing",
    }


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("website", "n/a", "n/a"),
        ("website", "x" * 101, "x" * 100),
        ("website", "a\ud83d", "a?"),
        ("website", "", None),
        ("website", None, None),
        ("website", ["n/a"], None),
        ("mode", True, "true"),
        ("mode", 7, "7"),
        ("mode", 1.5, "1.5"),
        ("validationCode", "GCC-SECRET", None),
        ("colour", "red", None),
    ],
)
def test_a_refused_value_is_shown_where_it_is_no_secret(name: str, value: object, text: str | None) -> None:
    """Whoever must correct it has to find it, as JSON writes it; any other field may hold a secret."""
    assert shown(name, value) == text
