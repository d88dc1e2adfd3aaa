"""The looks that Partner Center has answered, as the judge keeps them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from qualification.domain.request import Qualification
from tests.simulation.accounts import Kept

AT_ONCE = timedelta(seconds=1)
"""Two steps of a host that read a customer within this time may each have had the other's look."""

APART = timedelta(hours=6)
"""What two looks so far apart show, and none between them contradicts, is believed."""


@dataclass
class Seen:
    """A look.

    Attributes:
        customer_id: whom it is about.
        at: when it was answered.
        host: who looked.
        rows: what it showed, each with its word.
        wrong: whether it showed what was true no more.
    """

    customer_id: UUID
    at: datetime
    host: str
    rows: Sequence[tuple[Kept, str | None]]
    wrong: bool

    def words(self, qualification: Qualification) -> list[str | None]:
        """What the rows of a qualification said."""
        return [word for row, word in self.rows if row.qualification is qualification]


@dataclass
class Looked:
    """All looks.

    Attributes:
        known: the rows that some look has shown, by their identity in memory.
    """

    known: set[int] = field(default_factory=set)
    _answers: Counter[str] = field(default_factory=Counter)
    _first: dict[str, datetime] = field(default_factory=dict)
    _of: dict[UUID, list[Seen]] = field(default_factory=lambda: defaultdict(list))

    def add(self, seen: Seen) -> None:
        """A look was answered."""
        self._of[seen.customer_id].append(seen)
        self._answers[seen.host] += 1
        self._first.setdefault(seen.host, seen.at)
        self.known.update(id(row) for row, _ in seen.rows)

    def of(self, customer_id: UUID) -> Sequence[Seen]:
        """Those of a customer, in order."""
        return self._of[customer_id]

    def first(self, customer_id: UUID, row: Kept, word: str | None) -> datetime | None:
        """When a look first showed a row with this word; None where none has."""
        looks = self._of[customer_id]
        return next((each.at for each in looks if any(kept is row and said == word for kept, said in each.rows)), None)

    def answers(self, host: str) -> int:
        """How many looks of a host were answered."""
        return self._answers[host]

    def knows_the_time(self, host: str, now: datetime) -> bool:
        """Whether a host has had an answer, and what it began beside that first call is under way."""
        return host in self._first and now - self._first[host] > AT_ONCE

    def beside(self, seen: Seen) -> Sequence[Seen]:
        """Those of the same host that were answered with it, itself included, the oldest first."""
        own = [each for each in self._of[seen.customer_id] if each.host == seen.host]
        return [each for each in own if seen.at - AT_ONCE <= each.at <= seen.at]

    def by(self, host: str, customer_id: UUID) -> Seen | None:
        """The newest of a host."""
        return next((each for each in reversed(self._of[customer_id]) if each.host == host), None)


def is_misled(looks: Sequence[Seen]) -> bool:
    """Whether two of these looks, one after the other and six hours apart, were wrong: see exceptions."""
    return any(one.wrong and two.wrong and two.at - one.at >= APART for one, two in pairwise(looks))
