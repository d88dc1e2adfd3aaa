"""When a request that could not go on is tried again, and what it waits for meanwhile. Pure."""

from datetime import datetime

from qualification.domain.alerts import waits
from qualification.domain.call_errors import (
    Held,
    PartnerCenterError,
    PersonNeeded,
    Throttled,
    UnderReview,
)
from qualification.domain.lifecycle import BUSINESS_STATE
from qualification.domain.record import Record, RequestError
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction

UNKNOWN_CUSTOMER = 24
"""And so many times a customer that Partner Center does not know, after the first try."""


def later(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """Try again, or read again, when the error says that it may help; what waits for a cause says for which."""
    failures = record.failures + 1
    due = _due(record, error, failures, moment)
    status = record.status if record.out else Status.QUEUED
    after = record.entered(
        status,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        failures=failures,
        not_before=due,
        hinted_at=None,
        # What a person has confirmed goes on until a write has left.
        work=Work(action=WorkAction.REVIEW if record.out and not record.confirmed else WorkAction.QUEUE, due=due),
    )
    match error:
        case UnderReview():
            return waits(Transition(after), Reason.ACCOUNT_UNDER_REVIEW, error.description, error.remedy, moment)
        case Throttled(alone=True):
            return waits(Transition(after), Reason.THROTTLED, error.description, error.remedy, moment)
        case PersonNeeded(partner_wide=False):
            return waits(Transition(after), Reason.CUSTOMER_UNREACHABLE, error.description, error.remedy, moment)
        case _:
            return Transition(after)


def _due(record: Record, error: PartnerCenterError, failures: int, moment: Moment) -> datetime:
    if isinstance(error, Held):
        probe = max(moment.now, error.retry_at)
        return probe + moment.turn(probe - record.created_at)
    if isinstance(error, UnderReview):
        return moment.probe_at(BUSINESS_STATE)
    if isinstance(error, PersonNeeded) and not error.partner_wide:
        # The customer may be related to the partner any hour; later nobody expects it to be.
        return moment.probe_at(1 if failures == 1 else UNKNOWN_CUSTOMER)
    return moment.retry_at(error, failures)
