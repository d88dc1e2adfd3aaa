"""What becomes of an hour in which more looks fall due than can be made: every look comes later, so fewer fall due.

A look puts off the next one, so the service falls into step with what there is room for: the gaps between looks grow by the
same time for all, until the looks that still fall due fit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WAIT = 60 * 24 * 30.0
"""Minutes; a month late is as good as never."""
ROUNDS = 40
"""Of halving the interval in which the wait is sought: down to less than a microsecond."""


@dataclass(frozen=True, slots=True)
class Due:
    """Looks that fall due in an hour, of cases that were last looked at so many minutes before."""

    number: float
    gap: float

    def later(self, wait: float) -> float:
        """How many of them still fall due in an hour when each waits so many minutes more."""
        return self.number * self.gap / (self.gap + wait)


def wait_for(due: Sequence[Due], room: float) -> float:
    """By how many minutes looks come later in an hour that has room for this many; 0 where all fit."""
    least, most = 0.0, LONGEST_WAIT
    if sum(each.number for each in due) <= room:
        return least
    for _ in range(ROUNDS):
        middle = (least + most) / 2
        if sum(each.later(middle) for each in due) > room:
            least = middle
        else:
            most = middle
    return most


def waiting(due: Sequence[Due], wait: float) -> float:
    """How many looks are late at any moment, when each comes so many minutes later."""
    return sum(each.later(wait) for each in due) * wait / 60
