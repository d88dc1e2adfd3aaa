"""What a claim changes of a request, and what it leaves as it was."""

from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.alerts import waits
from qualification.domain.lifecycle import claimed, doubt_review
from qualification.domain.look import Look
from qualification.domain.record import Doubtful, Record, Write
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Kind, Reason
from tests.unit.builders import AT, MS_REQUEST, NEW_DENIAL, NOW, POLICY, in_review, queued, row, submitting

LATER = Moment(NOW + timedelta(hours=1), 1.0, POLICY)
BEFORE = Write(at=NOW, claimed_at=NOW, settled=True)


def claim(record: Record) -> Record:
    """The record, claimed an hour later, on a read a second before."""
    look = Look((), LATER.now - timedelta(seconds=1))
    return claimed(record, look, 3, ms_request_id=MS_REQUEST, validation_code=None, moment=LATER).record


def test_a_claim_is_a_fresh_write() -> None:
    """Whatever the request waited for, doubted or failed before; another instance that reads it sees a write under way."""
    record = queued(not_before=NOW, hinted_at=NOW, doubtful=Doubtful(row=None, since=NOW), attempts=4, writes=1)
    assert claim(record) == queued(
        status=Status.SUBMITTING,
        updated_at=LATER.now,
        history=(*queued().history, HistoryEntry(status=Status.SUBMITTING, at=LATER.now)),
        attempts=5,
        writes=2,
        write=Write(at=LATER.now - timedelta(seconds=1), claimed_at=LATER.now),
        out=True,
        not_before=None,
        hinted_at=None,
        ms_request_id=MS_REQUEST,
        known_look=3,
        first_look_at=LATER.now - timedelta(seconds=1),
        doubtful=None,
        work=doubt_review(LATER.now + POLICY.write_timeout, LATER),
    )


def test_a_claim_forgets_the_doubt_of_the_write_before_it() -> None:
    """One read of a denial before the write is no first of the two that must show it after."""
    doubtful = Doubtful(row=row("Denied", created=NEW_DENIAL), since=NOW)
    assert claim(submitting(doubtful=doubtful)).doubtful is None


@pytest.mark.parametrize("out", [True, False])
def test_an_earlier_write_is_kept_only_while_it_may_take_effect(*, out: bool) -> None:
    """A refusal of the newer one ends the request unless the earlier one is still out."""
    assert claim(queued(write=BEFORE, out=out)).earlier == (BEFORE if out else None)


def test_a_repeat_has_the_id_of_the_write_in_doubt() -> None:
    """Partner Center then takes the two for one; after an answer the id is a new one."""
    kept = UUID(int=7)
    assert claim(submitting(ms_request_id=kept)).ms_request_id == kept
    assert claim(submitting(ms_request_id=None)).ms_request_id == MS_REQUEST


def test_a_review_that_is_sent_once_more_stays_in_review() -> None:
    """Subscribers are not told of a step back."""
    assert claim(in_review()).status is Status.IN_REVIEW
    assert claim(submitting()).status is Status.SUBMITTING


@pytest.mark.parametrize("reason", Reason)
def test_a_claim_ends_the_wait_for_a_decision_and_not_for_a_cause(reason: Reason) -> None:
    """A cause is gone only when the write has met another answer; until then nobody is alerted to it again."""
    record = waits(Transition(queued()), reason, "What has happened.", "What to do.", AT).record
    after = claim(record)
    assert after.waiting == (record.waiting if reason.kind is Kind.CAUSE else None)
    assert after.raised == record.raised == {f"{reason}:"}
