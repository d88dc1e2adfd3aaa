"""What a read lacks of a customer's requests, and since when."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.customer import Customer
from qualification.domain.look import Look
from qualification.domain.request import Qualification
from qualification.domain.unclear import is_unclear, noted, settled
from tests.unit.builders import CUSTOMER, NOW, POLICY, in_review, row, wanted

HOUR = timedelta(hours=1)
FIRST = in_review(request_id=UUID(int=1))
SECOND = in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=UUID(int=2))
NOTHING = Customer(customer_tenant_id=CUSTOMER)


def test_it_counts_from_the_first_read_that_lacks_it() -> None:
    """Also where another one is there again."""
    customer = noted(NOTHING, [FIRST, SECOND], Look((), NOW))
    again = noted(customer, [FIRST], Look((), NOW + HOUR))
    assert (customer.unclear, customer.unclear_since) == ((FIRST.request_id, SECOND.request_id), NOW)
    assert (again.unclear, again.unclear_since) == ((FIRST.request_id,), NOW)


def test_it_begins_anew_with_another_one() -> None:
    """And ends where nothing is lacking."""
    customer = noted(noted(NOTHING, [FIRST], Look((), NOW)), [FIRST, SECOND], Look((), NOW + HOUR))
    assert customer.unclear_since == NOW + HOUR
    assert noted(customer, [], Look((), NOW + 2 * HOUR)) == NOTHING


def test_a_review_settles_what_it_shows_and_notes_nothing() -> None:
    """Only a read ahead of a write asks what is lacking."""
    lacking = noted(NOTHING, [FIRST], Look((), NOW))
    shown = Look((row("InReview"),), NOW + HOUR)
    seen = lacking.after(shown)
    done = settled(seen, [FIRST], shown)
    assert (done.unclear, done.unclear_since) == ((), None)
    assert settled(lacking, [FIRST, SECOND], Look((), NOW + HOUR)) == lacking
    both = noted(NOTHING, [FIRST, SECOND], Look((), NOW)).after(shown)
    left = settled(both, [FIRST, SECOND], shown)
    assert (left.unclear, left.unclear_since) == ((SECOND.request_id,), NOW)
    assert settled(NOTHING, [FIRST], Look((), NOW)) == NOTHING


def test_two_reads_six_hours_apart_are_believed() -> None:
    """Not a second less."""
    customer = noted(NOTHING, [FIRST], Look((), NOW))
    assert is_unclear(customer, Look((), NOW + POLICY.review_again - timedelta(seconds=1)), POLICY)
    assert not is_unclear(customer, Look((), NOW + POLICY.review_again), POLICY)
    assert not is_unclear(NOTHING, Look((), NOW), POLICY)
