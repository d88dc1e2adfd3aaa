"""How many of a customer's three verifications are spent, and how sure that is."""

import pytest

from qualification.domain import budget
from qualification.domain.customer import Certainty, Customer, Verification
from tests.unit.builders import CUSTOMER

CERTAIN, IN_DOUBT, SHOWN = (Verification(certainty=each) for each in Certainty)


def of(*verifications: Verification) -> Customer:
    """A customer with these."""
    return Customer(customer_tenant_id=CUSTOMER, verifications=verifications)


def test_what_cannot_be_read_counts_as_spent() -> None:
    """Each such record may hold one."""
    assert (budget.spent(of(CERTAIN)), budget.left(of(CERTAIN))) == (1, 2)
    assert (budget.spent(of(CERTAIN), 1), budget.left(of(CERTAIN), 1)) == (2, 1)
    assert (budget.spent(of(CERTAIN), 4), budget.left(of(CERTAIN), 4)) == (5, 0)


def test_certain_is_what_was_accepted_or_adopted() -> None:
    """What is in doubt, or only shown, is not."""
    assert budget.certain(of(CERTAIN, IN_DOUBT, SHOWN, CERTAIN)) == 2


@pytest.mark.parametrize(
    ("verifications", "words"),
    [
        ((), "none"),
        ((CERTAIN,), "1 accepted by Partner Center"),
        ((IN_DOUBT, IN_DOUBT), "2 never answered"),
        ((SHOWN,), "1 shown by a row that no request of this service explains"),
        (
            (SHOWN, IN_DOUBT, CERTAIN),
            "1 accepted by Partner Center, 1 never answered, 1 shown by a row that no request of this service explains",
        ),
    ],
)
def test_who_decides_reads_which_are_certain(verifications: tuple[Verification, ...], words: str) -> None:
    """The most certain first, and no kind of which there is none."""
    assert budget.uncertain_words(of(*verifications)) == words
