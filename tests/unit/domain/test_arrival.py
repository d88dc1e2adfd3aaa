"""What a sender's event does to the requests that are there."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.arrival import Arrival, arrive, take_back
from qualification.domain.correction import SUPERSEDED, TAKEN_BACK
from qualification.domain.errors import ActiveRequestExists, Overtaken, StoreUnavailable
from qualification.domain.record import Record
from qualification.domain.request import Qualification, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.transition import Step, Transition
from qualification.domain.waiting import Reason, Waiting
from qualification.use_cases.order import fingerprint
from tests.unit.builders import NOW, REQUEST, approved, in_review, queued, submitting, wanted
from tests.unit.domain.arrivals import CRM, LATER, NEW, OTHER, arriving, customer, dated

HOUR = timedelta(hours=1)
ELSEWHERE = wanted(website="fabrikam.edu")
GOVERNMENT = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
LAST = Waiting(reason=Reason.LAST_ATTEMPT, detail="Two are spent.", remedy="Confirm.", since=NOW)


def history_of(step: Step) -> HistoryEntry:
    """What a step adds to the history last."""
    return step.transition.record.history[-1]


def test_the_first_event_of_a_customer_begins_a_request() -> None:
    """It is queued, and its history says who asked and what was left out of it."""
    arrival = arrive(arriving(note="website left out"), customer(), LATER)
    (step,) = arrival.steps
    assert (step.before, arrival.answered_by, arrival.begins, arrival.is_noted) == (
        None,
        step.transition.record,
        True,
        True,
    )
    assert arrival.answered_by.history == (
        HistoryEntry(status=Status.QUEUED, at=LATER.now, by=None, note="website left out"),
    )
    assert arrival.answered_by.hinted_at == LATER.now


def test_an_overtaken_event_is_answered_by_the_request_that_took_the_newer_one() -> None:
    """It leaves no trace, not even its name: it may be sent again."""
    record = queued()
    state = customer(record, newest=dated(NOW + HOUR))
    assert arrive(arriving(ELSEWHERE, occurred_at=NOW), state, LATER) == Arrival((), record, is_noted=False)


def test_an_event_of_the_same_moment_is_not_overtaken() -> None:
    """A CRM's clock may tick in seconds."""
    arrival = arrive(arriving(ELSEWHERE, occurred_at=NOW), customer(queued(), newest=dated(NOW)), LATER)
    assert arrival.answered_by.request == ELSEWHERE


@pytest.mark.parametrize("request_id", [None, OTHER], ids=["a mark taken back", "a request that is gone"])
def test_what_no_request_answers_for_is_refused_as_overtaken(request_id: UUID | None) -> None:
    """The CRM administrator reads whose newer event came before."""
    state = customer(newest=dated(NOW + HOUR, request_id))
    with pytest.raises(Overtaken, match=r"^A newer event of standard has come before\.$"):
        arrive(arriving(occurred_at=NOW), state, LATER)


def test_nothing_begins_beside_a_newest_request_that_cannot_be_read() -> None:
    """It might be sent twice; the operator reads which request it is."""
    state = customer(queued())
    unreadable = replace(state, records=(), unreadable=1)
    told = f"^the newest request {REQUEST} cannot be read by this version$"
    with pytest.raises(StoreUnavailable, match=told):
        arrive(arriving(), unreadable, LATER)


def test_an_approval_keeps_other_content_for_whoever_retries() -> None:
    """It sends nothing, and its moment is the event's."""
    arrival = arrive(arriving(ELSEWHERE), customer(approved()), LATER)
    (step,) = arrival.steps
    kept = step.transition.record
    assert (kept.correction and kept.correction.request, kept.updated_at) == (ELSEWHERE, LATER.now)
    assert history_of(step).at == LATER.now


def test_an_approval_that_is_asked_for_again_leaves_no_trace() -> None:
    """Nor is its name remembered."""
    record = approved()
    assert arrive(arriving(), customer(record), LATER) == Arrival((), record, is_noted=False)


def test_another_qualification_waits_for_a_write_that_is_out() -> None:
    """It is kept there; what was not sent for a third one ends at once, superseded by this sender."""
    out, unsent = submitting(), queued(wanted(Qualification.STATE_OWNED_ENTITY), request_id=OTHER)
    arrival = arrive(arriving(GOVERNMENT), customer(out, unsent), LATER)
    kept, ended = arrival.steps
    assert kept.before is not None
    assert ended.before is not None
    assert (kept.before.record, ended.before.record) == (out, unsent)
    assert arrival.answered_by == kept.transition.record
    assert arrival.answered_by.correction is not None
    assert arrival.answered_by.correction.request == GOVERNMENT
    assert history_of(ended) == HistoryEntry(status=Status.CANCELLED, at=LATER.now, by=CRM, note=SUPERSEDED)
    assert not arrival.begins


