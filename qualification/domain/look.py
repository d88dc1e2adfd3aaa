"""What Partner Center shows of a customer's qualifications, and when."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from qualification.domain.request import CamelModel, Qualification

AMERICAN = ("%m/%d/%Y: %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y")
"""How a note of Microsoft's writes `VettingCreatedDate`: 07/09/2020: 00:00:00."""


class Word(StrEnum):
    """What a vetting status says; any other word, or none where one is due, is unknown."""

    APPROVED = "approved"
    IN_REVIEW = "in review"
    UNKNOWN = "unknown"
    DENIED = "denied"


WORDS = {"approved": Word.APPROVED, "inreview": Word.IN_REVIEW, "denied": Word.DENIED}


class CustomerQualification(CamelModel):
    """One qualification of a customer as Partner Center reports it; words are kept as they came."""

    qualification: str
    vetting_status: str | None = None
    vetting_reason: str | None = None
    vetting_created: str | None = None

    @property
    def word(self) -> Word:
        """What its status says; a row without one is a grant for StateOwnedEntity, which is declared and never vetted."""
        spelled = _plain(self.vetting_status or "")
        if not spelled and _plain(self.qualification) == _plain(Qualification.STATE_OWNED_ENTITY):
            return Word.APPROVED
        return WORDS.get(spelled, Word.UNKNOWN)

    @property
    def moment(self) -> datetime | None:
        """When its vetting began, in aware UTC; None where no moment can be read."""
        return read_moment(self.vetting_created)

    def is_of(self, wanted: Qualification) -> bool:
        """Whether it is a row of this qualification, however that is spelled."""
        return _plain(self.qualification) == _plain(wanted)

    def is_of_the_kind_of(self, other: "CustomerQualification") -> bool:
        """Whether both are of the same qualification."""
        return _plain(self.qualification) == _plain(other.qualification)

    def is_vaguer_than(self, other: "CustomerQualification") -> bool:
        """Whether both say the same, and this one's moment is the other's with less of it: to the second, the day, or none."""
        if self.identity[:-1] != other.identity[:-1] or other.moment is None:
            return False
        return self.moment is None or self.moment in _cut(other.moment)

    def is_same(self, other: "CustomerQualification") -> bool:
        """Whether both show the same: qualification, status and reason, and the same moment however it is written."""
        return self.identity == other.identity

    @property
    def identity(self) -> tuple[str, str, str, datetime | None]:
        """What makes two rows the same."""
        return (
            _plain(self.qualification),
            _plain(self.vetting_status or ""),
            _plain(self.vetting_reason or ""),
            self.moment,
        )


@dataclass(frozen=True, slots=True)
class Look:
    """One readable answer to a read of a customer's qualifications.

    Attributes:
        rows: all of them, in Partner Center's order.
        at: when Partner Center answered, by its own clock (aware UTC).
    """

    rows: tuple[CustomerQualification, ...]
    at: datetime

    def of(self, wanted: Qualification) -> tuple[CustomerQualification, ...]:
        """The rows of one qualification; what is shown twice counts once."""
        found: list[CustomerQualification] = []
        for row in self.rows:
            if row.is_of(wanted) and not any(row.is_same(each) for each in found):
                found.append(row)
        return tuple(found)


@lru_cache(maxsize=1024)
def read_moment(text: str | None) -> datetime | None:
    """A moment as Partner Center writes it, in aware UTC; None where it is none."""
    if not text:
        return None
    moment = _iso(text.strip()) or next((read for form in AMERICAN if (read := _parsed(text.strip(), form))), None)
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _cut(moment: datetime) -> set[datetime]:
    milliseconds = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    second = moment.replace(microsecond=0)
    return {milliseconds, second, second.replace(hour=0, minute=0, second=0)} - {moment}


def _iso(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


@lru_cache(maxsize=256)  # a read compares the same few words forty times: a tenth of its processor time
def _plain(word: str) -> str:
    """A word without regard to case, spaces, `_` and `-`."""
    return "".join(character for character in word.casefold() if character.isalnum())
