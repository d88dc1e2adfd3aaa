"""Which rows of Partner Center's are remembered of a customer, and since which read."""

from datetime import timedelta

import pytest

from qualification.domain.customer import Customer, Sighting
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.request import Qualification
from tests.unit.builders import CUSTOMER, NEW_DENIAL, NOW, OLD_DENIAL, row

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD
HOUR = timedelta(hours=1)
OLD, NEW = row("Denied", created=OLD_DENIAL), row("Denied", created=NEW_DENIAL)


def seen(*reads: tuple[CustomerQualification, ...]) -> Customer:
    """The customer after these reads, the first of them now, each an hour after the one before."""
    customer = Customer(customer_tenant_id=CUSTOMER)
    for number, rows in enumerate(reads):
        customer = customer.after(Look(rows, NOW + number * HOUR))
    return customer


def test_a_row_is_remembered_since_the_read_that_first_showed_it() -> None:
    """What stood there before a write is no answer to it."""
    customer = seen((OLD,), (OLD, NEW), (OLD, NEW))
    assert customer.sightings == (Sighting(row=OLD, look=1, at=NOW), Sighting(row=NEW, look=2, at=NOW + HOUR))
    assert customer.looks == 2


def test_a_read_that_shows_the_same_changes_nothing() -> None:
    """So nothing is stored of it."""
    assert seen((OLD,), (OLD,)) == seen((OLD,))


def test_a_row_in_whose_place_another_is_shown_is_forgotten() -> None:
    """Should it come back, that is news."""
    assert seen((OLD,), (NEW,)).sightings == (Sighting(row=NEW, look=2, at=NOW + HOUR),)


@pytest.mark.parametrize("rows", [(), (row("InReview", GOVERNMENT),)], ids=["empty", "of another qualification"])
def test_a_read_without_its_qualification_forgets_no_row(rows: tuple[CustomerQualification, ...]) -> None:
    """It is only not shown; when it is shown again it is no news."""
    assert seen((OLD,), rows).sightings[0] == Sighting(row=OLD, look=1, at=NOW, shown=False)
    assert seen((OLD,), rows).shown(Qualification.EDUCATION) == []
    assert seen((OLD,), rows, (OLD,)).sightings[0] == Sighting(row=OLD, look=1, at=NOW)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("2026-01-02T09:59:58Z", "2026-01-02"),
        ("2026-01-02T09:59:58Z", None),
        (None, "2026-01-02T09:59:58Z"),
        (None, NOW.isoformat()),
    ],
)
def test_another_spelling_of_a_row_is_as_old_as_the_first(first: str | None, second: str | None) -> None:
    """Partner Center dates the same row by the day, by the second, or not at all, from one read to the next."""
    again = row("Denied", created=second)
    assert seen((row("Denied", created=first),), (again,)).sightings == (Sighting(row=again, look=1, at=NOW),)


def test_a_row_that_began_after_one_without_a_date_was_seen_is_another() -> None:
    """It may be the answer to the write in between."""
    later = row("Denied", created=(NOW + timedelta(microseconds=1)).isoformat())
    assert seen((row("Denied"),), (later,)).sightings == (Sighting(row=later, look=2, at=NOW + HOUR),)