def test_what_waits_already_for_a_write_that_is_out_is_answered_by_that() -> None:
    """The same event twice changes nothing."""
    out = arrive(arriving(GOVERNMENT), customer(submitting()), LATER).answered_by
    assert arrive(arriving(GOVERNMENT), customer(out), LATER) == Arrival((), out)


def test_a_correction_ends_what_the_sender_asked_for_of_another_qualification() -> None:
    """Once: what its sender has ended before is left alone."""
    education, government = queued(), queued(GOVERNMENT, request_id=OTHER)
    corrected, ended = arrive(arriving(ELSEWHERE), customer(education, government), LATER).steps
    assert corrected.transition.record.request == ELSEWHERE
    assert ended.before is not None
    assert ended.before.record == government
    assert history_of(ended) == HistoryEntry(status=Status.CANCELLED, at=LATER.now, by=CRM, note=SUPERSEDED)
    before = submitting(GOVERNMENT, request_id=OTHER, withdrawn=SUPERSEDED)
    assert len(arrive(arriving(ELSEWHERE), customer(education, before), LATER).steps) == 1


def test_the_api_is_refused_beside_an_unfinished_request() -> None:
    """Its answer names the request."""
    with pytest.raises(ActiveRequestExists):
        arrive(arriving(ELSEWHERE, joins=False), customer(queued()), LATER)


def test_a_sender_may_allow_the_last_verification_by_its_next_event() -> None:
    """The history says who did."""
    arrival = arrive(arriving(wanted(confirmLastAttempt=True)), customer(queued(waiting=LAST)), LATER)
    assert arrival.answered_by.confirmed == {Reason.LAST_ATTEMPT}
    assert arrival.answered_by.history[-1] == HistoryEntry(
        status=Status.QUEUED, at=LATER.now, by=CRM, note="confirmed (last-attempt)"
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (wanted(), Reason.LAST_ATTEMPT),
        (wanted(website="fabrikam.edu", confirmLastAttempt=True), Reason.LAST_ATTEMPT),
        (wanted(confirmLastAttempt=True), Reason.DAILY_LIMIT),
    ],
    ids=["the same once more", "other content", "what waits for something else"],
)
def test_nothing_else_allows_it(content: QualificationRequest, reason: Reason) -> None:
    """A verification is spent only on what somebody has allowed it for."""
    waits = queued(waiting=LAST.model_copy(update={"reason": reason}))
    assert not arrive(arriving(content), customer(waits), LATER).answered_by.confirmed


def test_a_mark_that_was_taken_back_may_be_set_again() -> None:
    """While its write is out; the history says when and by whom."""
    record = submitting(withdrawn=TAKEN_BACK)
    (step,) = arrive(arriving(), customer(record), LATER).steps
    again = HistoryEntry(status=Status.SUBMITTING, at=LATER.now, by=CRM, note="mark set again")
    assert step.transition == Transition(
        record.changed(withdrawn=None, updated_at=LATER.now, history=(*record.history, again))
    )


def test_taking_back_ends_only_what_the_crm_has_asked_for() -> None:
    """Each unfinished request of its own, and none a second time."""
    mine, before = queued(), submitting(GOVERNMENT, request_id=OTHER, withdrawn=TAKEN_BACK)
    steps = take_back(customer(mine, before), CRM, "standard (key 1)", LATER)
    assert [each.before and each.before.record for each in steps] == [mine]
    assert history_of(steps[0]) == HistoryEntry(
        status=Status.CANCELLED, at=LATER.now, by="standard (key 1)", note=TAKEN_BACK
    )
    assert not take_back(customer(mine), "hubspot", "hubspot", LATER)


def test_a_kept_correction_tells_whose_event_it_was() -> None:
    """A request that takes its place later is begun under that event's id."""
    kept = arrive(arriving(ELSEWHERE), customer(in_review()), LATER).answered_by.correction
    assert kept is not None
    assert kept.model_dump(exclude={"request"}) == {
        "fingerprint": fingerprint(ELSEWHERE),
        "source": CRM,
        "at": LATER.now,
        "code_given": False,
        "request_id": NEW,
        "requested_by": None,
    }


def test_an_event_of_another_source_leaves_requests_of_others_alone() -> None:
    """Two CRMs may each ask for a qualification of their own."""
    records: list[Record] = [queued(GOVERNMENT, request_id=OTHER)]
    arrival = arrive(arriving(source="hubspot"), customer(*records), LATER)
    assert (arrival.begins, len(arrival.steps)) == (True, 1)
