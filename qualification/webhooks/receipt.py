"""What came of a delivery, or of one event in it."""

from dataclasses import dataclass

from qualification.domain.errors import QualificationError
from qualification.domain.record import Record
from qualification.webhooks.reply import Outcome


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of it.

    Attributes:
        outcome: the same in one word.
        record: the request that answers for it, if it was accepted.
        error: why it was not.
    """

    outcome: Outcome
    record: Record | None = None
    error: QualificationError | None = None
