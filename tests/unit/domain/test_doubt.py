"""A write whose outcome nobody knows: when it may be written once more, and when a person must decide."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.correction import correction_of
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.doubt import is_due_again, is_unknown, may_write_again
from qualification.domain.record import Doubtful, Record, Write
from qualification.domain.request import Qualification
from tests.unit.builders import CUSTOMER, NOW, POLICY, REQUEST, queued, submitting, wanted

HOUR = timedelta(hours=1)
SOON = timedelta(seconds=1)
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


def in_doubt(qualification: Qualification = GOVERNMENT, *, looks: int = 5, **changes: Any) -> Record:
    """A request whose only write was not answered."""
    write = Write(at=NOW, claimed_at=NOW, settled=True, looks=looks, throttled=changes.pop("throttled", False))
    code = {"validationCode": "code"} if qualification is GOVERNMENT else {}
    return submitting(wanted(qualification, **code)).changed(**{"write": write, "writes": 1, "out": True} | changes)


def customer(spent: int = 1) -> Customer:
    """A customer of whose verifications so many count."""
    entries = (Verification(certainty=Certainty.IN_DOUBT, request_id=REQUEST, write=each) for each in range(spent))
    return Customer(customer_tenant_id=CUSTOMER, verifications=tuple(entries))


@pytest.mark.parametrize(
    ("looks", "after", "due"),
    [(5, HOUR, True), (4, HOUR, False), (6, HOUR, True), (5, HOUR - SOON, False)],
    ids=["an hour and five reads", "four reads", "six reads", "less than an hour"],
)
def test_it_is_due_after_an_hour_and_five_reads(looks: int, after: timedelta, *, due: bool) -> None:
    """What shows nothing for so long was most likely not taken."""
    assert is_due_again(in_doubt(looks=looks), NOW + after, POLICY) is due


def test_what_was_never_written_is_neither_due_nor_unknown() -> None:
    """It goes its usual way."""
    record = queued()
    assert not is_due_again(record, NOW + HOUR, POLICY)
    assert not is_unknown(record, customer(), 0, NOW + 30 * HOUR, POLICY)


FORBIDS: dict[str, dict[str, Any]] = {
    "two writes went": {"writes": 2},
    "a denial must show twice": {"doubtful": Doubtful(row=None, since=NOW)},
    "other content waits": {"correction": correction_of(wanted(), "f", "hubspot", NOW)},
    "the mark was taken back": {"withdrawn": "mark taken back"},
}


@pytest.mark.parametrize("changes", FORBIDS.values(), ids=list(FORBIDS))
def test_it_is_not_written_again_by_itself_where(changes: dict[str, Any]) -> None:
    """A person decides; else once more it may."""
    assert may_write_again(in_doubt(), customer(), 0)
    assert not may_write_again(in_doubt(**changes), customer(), 0)


def test_nor_where_a_record_of_the_customer_cannot_be_read() -> None:
    """It may say what became of the write."""
    assert not may_write_again(in_doubt(), customer(), 1)


@pytest.mark.parametrize(("spent", "may"), [(1, True), (2, False), (3, False)])
def test_of_education_one_verification_must_be_left_after_it(spent: int, *, may: bool) -> None:
    """Of other qualifications nobody counts."""
    assert may_write_again(in_doubt(Qualification.EDUCATION), customer(spent), 0) is may
    assert may_write_again(in_doubt(), customer(spent), 0)


def test_a_person_decides_what_is_due_and_may_not_go() -> None:
    """As soon as it would be due."""
    record = in_doubt(writes=2)
    assert is_unknown(record, customer(), 0, NOW + HOUR, POLICY)
    assert not is_unknown(record, customer(), 0, NOW + HOUR - SOON, POLICY)
    assert not is_unknown(in_doubt(), customer(), 0, NOW + HOUR, POLICY)


@pytest.mark.parametrize(
    ("after", "throttled", "unknown"),
    [(3 * HOUR, False, True), (3 * HOUR - SOON, False, False), (3 * HOUR, True, False)],
)
def test_after_three_hours_a_person_is_asked_whatever_the_reads(
    after: timedelta, *, throttled: bool, unknown: bool
) -> None:
    """Unless it was answered 429, which says that it was not taken, and is tried again by itself."""
    record = in_doubt(looks=0, throttled=throttled)
    assert is_unknown(record, customer(), 0, NOW + after, POLICY) is unknown
