"""Reading Partner Center's words for how a vetting stands. The set of words is open; no published list is complete."""

from functools import lru_cache

from qualification.domain.record import Status

VERDICTS = {"approved": Status.APPROVED, "denied": Status.DENIED, "inreview": Status.IN_REVIEW}


@lru_cache(maxsize=64)
def meaning(word: str | None) -> str:
    """A word without regard to case, spaces, `_` and `-`; no vetting status at all is a grant."""
    return "".join(character for character in (word or "approved").casefold() if character.isalnum())


def verdict(vetting_status: str | None) -> Status | None:
    """The status a vetting status stands for, or None where the word is not known."""
    return VERDICTS.get(meaning(vetting_status))
