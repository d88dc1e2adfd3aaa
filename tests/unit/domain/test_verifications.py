"""Which of a customer's three education verifications count, and which row each of them explains."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from qualification.domain import ledger
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.look import Look
from qualification.domain.request import Qualification
from tests.unit.builders import CUSTOMER, NOW, REFUSED, REQUEST, queued, row, wanted

ANOTHER = UUID(int=7)
CERTAIN = Certainty.CERTAIN
MONDAY, TUESDAY = datetime(2026, 2, 2, 8, tzinfo=UTC), datetime(2026, 2, 3, 8, tzinfo=UTC)


def of(*verifications: Verification) -> Customer:
    """A customer with these."""
    return Customer(customer_tenant_id=CUSTOMER, verifications=verifications)


def foreign(moment: datetime | None = None) -> Verification:
    """Somebody else has spent it: a row shows it."""
    return Verification(certainty=Certainty.SHOWN, moment=moment)


def write(
    moment: datetime | None = None,
    number: int = 1,
    *,
    certainty: Certainty = Certainty.IN_DOUBT,
    request_id: UUID | None = REQUEST,
) -> Verification:
    """A write of a request."""
    return Verification(certainty=certainty, request_id=request_id, write=number, moment=moment)


@pytest.mark.parametrize(
    ("before", "shown", "after"),
    [
        pytest.param([], [MONDAY], [foreign(MONDAY)], id="a row that nothing explains"),
        pytest.param([], [None], [foreign()], id="a row without a moment"),
        pytest.param([], [None, None], [foreign(), foreign()], id="two rows without a moment"),
        pytest.param([foreign(MONDAY)], [MONDAY], [foreign(MONDAY)], id="a row that was counted before"),
        pytest.param([foreign()], [None], [foreign()], id="one without a moment that was counted before"),
        pytest.param([foreign()], [None, None], [foreign(), foreign()], id="a second one without a moment"),
        pytest.param([foreign()], [MONDAY], [foreign(), foreign(MONDAY)], id="a dated row beside one that was not"),
        pytest.param([foreign(MONDAY)], [None], [foreign(MONDAY), foreign()], id="one that was not beside a dated row"),
        pytest.param([foreign(MONDAY)], [TUESDAY], [foreign(MONDAY), foreign(TUESDAY)], id="a row of another day"),
        pytest.param([write()], [MONDAY], [write(MONDAY)], id="our write explains the row"),
        pytest.param([write(MONDAY)], [MONDAY], [write(MONDAY)], id="and goes on explaining it"),
        pytest.param([write(MONDAY)], [TUESDAY], [write(TUESDAY)], id="another row in place of the first"),
        pytest.param([write(MONDAY)], [MONDAY, TUESDAY], [write(MONDAY), foreign(TUESDAY)], id="one row at a time"),
        pytest.param([write(MONDAY)], [None, MONDAY], [write(MONDAY), foreign()], id="the row of its moment first"),
        pytest.param(
            [write(MONDAY), write(number=2)],
            [TUESDAY],
            [write(MONDAY), write(TUESDAY, 2)],
            id="the write that explains no row yet",
        ),
        pytest.param([foreign(), write()], [None], [foreign(), write()], id="our write rather than somebody else's"),
    ],
)
def test_each_row_of_education_is_explained_by_one_verification(
    before: list[Verification], shown: list[datetime | None], after: list[Verification]
) -> None:
    """One that nothing explains was spent by somebody else; counted twice it would cost the customer its last try."""
    # Two rows without a moment are two only if they say different things.
    rows = (
        row(f"Word {number}", created=moment.isoformat() if moment else None) for number, moment in enumerate(shown)
    )
    assert of(*before).explained(Look(tuple(rows), NOW)).verifications == tuple(after)


def test_rows_of_other_qualifications_spend_no_verification() -> None:
    """Microsoft counts those of Education."""
    rows = tuple(row("InReview", each) for each in Qualification if each is not Qualification.EDUCATION)
    assert of().explained(Look(rows, NOW)).verifications == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([], [write(MONDAY, 0, certainty=CERTAIN)], id="nothing was counted"),
        pytest.param([write()], [write(MONDAY, certainty=CERTAIN)], id="its own write"),
        pytest.param([write(MONDAY)], [write(MONDAY, certainty=CERTAIN)], id="its own write of that row"),
        pytest.param(
            [write(TUESDAY)], [write(TUESDAY), write(MONDAY, 0, certainty=CERTAIN)], id="its write of another row"
        ),
        pytest.param([foreign(MONDAY)], [write(MONDAY, 0, certainty=CERTAIN)], id="the row that nobody explained"),
        pytest.param(
            [write(MONDAY, request_id=ANOTHER)],
            [write(MONDAY, certainty=CERTAIN, request_id=ANOTHER)],
            id="another request's write of that row",
        ),
        pytest.param(
            [write(request_id=ANOTHER)],
            [write(request_id=ANOTHER), write(MONDAY, 0, certainty=CERTAIN)],
            id="another request's write of no row",
        ),
        pytest.param(
            [foreign(MONDAY), write()],
            [foreign(MONDAY), write(MONDAY, certainty=CERTAIN)],
            id="its own write before the row",
        ),
    ],
)
def test_a_row_that_is_followed_counts_for_certain(before: list[Verification], after: list[Verification]) -> None:
    """As the request's own where nobody else's explains it: whoever decides reads which are certain."""
    found = row("InReview", created=MONDAY.isoformat())
    assert of(*before).adopting(REQUEST, found).verifications == tuple(after)
    assert ledger.after_adoption(of(*before), queued(), found).verifications == tuple(after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], [write(certainty=CERTAIN)]),
        ([write(MONDAY)], [write(MONDAY, certainty=CERTAIN)]),
        ([write(number=2)], [write(number=2), write(certainty=CERTAIN)]),
        ([write(request_id=ANOTHER)], [write(request_id=ANOTHER), write(certainty=CERTAIN)]),
        ([foreign(MONDAY)], [foreign(MONDAY), write(certainty=CERTAIN)]),
    ],
)
def test_a_write_is_counted_once(before: list[Verification], after: list[Verification]) -> None:
    """What becomes known of it takes the place of what was known, and it goes on explaining its row."""
    assert of(*before).counting(write(certainty=CERTAIN)).verifications == tuple(after)


def test_a_write_that_was_not_taken_counts_no_longer() -> None:
    """That one alone: not another of the request, nor another request's."""
    others = (write(number=2), write(request_id=ANOTHER), foreign(MONDAY))
    assert of(write(MONDAY), *others).uncounted(REQUEST, 1) == of(*others)
    assert of(*others).uncounted(REQUEST, 1) == of(*others)


def test_a_write_counts_from_its_claim_until_it_is_refused() -> None:
    """Should its process die it may have been taken."""
    claimed = queued(attempts=1)
    doubted = ledger.after_claim(of(), claimed)
    assert doubted == of(write())
    assert ledger.after_acceptance(doubted, claimed) == of(write(certainty=CERTAIN))
    assert ledger.after_failure(doubted, claimed, REFUSED) == of()


@pytest.mark.parametrize("qualification", [each for each in Qualification if each is not Qualification.EDUCATION])
def test_other_qualifications_spend_no_verification(qualification: Qualification) -> None:
    """Microsoft limits those of Education."""
    claimed, spent = queued(wanted(qualification), attempts=1), of(write())
    assert ledger.after_claim(spent, claimed) == spent
    assert ledger.after_acceptance(spent, claimed) == spent
    assert ledger.after_failure(spent, claimed, REFUSED) == spent
    assert ledger.after_adoption(spent, claimed, row("InReview", qualification)) == spent
