"""A write that nobody answered: what a read ahead of the next one, and each read in between, makes of it."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.decision import Adopt, ReadOn, Refuse, Submit, Wait, decide
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Correction, Doubtful, Record
from qualification.domain.request import Qualification
from qualification.domain.review import reviewed
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CUSTOMER,
    NEW_DENIAL,
    NOW,
    OLD_DENIAL,
    POLICY,
    queued,
    row,
    submitting,
    wanted,
)

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
OLD = row("Denied", created=OLD_DENIAL)
NEW = row("Denied", created=NEW_DENIAL)
CORRECTION = Correction(request=wanted(website="newer.edu"), fingerprint="newer", source="standard", at=NOW)
BY_A_PERSON: dict[str, Any] = {"confirmed": frozenset({Reason.OUTCOME_UNKNOWN, Reason.UNKNOWN_VETTING_STATUS})}
BY_ITSELF: dict[str, tuple[Submit | ReadOn, dict[str, Any], int]] = {
    "the first write": (Submit(), {}, 0),
    "the second write": (ReadOn(), {"writes": 2}, 0),
    "two verifications are spent": (ReadOn(), {}, 2),
    "newer content waits": (ReadOn(), {"correction": CORRECTION}, 0),
    "the CRM wants it no longer": (ReadOn(), {"withdrawn": "mark taken back"}, 0),
    "a person has confirmed the third write": (Submit(), {"writes": 2} | BY_A_PERSON, 0),
    "a person has confirmed, two verifications are spent": (Submit(), BY_A_PERSON, 2),
}


def seen(*rows: CustomerQualification, spent: int = 0) -> Customer:
    """The customer after a read of now that shows these rows."""
    counted = tuple(Verification(certainty=Certainty.CERTAIN, write=number) for number in range(spent))
    return Customer(customer_tenant_id=CUSTOMER, verifications=counted).after(Look(rows, NOW))


def ahead(
    record: Record, *rows: CustomerQualification, others: tuple[Record, ...] = (), spent: int = 0, unreadable: int = 0
) -> Adopt | ReadOn | Refuse | Wait | Submit:
    """What is decided on a read ahead of a write that shows these rows."""
    return decide(record, others, seen(*rows, spent=spent), Look(rows, NOW), policy=POLICY, unreadable=unreadable)


@pytest.mark.parametrize("case", BY_ITSELF)
def test_a_second_write_goes_by_itself_and_no_third(case: str) -> None:
    """Nor where it could cost the last verification, or is wanted no more; what a person has confirmed goes."""
    decision, changes, spent = BY_ITSELF[case]
    assert ahead(submitting(**changes), spent=spent) == decision


def test_where_records_cannot_be_read_nothing_is_written_again() -> None:
    """It is read on like any other write in doubt; what a person has confirmed waits, and says for what."""
    assert ahead(submitting(), unreadable=1) == ReadOn()
    confirmed = ahead(submitting(**BY_A_PERSON), unreadable=1)
    assert isinstance(confirmed, Wait)
    assert confirmed.reason is Reason.STATUS_UNCLEAR


def test_a_denial_that_may_be_an_old_one_stops_the_next_write_and_is_no_answer() -> None:
    """A second read must show it; a person who has confirmed the write has seen it."""
    assert ahead(submitting(), OLD) == ReadOn()
    assert ahead(submitting(**BY_A_PERSON), OLD) == Submit()
    assert ahead(submitting(**BY_A_PERSON), row("OnHold")) == Submit()


def test_a_denial_that_two_reads_an_hour_apart_show_is_adopted() -> None:
    """Not a second sooner; one that began after the first write is adopted at once."""
    shown = submitting(doubtful=Doubtful(row=OLD, since=NOW - HOUR))
    younger = submitting(doubtful=Doubtful(row=OLD, since=NOW - HOUR + SECOND))
    for record, denial in ((shown, OLD), (submitting(), NEW)):
        assert ahead(record, denial) == Adopt(seen(denial).sightings[0])
    assert ahead(younger, OLD) == ReadOn()


@pytest.mark.parametrize(
    ("status", "age", "qualification", "waits"),
    [
        (Status.FAILED, POLICY.resend_after - SECOND, Qualification.EDUCATION, True),
        (Status.FAILED, POLICY.resend_after, Qualification.EDUCATION, False),
        (Status.SUBMITTING, timedelta(), Qualification.EDUCATION, False),
        (Status.FAILED, timedelta(), Qualification.STATE_OWNED_ENTITY, False),
    ],
)
def test_the_doubt_of_a_request_that_was_given_up_is_inherited_for_an_hour(
    status: Status,
    age: timedelta,
    qualification: Qualification,
    waits: bool,  # noqa: FBT001  a column of the table
) -> None:
    """Its write may still take effect, and a second one would cost the customer a verification."""
    other = submitting(wanted(qualification), request_id=UUID(int=7), status=status)
    assert other.write
    other = other.changed(write=other.write.model_copy(update={"at": NOW - age}))
    decision = ahead(queued(), others=(other,))
    assert (decision.reason if isinstance(decision, Wait) else None) is (Reason.STATUS_UNCLEAR if waits else None)


def read(record: Record, after: timedelta, *, unreadable: int = 0) -> Transition:
    """A read shows nothing, so long after NOW."""
    return reviewed(record, seen(), unreadable, Look((), NOW + after), Moment(NOW + after, 1.0, POLICY))


def with_looks(record: Record, looks: int) -> Record:
    """The record, after so many reads that showed nothing."""
    assert record.write
    return record.changed(write=record.write.model_copy(update={"looks": looks}))


@pytest.mark.parametrize(
    ("after", "counted"), [(POLICY.write_timeout - SECOND, 0), (POLICY.write_timeout, 1), (HOUR / 2, 1)]
)
def test_a_read_that_shows_nothing_counts_once_the_write_is_over(after: timedelta, counted: int) -> None:
    """Until then it may be under way; a denial that was seen and is gone is forgotten, and the next read comes soon."""
    record = submitting(doubtful=Doubtful(row=OLD, since=NOW), failures=3, unread_since=NOW)
    assert read(record, after) == Transition(
        with_looks(record, counted).changed(
            checked_at=NOW + after,
            unread_since=None,
            failures=0,
            doubtful=None,
            work=Work(action=WorkAction.REVIEW, due=NOW + after + POLICY.review_first),
        )
    )


def test_after_an_hour_and_five_reads_it_is_put_on_the_queue_at_once() -> None:
    """Whatever it was to wait for; after four reads it is read once more."""
    record = submitting(not_before=NOW + 9 * HOUR)
    again = read(with_looks(record, 4), HOUR).record
    assert (again.work, again.not_before) == (Work(action=WorkAction.QUEUE, due=NOW + HOUR), None)
    early = read(with_looks(record, 3), HOUR).record
    assert (early.work, early.not_before) == (
        Work(action=WorkAction.REVIEW, due=NOW + HOUR + POLICY.review_first),
        NOW + 9 * HOUR,
    )


def test_while_a_record_cannot_be_read_it_is_not_put_on_the_queue() -> None:
    """That record may say what became of the write; a person decides instead."""
    after = read(with_looks(submitting(), 4), HOUR, unreadable=1).record
    assert after.work
    assert after.work.action is WorkAction.REVIEW
    assert after.waiting
    assert after.waiting.reason is Reason.OUTCOME_UNKNOWN


@pytest.mark.parametrize(
    ("waiting", "words"),
    [
        (None, "Partner Center never answered the write, and shows nothing of it."),
        (Reason.OUTCOME_UNKNOWN, "What Microsoft said."),
        (Reason.UNKNOWN_VETTING_STATUS, "Partner Center never answered the write, and shows nothing of it."),
    ],
)
def test_who_must_decide_reads_what_is_known_of_the_outcome(waiting: Reason | None, words: str) -> None:
    """What was told of it first, such as Microsoft's own refusal, is not lost by a read that shows nothing."""
    before = waiting and Waiting(reason=waiting, detail="What Microsoft said.", remedy="r", since=NOW)
    after = read(with_looks(submitting(writes=2, waiting=before), 4), HOUR).record.waiting
    assert after
    assert (after.reason, after.detail) == (Reason.OUTCOME_UNKNOWN, words)


def test_a_request_of_which_no_write_is_known_is_only_read() -> None:
    """There is nothing that could be in doubt, and nothing to write again."""
    record = submitting(write=None)
    assert read(record, HOUR) == Transition(record.changed(checked_at=NOW + HOUR))
