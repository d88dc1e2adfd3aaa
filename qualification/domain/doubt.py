"""A write whose outcome nobody knows: when it may be written once more, and when a person must decide. Pure."""

from datetime import datetime, timedelta

from qualification.domain.budget import left
from qualification.domain.customer import Customer
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.timing import Policy

LOOKS = 5
"""Readable reads since the write, none of which shows an answer, before it is written once more."""
WRITES = 2
"""Writes that go without a person."""
ALERT_AFTER = timedelta(hours=3)
"""So long after a write without an answer nobody is alerted."""


def is_due_again(record: Record, at: datetime, policy: Policy) -> bool:
    """Whether enough time and reads have passed to write once more, if nothing else forbids it.

    Args:
        record: a request in doubt.
        at: now, by Partner Center's clock.
        policy: how long is enough.
    """
    write = record.write
    return write is not None and at - write.at >= policy.resend_after and write.looks >= LOOKS


def may_write_again(record: Record, customer: Customer, unreadable: int) -> bool:
    """Whether it may be written once more without a person."""
    waits_for_other_content = record.correction is not None or record.withdrawn is not None
    if record.writes >= WRITES or record.doubtful is not None or waits_for_other_content or unreadable:
        return False
    # Of Education one verification must be left after it.
    return record.qualification is not Qualification.EDUCATION or left(customer) > 1


def is_unknown(record: Record, customer: Customer, unreadable: int, at: datetime, policy: Policy) -> bool:
    """Whether a person must say how it goes on."""
    write = record.write
    if write is None:
        return False
    if is_due_again(record, at, policy) and not may_write_again(record, customer, unreadable):
        return True
    return at - write.at >= ALERT_AFTER and not write.throttled
