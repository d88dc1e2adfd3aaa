"""All that an answer of Partner Center's changes of a request, and what it leaves as it was."""

from datetime import timedelta

import pytest

from qualification.domain.customer import Certainty, Customer, Sighting, Verification
from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Doubtful, Record, RequestError, Write
from qualification.domain.remedies import denial_remedy
from qualification.domain.request import Mode
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import accepted_with, adopted, decided, follow, unknown_word
from qualification.domain.waiting import Reason, Waiting
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    CUSTOMER,
    MS_REQUEST,
    NEW_DENIAL,
    NOW,
    POLICY,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    row,
    submitting,
    wanted,
)

DAY = timedelta(days=1)
LATER = Moment(NOW + timedelta(hours=1), 1.0, POLICY)
ANSWER = Look((), LATER.now - timedelta(seconds=2))
EARLIER = Write(at=NOW, claimed_at=NOW, settled=True)


def troubled(record: Record) -> Record:
    """With all that went wrong before."""
    return record.changed(
        vetting_status="OnHold",
        vetting_reason="An older reason",
        error=RequestError.of(UNAVAILABLE),
        remedy="Wait.",
        failures=3,
        not_before=NOW + DAY,
        doubtful=Doubtful(row=None, since=NOW),
        confirmed=frozenset({Reason.OUTCOME_UNKNOWN}),
        ms_request_id=MS_REQUEST,
    )


def said(vetting_status: str | None, reason: str | None = None) -> CustomerQualification:
    """A row with Microsoft's reason."""
    return CustomerQualification(
        qualification="Education", vetting_status=vetting_status, vetting_reason=reason, vetting_created=NEW_DENIAL
    )


def unknown(record: Record, word: str) -> Transition:
    """A read shows a word that this service does not know."""
    return unknown_word(Transition(record), said(word), LATER)


def entered(record: Record, status: Status) -> tuple[HistoryEntry, ...]:
    """The history of a record that enters a status now."""
    return (*record.history, HistoryEntry(status=status, at=LATER.now))


def test_a_review_ends_all_trouble_before_it() -> None:
    """A person reads what is, and nothing that is over; what was confirmed is kept until a write has left."""
    before = troubled(submitting(out=False))
    after = follow(before, said("InReview", "Being looked at"), 2, LATER).record
    assert after == before.changed(
        status=Status.IN_REVIEW,
        updated_at=LATER.now,
        history=entered(before, Status.IN_REVIEW),
        vetting_status="InReview",
        vetting_reason="Being looked at",
        error=None,
        remedy=None,
        failures=0,
        not_before=None,
        out=True,
        doubtful=None,
        seen_in_review=True,
        checked_at=LATER.now,
        work=Work(action=WorkAction.REVIEW, due=LATER.now + POLICY.review_first),
        sequence=1,
        event_due=LATER.publish_at,
    )


@pytest.mark.parametrize(
    ("word", "status", "work"),
    [
        ("Approved", Status.APPROVED, POLICY.review_approved),
        ("Denied", Status.DENIED, POLICY.review_ended),
    ],
)
def test_a_decision_ends_all_that_was_open(word: str, status: Status, work: timedelta) -> None:
    """Nothing is out and nothing confirmed any more; that Microsoft had it is kept."""
    before = troubled(in_review(taken=False))
    answer = said(word, "Not an eligible Museum")
    after = follow(before, answer, 1, LATER).record
    assert after == before.changed(
        status=status,
        updated_at=LATER.now,
        history=entered(before, status),
        vetting_status=word,
        vetting_reason="Not an eligible Museum",
        error=None,
        remedy=denial_remedy(before, answer, status, 1),
        failures=0,
        not_before=None,
        out=False,
        taken=True,
        doubtful=None,
        ms_request_id=None,
        confirmed=frozenset(),
        checked_at=LATER.now,
        work=Work(action=WorkAction.REVIEW, due=LATER.now + work),
        sequence=before.sequence + 1,
        event_due=LATER.publish_at,
    )


@pytest.mark.parametrize("left", [0, 1, 2])
def test_a_denial_says_what_to_do_with_the_verifications_that_are_left(left: int) -> None:
    """Whoever reads it is told of no retry that would be refused, nor of a last one as if there were more."""
    denial = said("Denied", "Not an Academic Domain")
    expected = denial_remedy(in_review(), denial, Status.DENIED, left)
    assert follow(in_review(), denial, left, LATER).record.remedy == expected
    assert decided(in_review(), denial, Status.DENIED, LATER, left).record.remedy == expected
    spent = tuple(Verification(certainty=Certainty.CERTAIN) for _ in range(3 - left))
    customer = Customer(customer_tenant_id=CUSTOMER, verifications=spent)
    found = Sighting(row=denial, look=1, at=NOW)
    assert adopted(queued(), found, customer, LATER).record.remedy == expected


def test_an_answer_without_a_status_keeps_the_last_one() -> None:
    """An approval that is gone has no row: a person reads what Microsoft said last."""
    gone = CustomerQualification(qualification="Education")
    after = decided(approved(vetting_reason="Checked"), gone, Status.REVOKED, LATER, 2).record
    assert (after.vetting_status, after.vetting_reason) == ("Approved", None)


