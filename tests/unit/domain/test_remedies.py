"""What a person is told to do about a denial or a withdrawal: one each, and nothing that would be refused."""

from itertools import product

import pytest

from qualification.domain.correction import correction_of
from qualification.domain.record import Record
from qualification.domain.remedies import EDUCATION_DENIALS, REVIEW_WARNING, denial_remedy, reason_code
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from tests.unit.builders import NOW, order, queued, row, wanted
from tests.unit.golden_file import golden

REASONS = {
    "Not an Education Customer": "not-an-education-customer",
    "No longer an Education Customer": "no-longer-an-education-customer",
    "Not an Education Customer - After Review": "not-an-education-customer-after-review",
    "Restricted being an Education Customer": "restricted-being-an-education-customer",
    "Not an Academic Domain": "not-an-academic-domain",
    "Not an eligible Library": "not-an-eligible-library",
    "Not an eligible Museum": "not-an-eligible-museum",
}
"""Microsoft's, of December 2020."""

ENDED = (Status.DENIED, Status.REVOKED)
OTHERS = [each for each in Qualification if each is not Qualification.EDUCATION]

CONTENTS = {
    "Education": queued(),
    "Education without a website": queued(wanted(website=None, educationSegment="HigherEducation")),
    "Education, other content kept": queued(correction=correction_of(wanted(website="b.edu"), "f", "salesforce", NOW)),
    "Education, another qualification kept": queued(correction=correction_of(wanted(OTHERS[0]), "f", "hubspot", NOW)),
    **{each.value: queued(wanted(each)) for each in OTHERS},
}


def remedy(record: Record, reason: str | None, status: Status = Status.DENIED, left: int = 2) -> str:
    """What is told."""
    denial = row("Denied", record.qualification).model_copy(update={"vetting_reason": reason})
    told = denial_remedy(record, denial, status, left)
    assert told is not None
    return told


@pytest.mark.parametrize(("reason", "word"), REASONS.items())
def test_each_documented_reason_has_its_word_and_its_remedy(reason: str, word: str) -> None:
    """However it is spelled, because the text is for display."""
    assert word in EDUCATION_DENIALS
    for spelled in (reason, reason.upper(), f" {reason.lower()}. "):
        assert reason_code(spelled) == word
        assert remedy(queued(), spelled) == remedy(queued(), reason)
    assert len({remedy(queued(), each) for each in REASONS}) == len(REASONS)


@pytest.mark.parametrize(
    ("reason", "word"), [(None, None), ("", None), (" ", None), ("Something new", "other"), ("-", "other")]
)
def test_a_reason_that_is_not_documented_is_other(reason: str | None, word: str | None) -> None:
    """A word that a subscriber branches on never comes from text that may change."""
    assert reason_code(reason) == word
    assert remedy(queued(), reason)


@pytest.mark.parametrize("qualification", OTHERS)
def test_each_qualification_has_its_own(qualification: Qualification) -> None:
    """No education advice for a government customer; a withdrawal is told as one."""
    record = queued(wanted(qualification))
    denial, withdrawal = (remedy(record, "Not an Education Customer", status) for status in ENDED)
    assert denial != withdrawal
    assert "ducation" not in denial + withdrawal


@pytest.mark.parametrize(("reason", "status"), [*product([*REASONS, None, "Something new"], ENDED)])
def test_a_third_denial_leads_to_a_ticket_and_to_nothing_that_is_refused(reason: str | None, status: Status) -> None:
    """Neither a retry nor a new request would be sent."""
    told = remedy(queued(), reason, status, left=0)
    assert "support ticket" in told
    assert "retry" not in told
    assert "send a new request" not in told


@pytest.mark.parametrize(("reason", "left"), [*product([*REASONS, None], [1, 2, 3])])
def test_a_withdrawal_is_not_to_be_retried(reason: str | None, left: int) -> None:
    """Only what is denied, failed or cancelled can be; a revoked customer takes a new request."""
    assert "retry" not in remedy(queued(), reason, Status.REVOKED, left)


@pytest.mark.parametrize("reason", [*REASONS, None])
def test_whoever_is_told_to_change_company_data_is_warned(reason: str | None) -> None:
    """It can start an account review, in which the customer cannot buy."""
    told = remedy(queued(), reason)
    assert (REVIEW_WARNING in told) == ("company data" in told)


def test_the_last_verification_is_told_as_such() -> None:
    """Its request waits for a person."""
    assert "One verification is left" in remedy(queued(), "Not an Academic Domain", left=1)
    assert "One verification is left" not in remedy(queued(), "Not an Academic Domain", left=2)


@pytest.mark.parametrize(("left", "sends"), [(2, True), (0, False)])
def test_a_kept_correction_is_named(left: int, *, sends: bool) -> None:
    """And that a retry sends it, where a retry would go."""
    kept = correction_of(order().request, "f", "salesforce", NOW)
    told = remedy(queued().changed(correction=kept), None, left=left)
    assert "salesforce" in told
    assert ("a retry sends it" in told) == sends


def test_each_is_as_the_golden_file_has_it() -> None:
    """Operators read them, and search for them, word for word."""
    told = {
        f"{content}, {status.value}, {reason or 'no reason'}, {left} left": remedy(record, reason, status, left)
        for (content, record), status, left in product(CONTENTS.items(), ENDED, [0, 1, 2])
        for reason in ([*REASONS, None, "Something new"] if content == "Education" else ["Not an Academic Domain"])
    }
    assert told == golden("remedies.json")


@pytest.mark.parametrize("status", [each for each in Status if each not in ENDED])
def test_nothing_is_to_be_done_about_any_other_status(status: Status) -> None:
    """None, not an empty sentence."""
    assert denial_remedy(queued(), row("Approved"), status, 3) is None
