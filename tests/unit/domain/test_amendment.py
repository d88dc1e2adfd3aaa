"""What is asked for once a person has corrected it, and how a correction is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from qualification.domain.amendment import LONGEST_NOTE, amended, asked_again, parse_note
from qualification.domain.errors import Fault, InvalidRequest
from qualification.domain.request import GovernmentRequest, Qualification, QualificationRequest
from qualification.domain.status import Status
from tests.unit.builders import CODE, NOW, queued, wanted

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
ALL_OF_IT: dict[str, Any] = {
    "customerName": "Contoso School",
    "reference": {"type": "Account", "id": "001", "url": "https://crm.example/001"},
}
OTHER = "must be Education or be left out: another qualification is another request"
NO_WEBSITE = "must be a host name or an http(s) URL, such as contoso.edu"


def refused(parse: Callable[[], object]) -> list[Fault]:
    """Where it is wrong and why."""
    with pytest.raises(InvalidRequest) as error:
        parse()
    return list(error.value.faults)


def code(request: QualificationRequest) -> str | None:
    """Its validation code in clear."""
    given = request.validation_code if isinstance(request, GovernmentRequest) else None
    return given.get_secret_value() if given else None


@pytest.mark.parametrize("qualification", Qualification)
@pytest.mark.parametrize("body", [{}, {"note": "I rang them up."}, {"website": "", "mode": None}], ids=str)
def test_what_a_person_does_not_correct_stays(qualification: Qualification, body: dict[str, Any]) -> None:
    """Also a validation code, which must not be sent to Microsoft as the asterisks that stand for it."""
    request = wanted(qualification, **ALL_OF_IT)
    again = amended(request, body)
    assert again == request
    assert code(again) == code(request) == (CODE if qualification is GOVERNMENT else None)


def test_a_person_corrects_one_field_and_the_rest_stays() -> None:
    """Whoever corrects the name of a government body need not know its validation code."""
    request = amended(wanted(GOVERNMENT, mode="synchronous"), {"customerName": "City of Contoso"})
    assert request == wanted(GOVERNMENT, mode="synchronous", customerName="City of Contoso")
    assert code(request) == CODE


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({"qualification": "StateOwnedEntity"}, Fault("/qualification", OTHER)),
        ({"website": "n/a"}, Fault("/website", NO_WEBSITE)),
        ({"colour": "red"}, Fault("/colour", "is not a known field")),
    ],
    ids=str,
)
def test_a_correction_that_cannot_work_is_refused_with_its_reason(body: dict[str, Any], fault: Fault) -> None:
    """What a person confirms is what is sent: nothing of it is left out, and they read what would be right."""
    assert refused(lambda: amended(wanted(), body)) == [fault]


def test_the_same_qualification_may_be_repeated() -> None:
    """A form that sends all its fields sends this one too."""
    assert amended(wanted(), {"qualification": "Education"}) == wanted()


def test_a_code_that_was_named_must_be_named_again() -> None:
    """It is not kept beyond the end, and the person who retries is told why they are asked."""
    record = queued(wanted(GOVERNMENT), code_given=True).entered(Status.CANCELLED, NOW)
    words = "is required: the code that this request named was not kept when it ended, give it again"
    assert refused(lambda: asked_again(record, {})) == [Fault("/validationCode", words)]
    assert code(asked_again(record, {"validationCode": CODE})) == CODE


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        ("I rang them up.", "I rang them up."),
        (" x ", "x"),
        ("x" * LONGEST_NOTE, "x" * LONGEST_NOTE),
        ("", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_note_is_kept_without_its_edges(note: str | None, kept: str | None) -> None:
    """An empty one is none."""
    assert parse_note({"note": note}) == kept


@pytest.mark.parametrize(
    "note", ["x" * (LONGEST_NOTE + 1), "two\nlines", 7, ["x"]], ids=["long", "lines", "number", "list"]
)
def test_a_note_is_one_line_of_text(note: object) -> None:
    """It stands in the history, in a log line and in an event."""
    assert refused(lambda: parse_note({"note": note})) == [
        Fault("/note", "must be one line of text, 500 characters at most")
    ]
