from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.look import WORDS, CustomerQualification, Look, Word, read_moment
from qualification.domain.request import Qualification
from tests.unit.builders import NOW, row

SPELLINGS = {"Approved": Word.APPROVED, "Denied": Word.DENIED, "InReview": Word.IN_REVIEW}


@pytest.mark.parametrize("word", SPELLINGS)
def test_microsofts_three_words_are_known(word: str) -> None:
    """As "Get a customer's qualification asynchronously" lists them."""
    assert row(word).word is SPELLINGS[word]


@given(st.sampled_from(sorted(SPELLINGS)), st.lists(st.booleans(), min_size=8, max_size=8), st.sampled_from(" _-"))
def test_a_word_is_read_without_regard_to_case_and_separators(word: str, upper: list[bool], separator: str) -> None:
    """`InReview`, `in_review`, `IN REVIEW`: one meaning."""
    letters = [each.upper() if up else each.lower() for each, up in zip(word, upper, strict=False)]
    assert row(separator.join(letters)).word is SPELLINGS[word]


@pytest.mark.parametrize("word", [None, ""])
@pytest.mark.parametrize("qualification", Qualification)
def test_no_vetting_status_is_a_grant_for_state_owned_only(word: str | None, qualification: Qualification) -> None:
    """It is never vetted and has none; the others must have one."""
    granted = qualification is Qualification.STATE_OWNED_ENTITY
    assert row(word, qualification).word is (Word.APPROVED if granted else Word.UNKNOWN)


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_any_other_word_is_not_known(word: str) -> None:
    """The list of words is open, and a guess would be worse than a look by a person."""
    if word.casefold() not in WORDS:
        assert row(word).word is Word.UNKNOWN


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T09:30:00Z", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02T10:30:00.0000000+01:00", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("2026-03-02", datetime(2026, 3, 2, tzinfo=UTC)),
        ("07/09/2020: 00:00:00", datetime(2020, 7, 9, tzinfo=UTC)),
        ("07/09/2020 10:00:00", datetime(2020, 7, 9, 10, tzinfo=UTC)),
        ("07/09/2020", datetime(2020, 7, 9, tzinfo=UTC)),
        (" 2026-03-02T09:30:00Z ", datetime(2026, 3, 2, 9, 30, tzinfo=UTC)),
        ("last Tuesday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_is_read_however_it_is_written(text: str | None, moment: datetime | None) -> None:
    """Moments are compared, not texts."""
    read_moment.cache_clear()  # it is read here, and not remembered from another test
    assert read_moment(text) == moment


def test_the_same_row_in_other_words_is_the_same() -> None:
    """And is found once, however often it is shown."""
    one = row("Denied", created="2025-11-20T08:00:00Z")
    other = row("denied", "EDUCATION", "2025-11-20T09:00:00+01:00")
    assert one.is_same(other)
    assert Look((one, other, row("Denied")), NOW).of(Qualification.EDUCATION) == (one, row("Denied"))
    assert not one.is_same(row("Denied", created="2025-11-21T08:00:00Z"))


EXACT = row("Denied", created="2026-03-02T09:31:07.500400Z")


@pytest.mark.parametrize(
    ("created", "vaguer"),
    [
        ("2026-03-02T09:31:07.500Z", True),
        ("2026-03-02T10:31:07+01:00", True),
        ("03/02/2026 09:31:07", True),
        ("2026-03-02", True),
        ("03/02/2026", True),
        ("last Tuesday", True),
        (None, True),
        ("2026-03-02T09:31:07.500400Z", False),
        ("2026-03-02T09:31:07.501Z", False),
        ("2026-03-02T09:31:00Z", False),
        ("2026-03-02T09:00:00Z", False),
        ("2026-03-02T01:00:00Z", False),
        ("2026-03-03", False),
    ],
)
def test_a_moment_may_be_shown_with_less_of_it(created: str | None, vaguer: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """To the millisecond, the second or the day, or not at all: it is the same row, and no new denial."""
    assert row("Denied", created=created).is_vaguer_than(EXACT) is vaguer


@pytest.mark.parametrize(
    "other",
    [
        row("Approved"),
        row("Denied", Qualification.GOVERNMENT_COMMUNITY_CLOUD),
        CustomerQualification(qualification="Education", vetting_status="Denied", vetting_reason="Not a school"),
    ],
    ids=["status", "qualification", "reason"],
)
def test_a_row_that_says_something_else_is_no_vaguer_one(other: CustomerQualification) -> None:
    """Without a moment it is still another row."""
    assert not other.is_vaguer_than(EXACT)


@pytest.mark.parametrize("created", [None, "2026-03-02"])
def test_no_row_is_vaguer_than_one_without_a_moment(created: str | None) -> None:
    """There is nothing to have less of."""
    assert not row("Denied", created=created).is_vaguer_than(row("Denied"))
