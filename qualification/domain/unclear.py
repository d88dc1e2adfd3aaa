"""Reads that show less of a customer than our records say: a request stands, and no row is about it. Pure."""

from collections.abc import Iterable
from uuid import UUID

from qualification.domain.answer import candidates
from qualification.domain.customer import Customer
from qualification.domain.look import Look
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.domain.timing import Policy


def _lacking(records: Iterable[Record], customer: Customer, look: Look) -> frozenset[UUID]:
    """The requests that stand, and of which a read shows nothing.

    Args:
        records: of the customer.
        customer: what is kept of the customer, this read included.
        look: the read.
    """
    return frozenset(each.request_id for each in records if _stands(each) and not candidates(each, customer, look))


def noted(customer: Customer, others: Iterable[Record], look: Look) -> Customer:
    """With what is lacking, and since when; whatever was not lacking before begins anew, for all of it."""
    missing = _lacking(others, customer, look)
    since = customer.unclear_since if missing <= {*customer.unclear} else look.at
    return customer.model_copy(update={"unclear": tuple(sorted(missing)), "unclear_since": since if missing else None})


def settled(customer: Customer, records: Iterable[Record], look: Look) -> Customer:
    """Without what is lacking no more."""
    if not customer.unclear:
        return customer
    missing = _lacking(records, customer, look)
    left = tuple(each for each in customer.unclear if each in missing)
    return customer.model_copy(update={"unclear": left, "unclear_since": customer.unclear_since if left else None})


def is_unclear(customer: Customer, look: Look, policy: Policy) -> bool:
    """Whether this read has to be confirmed by a later one before it is believed."""
    return customer.unclear_since is not None and look.at - customer.unclear_since < policy.review_again


def _stands(record: Record) -> bool:
    """Whether Partner Center should show it; a review that a person gave up goes on there."""
    given_up = record.status is Status.FAILED and record.taken and record.out
    return given_up or record.status in {Status.IN_REVIEW, Status.APPROVED}
