"""A customer that alone is answered 429, while others are answered: it waits by itself, and nobody else does. Pure."""

from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from qualification.domain.request import CamelModel

IN_A_ROW = 3
"""So many answers 429, and an answer to somebody else between them, are this customer's own."""
SHORTEST, LONGEST = timedelta(minutes=1), timedelta(days=1)


class LoneThrottle(CamelModel):
    """Answers 429 in a row, all to one customer.

    Attributes:
        customer_id: whose calls they were.
        times: how many.
        others: whether somebody else was answered meanwhile.
        until: when it is called again, by Partner Center's clock.
    """

    customer_id: UUID
    times: int
    others: bool
    until: datetime

    @property
    def is_alone(self) -> bool:
        """Whether it waits by itself."""
        return self.times >= IN_A_ROW and self.others

    def after_answer(self, customer_id: UUID) -> Self | None:
        """With a call of somebody's that was answered; None where it was its own."""
        if customer_id == self.customer_id:
            return None
        return self.model_copy(update={"others": True})


def throttled_again(before: LoneThrottle | None, customer_id: UUID, asked: datetime, now: datetime) -> LoneThrottle:
    """With another answer 429.

    Args:
        before: those before it, if they were in a row.
        customer_id: whose call it was.
        asked: until when Partner Center wants to be left alone.
        now: by Partner Center's clock.
    """
    if before is None or before.customer_id != customer_id:
        return LoneThrottle(customer_id=customer_id, times=1, others=False, until=asked)
    times = before.times + 1
    wait = min(max(asked - now, SHORTEST) * 2 ** min(max(0, times - IN_A_ROW), 10), LONGEST)
    return LoneThrottle(customer_id=customer_id, times=times, others=before.others, until=now + wait)
