"""What a person's go-ahead makes of a request: confirmed where it waited for that, hurried where it did not."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.actions import confirmed, hurried
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.look import CustomerQualification
from qualification.domain.record import Decided, Doubtful, Record
from qualification.domain.request import Qualification
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import CUSTOMER, NOW, POLICY, in_review, queued, submitting, wanted

ANNA = "Anna (key 0badcafe)"
AT = Moment(NOW + timedelta(hours=1), 1.0, POLICY)
DECISION = Decided(action="confirm", by="0badcafe")
CERTAIN = Verification(certainty=Certainty.CERTAIN)
IN_DOUBT = Verification(certainty=Certainty.IN_DOUBT)
AGAIN: dict[str, Any] = {
    "messages": 2,
    "hinted_at": AT.now,
    "work": Work(action=WorkAction.QUEUE, due=AT.now + POLICY.retry_first),
}
"""A new hint for the queue, and the work item that follows it should it be lost."""


def waits_for(reason: Reason, record: Record | None = None) -> Record:
    """A request that waits for a person, after a lot of trouble."""
    return (record or queued()).changed(
        waiting=Waiting(reason=reason, detail="d", remedy="r", since=NOW, alerted=True),
        raised=frozenset({f"{reason}:", "daily-limit:"}),
        confirmed=frozenset({Reason.DAILY_LIMIT}),
        not_before=AT.now + timedelta(days=7),
        failures=5,
        doubtful=Doubtful(row=CustomerQualification(qualification="Education"), since=NOW),
    )


@pytest.mark.parametrize(
    ("note", "words"),
    [(None, "confirmed (last-attempt)"), ("asked the school", "confirmed (last-attempt): asked the school")],
)
def test_what_is_confirmed_goes_on_at_once(note: str | None, words: str) -> None:
    """As if it had met no trouble: the operator reads who confirmed what, and another wait for the same is news."""
    record = waits_for(Reason.LAST_ATTEMPT)
    entry = HistoryEntry(status=Status.QUEUED, at=AT.now, by=ANNA, note=words)
    assert confirmed(record, ANNA, note, AT, decided=DECISION) == Transition(
        record.changed(
            waiting=None,
            raised=frozenset({"daily-limit:"}),
            confirmed=frozenset({Reason.DAILY_LIMIT, Reason.LAST_ATTEMPT}),
            decided=DECISION,
            history=(*record.history, entry),
            not_before=None,
            failures=0,
            doubtful=None,
            updated_at=AT.now,
            **AGAIN,
        )
    )


def test_what_waits_for_nothing_is_not_changed_by_a_confirmation() -> None:
    """Somebody else was faster."""
    assert confirmed(queued(), ANNA, None, AT) == Transition(queued())


@pytest.mark.parametrize(
    ("qualification", "verifications", "words"),
    [
        (Qualification.EDUCATION, None, ""),
        (Qualification.EDUCATION, (CERTAIN, IN_DOUBT), ""),
        (
            Qualification.EDUCATION,
            (CERTAIN, CERTAIN, IN_DOUBT),
            "; verifications counted: 2 accepted by Partner Center, 1 never answered",
        ),
        (Qualification.STATE_OWNED_ENTITY, (CERTAIN, CERTAIN, IN_DOUBT), ""),
    ],
)
def test_who_confirms_beyond_three_verifications_has_read_which_are_certain(
    qualification: Qualification, verifications: tuple[Verification, ...] | None, words: str
) -> None:
    """Should Microsoft refuse a fourth, the history shows what was known; only Education is verified."""
    customer = None if verifications is None else Customer(customer_tenant_id=CUSTOMER, verifications=verifications)
    record = waits_for(Reason.OUTCOME_UNKNOWN, queued(wanted(qualification)))
    after = confirmed(record, ANNA, "go on", AT, customer=customer).record
    assert after.history[-1].note == f"confirmed (outcome-unknown): go on{words}"


@pytest.mark.parametrize(("note", "words"), [(None, "retried"), ("the outage is over", "the outage is over")])
def test_a_retry_tries_at_once_what_waits_on_the_queue(note: str | None, words: str) -> None:
    """The operator need not wait for the next try; the history says who asked, and nothing else is forgotten."""
    record = queued(not_before=AT.now + timedelta(days=1), failures=5)
    entry = HistoryEntry(status=Status.QUEUED, at=AT.now, by=ANNA, note=words)
    assert hurried(record, ANNA, note, AT, DECISION) == Transition(
        record.changed(history=(*record.history, entry), decided=DECISION, not_before=None, updated_at=AT.now, **AGAIN)
    )


@pytest.mark.parametrize("record", [in_review(), submitting(), queued(work=None)], ids=["review", "doubt", "nothing"])
def test_a_retry_of_anything_else_reads_at_once(record: Record) -> None:
    """Nothing is sent for it: Partner Center has it, or may have it."""
    before = record.changed(not_before=AT.now + timedelta(days=1))
    entry = HistoryEntry(status=record.status, at=AT.now, by=ANNA, note="retried")
    assert hurried(before, ANNA, None, AT, DECISION) == Transition(
        record.changed(
            history=(*record.history, entry),
            decided=DECISION,
            not_before=None,
            updated_at=AT.now,
            work=Work(action=WorkAction.REVIEW, due=AT.now),
        )
    )
