"""Reads of a customer in review, one after the other, and what each makes of a record."""

from datetime import timedelta

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.customer import Customer
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.review import review_postponed, reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from tests.unit.builders import (
    CUSTOMER,
    NOW,
    POLICY,
)

HOUR = timedelta(hours=1)


DAY = timedelta(days=1)


ENDS = {"Approved": Status.APPROVED, "Denied": Status.DENIED, "InReview": Status.IN_REVIEW, "OnHold": Status.IN_REVIEW}


class Reads:
    """A customer that is read again and again."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.customer = Customer(customer_tenant_id=CUSTOMER)

    def show(self, *rows: CustomerQualification, after: timedelta = HOUR) -> Transition:
        """A read shows these rows, so long after NOW."""
        look = Look(rows, NOW + after)
        self.customer = self.customer.after(look)
        step = reviewed(self.record, self.customer, 0, look, Moment(NOW + after, 1.0, POLICY))
        self.record = step.record
        return step


def fail(record: Record, error: PartnerCenterError, after: timedelta = HOUR) -> Record:
    """A read fails, so long after NOW."""
    return review_postponed(record, error, Moment(NOW + after, 1.0, POLICY)).record


def statuses(step: Transition) -> list[object]:
    """The statuses that are published."""
    return [event.data["status"] for event in step.events if "previousStatus" in event.data]
