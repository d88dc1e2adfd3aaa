"""What a request waits for after its calls: a customer out of reach, or a write that nobody answered. Pure."""

from datetime import timedelta

from qualification.domain.alerts import waits
from qualification.domain.lifecycle import doubt_review
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason

UNREAD_FOR = timedelta(hours=4)
"""So long reads of one customer may fail before somebody is alerted."""


def unreachable(step: Transition, moment: Moment, *, alone: bool) -> Transition:
    """The step, with an alert where no read of this one customer could be read for hours while others are answered."""
    since = step.record.unread_since
    if not alone or since is None or moment.now - since < UNREAD_FOR or step.record.waiting is not None:
        return step
    return waits(
        step,
        Reason.CUSTOMER_UNREACHABLE,
        f"Partner Center has not shown customer {step.record.customer_tenant_id} since {since:%Y-%m-%d %H:%M} UTC.",
        "Look at the customer in Partner Center; the service reads on by itself.",
        moment,
    )


def unknown(record: Record, detail: str, moment: Moment) -> Transition:
    """Nobody knows what came of its write, and it may not be written again without a person."""
    after = record.changed(work=doubt_review(record.asked_at, moment))
    return waits(
        Transition(after),
        Reason.OUTCOME_UNKNOWN,
        detail,
        "Look at the customer in Partner Center. If the qualification is not there, confirm to send it once more (for "
        "Education that may cost another verification), or cancel it; if it is there, the service finds it by itself.",
        moment,
        news=str(record.writes),
    )
