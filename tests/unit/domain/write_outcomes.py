"""Records, and what an error of a write or a read makes of them a while later."""

from datetime import timedelta

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, Throttled
from qualification.domain.outcome import came_of, postponed
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from tests.unit.builders import (
    NOW,
    POLICY,
)
from tests.unit.call_errors import OF_A_WRITE

MINUTE = timedelta(minutes=1)


INSTANT = timedelta(microseconds=1)


IN_DOUBT = [each for each in OF_A_WRITE if isinstance(each, OutcomeUnknown | Throttled)]


def after(record: Record, error: PartnerCenterError, by: timedelta = MINUTE) -> Transition:
    """What comes of its write, a minute later."""
    return came_of(record, error, Moment(NOW + by, 1.0, POLICY))


def later(record: Record, error: PartnerCenterError, by: timedelta = MINUTE) -> Record:
    """The read ahead of a write fails, a minute later."""
    return postponed(record, error, Moment(NOW + by, 1.0, POLICY)).record


def name(value: Record | PartnerCenterError) -> str:
    """A name for a parameter."""
    return value.status if isinstance(value, Record) else value.code