def test_an_accepted_write_is_settled_at_partner_centers_moment() -> None:
    """What shows later is compared with that clock; nothing of the writes before it is left."""
    before = troubled(submitting(earlier=EARLIER))
    assert before.write
    after = accepted_with(before, None, ANSWER, LATER).record
    assert after.write == before.write.model_copy(update={"settled": True, "at": ANSWER.at})
    assert (after.earlier, after.ms_request_id, after.confirmed, after.taken) == (None, None, frozenset(), True)


def test_a_write_that_comes_too_late_is_settled_too() -> None:
    """A person has ended the request meanwhile; the next read says what became of it."""
    ended = submitting(earlier=EARLIER).entered(Status.FAILED, NOW, work=None)
    after = accepted_with(ended, row("InReview"), ANSWER, LATER).record
    assert (after.earlier, after.status) == (None, Status.FAILED)
    assert after.work == Work(action=WorkAction.REVIEW, due=LATER.now + POLICY.review_first)


@pytest.mark.parametrize("body", [None, said("Denied", "Not an eligible Museum")])
def test_a_denial_in_the_body_of_an_accepted_write_is_not_shown(body: CustomerQualification | None) -> None:
    """It is an old one, for nobody has vetted this: who read it would act on it. The last word is kept."""
    after = accepted_with(submitting(vetting_status="OnHold"), body, ANSWER, LATER).record
    assert (after.status, after.vetting_status, after.vetting_reason) == (Status.IN_REVIEW, "OnHold", None)


@pytest.mark.parametrize(
    ("mode", "vetting_status", "status"),
    [
        (Mode.SYNCHRONOUS, None, Status.APPROVED),
        (Mode.SYNCHRONOUS, "InReview", Status.IN_REVIEW),
        (Mode.ASYNCHRONOUS, None, Status.IN_REVIEW),
        (Mode.ASYNCHRONOUS, "Approved", Status.APPROVED),
    ],
)
def test_only_the_synchronous_call_grants_without_a_status(
    mode: Mode, vetting_status: str | None, status: Status
) -> None:
    """Elsewhere an answer without one says nothing, and a subscriber must not sell on it."""
    record = submitting(wanted(mode=mode.value))
    assert accepted_with(record, row(vetting_status), ANSWER, LATER).record.status is status


@pytest.mark.parametrize("word", ["InReview", "Approved"])
def test_a_review_that_is_found_is_followed_as_its_own(word: str) -> None:
    """Rows of before, and of a moment before its own, are no answers; should it be ended, it is read on."""
    found = Sighting(row=said(word), look=3, at=NOW)
    customer = Customer(customer_tenant_id=CUSTOMER, looks=5)
    after = adopted(queued(), found, customer, LATER).record
    assert (after.taken, after.seen_in_review, after.known_look) == (True, True, 5)
    assert after.follows_from == found.row.moment is not None


def test_what_was_known_before_its_first_write_stays_known() -> None:
    """A review that is found after a write may be what came of that."""
    found = Sighting(row=said("InReview"), look=3, at=NOW)
    after = adopted(submitting(), found, Customer(customer_tenant_id=CUSTOMER, looks=5), LATER).record
    assert (after.known_look, after.follows_from) == (0, None)


@pytest.mark.parametrize("status", [Status.IN_REVIEW, Status.APPROVED])
def test_a_word_that_nobody_knows_is_told(status: Status) -> None:
    """Once a word; an unfinished request waits for a person over it, an approval stands and waits for nothing."""
    record = in_review() if status is Status.IN_REVIEW else approved()
    detail = "Partner Center reports the vetting status 'Re-checked', which this service does not know."
    remedy = "Look at the customer in Partner Center; the request is reviewed on."
    step = unknown(record, "Re-checked")
    (event,) = step.events
    assert (event.data["reason"], event.data["detail"], event.data["remedy"]) == (
        "unknown-vetting-status",
        detail,
        remedy,
    )
    waiting = Waiting(reason=Reason.UNKNOWN_VETTING_STATUS, detail=detail, remedy=remedy, since=LATER.now, alerted=True)
    assert step.record.waiting == (waiting if status is Status.IN_REVIEW else None)
    assert step.record.raised == {"unknown-vetting-status:Re-checked"}
    assert unknown(step.record, "Re-checked").events == ()
    assert len(unknown(step.record, "Escalated").events) == 1


def test_a_review_that_takes_too_long_has_waited_since_it_was_first_told() -> None:
    """Whoever reads how long nobody has acted reads all of it, however often it is read meanwhile."""
    overdue = in_review()
    for days in (6, 7, 8):
        overdue = follow(overdue, said("InReview"), 2, Moment(NOW + days * DAY, 1.0, POLICY)).record
    assert overdue.waiting == Waiting(
        reason=Reason.REVIEW_OVERDUE,
        detail="Vetting began on 2026-03-02 and has not ended.",
        remedy="Open a support ticket with Microsoft in Partner Center; the request is reviewed on, and you can cancel it.",
        since=NOW + 6 * DAY,
        alerted=True,
    )
