"""Which rows were there before a request's first write, and so answer nothing."""

from datetime import timedelta

import pytest

from qualification.domain.answer import candidates
from qualification.domain.customer import Customer
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from tests.unit.builders import CUSTOMER, NOW, row, submitting

HOUR = timedelta(hours=1)
BEFORE, AT_FIRST, AFTER = ((NOW + hours * HOUR).isoformat() for hours in (-2, -1, 1))
RECORD = submitting(known_look=1)
"""What the customer's first read showed was there before it."""
FOLLOWING = submitting(known_look=0, follows_from=NOW)
"""It has adopted a row; older denials answer nothing."""


def news(*reads: tuple[CustomerQualification, ...], record: Record = RECORD) -> list[CustomerQualification]:
    """What the last of these reads shows that may answer the request."""
    customer, looks = Customer(customer_tenant_id=CUSTOMER), [Look(rows, NOW) for rows in reads]
    for look in looks:
        customer = customer.after(look)
    return [each.row for each in candidates(record, customer, looks[-1])]


@pytest.mark.parametrize(
    ("shown", "may_answer"), [(row("InReview"), True), (row("InReview", created=BEFORE), False), (row("Denied"), False)]
)
def test_a_review_without_a_date_may_be_a_new_one(shown: CustomerQualification, *, may_answer: bool) -> None:
    """The claim's own read did not show it; other rows of before are told from new ones."""
    assert news((shown,), (), (shown,)) == ([shown] if may_answer else [])


def test_an_approval_that_a_known_denial_withdrew_answers_nothing() -> None:
    """The denial is older than the row that was adopted, and so is what it withdrew."""
    approval, denial = row("Approved", created=BEFORE), row("Denied", created=AT_FIRST)
    assert news((approval,), (approval, denial), record=FOLLOWING) == []
    assert news((row("Approved"),), (row("Approved"), denial), record=FOLLOWING) == [row("Approved")]
    later = row("Approved", created=AFTER)
    assert news((denial,), (later, denial), record=FOLLOWING) == [later]


@pytest.mark.parametrize("word", ["InReview", "OnHold"])
def test_what_is_no_approval_may_answer_however_old_it_says_it_is(word: str) -> None:
    """A review that goes on beside it was not withdrawn."""
    shown, denial = row(word, created=BEFORE), row("Denied", created=AT_FIRST)
    assert news((shown,), (shown, denial), record=FOLLOWING) == [shown]


def test_an_approval_of_the_same_moment_was_not_withdrawn() -> None:
    """Nothing says which of the two came first, so the better one counts."""
    approval, denial = row("Approved", created=AT_FIRST), row("Denied", created=AT_FIRST)
    assert news((approval, denial), record=FOLLOWING) == [approval]
