"""Which rows a customer's reviews leave behind, in which order, and with which dates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import NonNegativeFloat, PositiveInt

from sandbox.partner_center.control_model import ControlModel
from sandbox.partner_center.held import Decision, Held
from sandbox.partner_center.vocabulary import DENIED, Qualification
from sandbox.partner_center.wire_shape import WireShape


class History(StrEnum):
    """Whether the rows of earlier reviews stay beside the newest one."""

    NEWEST = "newest"
    ALL = "all"


class Order(StrEnum):
    """The order of the rows."""

    OLDEST_FIRST = "oldestFirst"
    NEWEST_FIRST = "newestFirst"


class Dates(StrEnum):
    """What a row's date is the moment of: its own review, the qualification's first one, or the decision it shows."""

    OWN = "own"
    FIRST = "first"
    DECIDED = "decided"


class Undated(StrEnum):
    """Which rows come without a date; `WireShape.date_field` takes it from all."""

    NONE = "none"
    OLDER = "older"
    NEWEST = "newest"
    DENIED = "denied"


class Rows(ControlModel):
    """How reviews become rows.

    Microsoft shows one row of a qualification and does not say what a second review makes of it. That it replaces the
    row, with a date of its own, is our choice; every other combination is excluded by nobody.

    Attributes:
        history: Which reviews leave a row.
        order: The order of all rows.
        copies: How often each row comes; the second time in the shape's `second_date_format`.
        dates: What a date is the moment of.
        undated: Which rows have none.
    """

    history: History = History.NEWEST
    order: Order = Order.OLDEST_FIRST
    copies: PositiveInt = 1
    dates: Dates = Dates.OWN
    undated: Undated = Undated.NONE

    def of(
        self, held: Mapping[Qualification, tuple[Held, ...]], shape: WireShape, moment: datetime
    ) -> list[dict[str, str]]:
        """Return the rows that reviews have left at a moment."""
        rows = [
            shape.row(each.qualification, each.decision, self._date(each), second=copy % 2 == 1)
            for each in self._shown(held, moment)
            for copy in range(self.copies)
        ]
        return rows if self.order is Order.OLDEST_FIRST else rows[::-1]

    def _shown(self, held: Mapping[Qualification, tuple[Held, ...]], moment: datetime) -> Iterable["_Shown"]:
        for qualification, reviews in held.items():
            shown = [review for review in reviews if review.shows(moment)]
            for review in shown if self.history is History.ALL else shown[-1:]:
                newest = review is shown[-1]
                yield _Shown(qualification, review, review.decision(moment), reviews[0].created, newest=newest)

    def _date(self, row: "_Shown") -> datetime | None:
        without = {
            Undated.NONE: False,
            Undated.OLDER: not row.newest,
            Undated.NEWEST: row.newest,
            Undated.DENIED: row.decision.status == DENIED,
        }
        if without[self.undated]:
            return None
        return {Dates.OWN: row.review.created, Dates.FIRST: row.first, Dates.DECIDED: row.decision.at}[self.dates]


@dataclass(slots=True, frozen=True)
class _Shown:
    """A review that is shown; `first` is when the first one of its qualification began."""

    qualification: Qualification
    review: Held
    decision: Decision
    first: datetime
    newest: bool


class Look(ControlModel, frozen=True):
    """What is wrong with one look.

    Attributes:
        nothing: It shows no row at all.
        age: It shows what was true so many seconds ago.
        rows: It follows these rules of rows in place of the customer's.
        shape: It is written in this shape in place of the customer's.
    """

    nothing: bool = False
    age: NonNegativeFloat = 0
    rows: Rows | None = None
    shape: WireShape | None = None

    def moment(self, now: datetime) -> datetime:
        """Return the moment whose truth it shows."""
        return now - timedelta(seconds=self.age)


TRUE_LOOK = Look()
