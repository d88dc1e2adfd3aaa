"""Which waiting requests a person may confirm."""

from uuid import UUID

import pytest

from qualification.domain.actions import may_confirm
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.waiting import Kind, Reason, Waiting
from tests.unit.builders import (
    CUSTOMER,
    NOW,
    OLD_DENIAL,
    REQUEST,
    in_review,
    queued,
    row,
    submitting,
    wanted,
)


def seen(*rows: CustomerQualification, certain: int = 0) -> Customer:
    """A customer of whom the newest read showed these rows; so many verifications are certain, another one is in doubt."""
    spent = [Verification(certainty=Certainty.CERTAIN, request_id=UUID(int=number)) for number in range(certain)]
    counted = (*spent, Verification(certainty=Certainty.IN_DOUBT, request_id=REQUEST, write=1))
    return Customer(customer_tenant_id=CUSTOMER, verifications=counted).after(Look(rows, NOW))


def waits_for(record: Record, reason: Reason) -> Record:
    """The record, waiting."""
    return record.changed(waiting=Waiting(reason=reason, detail="d", remedy="r", since=NOW))


@pytest.mark.parametrize("reason", Reason)
def test_a_decision_can_be_confirmed_and_a_cause_not(reason: Reason) -> None:
    """Causes end by themselves."""
    assert may_confirm(waits_for(queued(), reason), seen()) is (reason.kind is Kind.DECISION)


@pytest.mark.parametrize("reason", [each for each in Reason if each.kind is Kind.DECISION])
def test_nothing_is_confirmed_beside_a_review(reason: Reason) -> None:
    """Microsoft has it already."""
    assert not may_confirm(waits_for(submitting(), reason), seen(row("InReview")))


def test_a_review_that_shows_no_longer_stands_in_nobodys_way() -> None:
    """The newest read decides; an empty one makes nobody forget the row."""
    customer = seen(row("InReview"))
    gone = customer.after(Look((), NOW))
    assert may_confirm(waits_for(in_review(), Reason.REVIEW_OVERDUE), gone)
    assert not may_confirm(waits_for(in_review(), Reason.REVIEW_OVERDUE), gone.after(Look((row("InReview"),), NOW)))


def test_three_certain_verifications_are_the_last_word() -> None:
    """Of two, and a third in doubt, a person may think otherwise; of other qualifications there are as many as you like."""
    waiting = waits_for(queued(), Reason.LAST_ATTEMPT)
    assert may_confirm(waiting, seen(certain=2))
    assert not may_confirm(waiting, seen(certain=3))
    other = waits_for(queued(wanted(Qualification.STATE_OWNED_ENTITY)), Reason.CONFIRMATION_NEEDED)
    assert may_confirm(other, seen(certain=3))


def test_a_review_is_asked_for_again_only_where_no_row_shows() -> None:
    """A word that nobody knows may be about it; a denial that was known before may not."""
    overdue = waits_for(in_review(), Reason.REVIEW_OVERDUE)
    assert not may_confirm(overdue, seen(row("OnHold")))
    assert may_confirm(overdue.changed(known_look=1), seen(row("Denied", created=OLD_DENIAL)))


def test_an_unknown_word_is_confirmed_only_before_a_write() -> None:
    """Afterwards it may be the answer."""
    customer = seen(row("OnHold"))
    assert may_confirm(waits_for(queued(), Reason.UNKNOWN_VETTING_STATUS), customer)
    for record in (submitting(), in_review()):
        assert not may_confirm(waits_for(record, Reason.UNKNOWN_VETTING_STATUS), customer)
