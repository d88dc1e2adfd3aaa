"""How a customer's verifications change with what its education requests do. Pure."""

from qualification.domain.call_errors import InTheWay, OutcomeUnknown, PartnerCenterError, Throttled
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.look import CustomerQualification
from qualification.domain.record import Record
from qualification.domain.request import Qualification


def after_claim(customer: Customer, claimed: Record) -> Customer:
    """With the write that has just been claimed: should its process die, it counts."""
    if claimed.qualification is not Qualification.EDUCATION:
        return customer
    entry = Verification(certainty=Certainty.IN_DOUBT, request_id=claimed.request_id, write=claimed.attempts)
    return customer.counting(entry)


def after_acceptance(customer: Customer, claimed: Record) -> Customer:
    """With the write counted for certain."""
    if claimed.qualification is not Qualification.EDUCATION:
        return customer
    entry = Verification(certainty=Certainty.CERTAIN, request_id=claimed.request_id, write=claimed.attempts)
    return customer.counting(entry)


def after_failure(customer: Customer, claimed: Record, error: PartnerCenterError) -> Customer:
    """Without the write unless it may have been taken; a request's writes that were answered 429 count as one."""
    if claimed.qualification is not Qualification.EDUCATION:
        return customer
    if isinstance(error, OutcomeUnknown) and not isinstance(error, InTheWay):
        return customer
    if isinstance(error, Throttled) and not (claimed.earlier and claimed.earlier.throttled):
        return customer
    return customer.uncounted(claimed.request_id, claimed.attempts)


def after_adoption(customer: Customer, record: Record, row: CustomerQualification) -> Customer:
    """With a review or an approval that a read found counted as this request's."""
    if record.qualification is not Qualification.EDUCATION:
        return customer
    return customer.adopting(record.request_id, row)
