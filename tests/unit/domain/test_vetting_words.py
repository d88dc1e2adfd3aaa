import pytest
from hypothesis import given
from hypothesis import strategies as st
from qualification.domain.vetting_words import VERDICTS, verdict

from qualification.domain.record import Status

SPELLINGS = {"Approved": Status.APPROVED, "Denied": Status.DENIED, "InReview": Status.IN_REVIEW}


@pytest.mark.parametrize("word", SPELLINGS)
def test_microsofts_three_words_are_known(word: str) -> None:
    """As "Get a customer's qualification asynchronously" lists them."""
    assert verdict(word) is SPELLINGS[word]


@given(st.sampled_from(sorted(SPELLINGS)), st.lists(st.booleans(), min_size=8, max_size=8), st.sampled_from(" _-"))
def test_a_word_is_read_without_regard_to_case_and_separators(word: str, upper: list[bool], separator: str) -> None:
    """`InReview`, `in_review`, `IN REVIEW`: one meaning."""
    letters = [each.upper() if up else each.lower() for each, up in zip(word, upper, strict=False)]
    assert verdict(separator.join(letters)) is SPELLINGS[word]


@pytest.mark.parametrize("word", [None, ""])
def test_no_vetting_status_is_a_grant(word: str | None) -> None:
    """StateOwnedEntity is never vetted and has none."""
    assert verdict(word) is Status.APPROVED


@given(st.text(alphabet=st.characters(categories=["L", "N"]), min_size=1))
def test_any_other_word_is_not_known(word: str) -> None:
    """The list of words is open, and a guess would be worse than a look by a person."""
    if word.casefold() not in VERDICTS:
        assert verdict(word) is None
