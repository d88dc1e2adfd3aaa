from datetime import timedelta

import pytest

from qualification.domain.look import CustomerQualification, Look
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.vetting import accepted_with, adopted
from qualification.domain.work import Work, WorkAction
from tests.unit.builders import (
    AT,
    NEW_DENIAL,
    NO_RELATIONSHIP,
    NOW,
    OLD_DENIAL,
    POLICY,
    UNAVAILABLE,
    approved,
    in_review,
    queued,
    reviewed_as,
    row,
    submitting,
    wanted,
)
from tests.unit.domain.vetting_reads import DAY, ENDS, HOUR, Reads, fail, statuses


@pytest.mark.parametrize("word", ENDS)
@pytest.mark.parametrize("record", [submitting(), in_review()], ids=lambda each: each.status)
def test_a_request_stands_where_partner_center_says(record: Record, word: str) -> None:
    """Whether it is in doubt or in review."""
    step = Reads(record).show(row(word, created=NEW_DENIAL))
    assert (step.record.status, step.record.vetting_status) == (ENDS[word], word)
    assert statuses(step) == ([] if record.status is ENDS[word] else [ENDS[word]])


@pytest.mark.parametrize("word", ["InReview", "Approved"])
def test_the_body_of_an_accepted_write_is_an_answer(word: str) -> None:
    """At once, and the write is settled."""
    step = accepted_with(submitting(), row(word), Look((), NOW), AT)
    assert step.record.status is ENDS[word]
    assert step.record.write
    assert step.record.write.settled
    assert step.record.ms_request_id is None


@pytest.mark.parametrize("found", [None, row("Denied", created=NEW_DENIAL), row("Denied")])
def test_an_accepted_write_is_in_review_whatever_its_body_denies(found: CustomerQualification | None) -> None:
    """Nobody has vetted it yet; a body that cannot be read says nothing either."""
    step = accepted_with(submitting(), found, Look((), NOW), AT)
    assert (step.record.status, statuses(step)) == (Status.IN_REVIEW, ["InReview"])


@pytest.mark.parametrize("status", [Status.DENIED, Status.FAILED, Status.CANCELLED, Status.APPROVED])
def test_an_acceptance_that_comes_too_late_opens_nothing_again(status: Status) -> None:
    """A person has ended it, or a read has shown its answer; that it was taken is kept."""
    ended = submitting().entered(status, NOW, work=None)
    step = accepted_with(ended, row("InReview"), Look((), NOW), AT)
    assert (step.record.status, step.record.taken, step.events) == (status, True, ())


@pytest.mark.parametrize("word", ["OnHold", "Escalated to a team", "学校"])
def test_an_unknown_word_is_kept_and_reviewed_on(word: str) -> None:
    """Microsoft may add words at any time; none of them ends a request, and somebody is alerted once a word."""
    reads = Reads(in_review())
    step = reads.show(row(word))
    assert (step.record.status, step.record.vetting_status) == (Status.IN_REVIEW, word)
    assert step.record.work
    assert step.record.work.action is WorkAction.REVIEW
    assert [event.data["reason"] for event in step.events] == ["unknown-vetting-status"]
    assert reads.show(row(word), after=2 * HOUR).events == ()


def test_a_qualification_that_is_not_listed_is_still_in_review() -> None:
    """Partner Center lists some only when vetting ends; the last word it gave is kept."""
    after = Reads(in_review()).show().record
    assert (after.status, after.vetting_status) == (Status.IN_REVIEW, "InReview")


def test_a_review_without_any_row_for_a_day_waits_for_a_person() -> None:
    """Two reads a day apart; a row in between begins the day anew."""
    reads = Reads(in_review())
    reads.show()
    assert reads.show(after=HOUR + DAY - timedelta(seconds=1)).events == ()
    step = reads.show(after=HOUR + DAY)
    assert [event.data["reason"] for event in step.events] == ["review-overdue"]
    assert reads.show(row("InReview"), after=2 * DAY).record.waiting is None
    assert reads.show(after=2 * DAY + HOUR).record.waiting is None


def test_a_review_that_takes_too_long_waits_for_a_person() -> None:
    """After REVIEW_OVERDUE, with what to do; also where the read fails."""
    overdue = POLICY.review_overdue + timedelta(seconds=1)
    assert Reads(in_review()).show(row("InReview"), after=POLICY.review_overdue).events == ()
    (event,) = Reads(in_review()).show(row("InReview"), after=overdue).events
    assert event.data["reason"] == "review-overdue"
    assert event.data["remedy"]
    waiting = fail(in_review(), UNAVAILABLE, overdue).waiting
    assert waiting
    assert waiting.reason == "review-overdue"


def test_a_denial_of_now_is_believed_at_once() -> None:
    """Its moment is not before the first write, but for the minutes by which clocks differ."""
    moment = (NOW - timedelta(minutes=5)).isoformat()
    assert Reads(in_review()).show(row("Denied", created=moment)).record.status is Status.DENIED


@pytest.mark.parametrize("created", [OLD_DENIAL, None, (NOW - timedelta(minutes=5, seconds=1)).isoformat()])
def test_any_other_denial_is_believed_when_two_reads_an_hour_apart_show_it(created: str | None) -> None:
    """It may be an old one that comes back for a moment."""
    denial, reads = row("Denied", created=created), Reads(in_review())
    assert reads.show(denial).record.status is Status.IN_REVIEW
    assert reads.record.work == Work(action=WorkAction.REVIEW, due=NOW + 2 * HOUR)
    assert reads.show(denial, after=2 * HOUR - timedelta(seconds=1)).record.status is Status.IN_REVIEW
    assert reads.show(denial, after=2 * HOUR).record.status is Status.DENIED


SPELLINGS = (
    None,
    "2026-01-02",
    "01/02/2026",
    "01/02/2026: 09:59:58",
    "2026-01-02T09:59:58Z",
    "2026-01-02T09:59:58.765Z",
    "2026-01-02T09:59:58.7654321Z",
)
"""Of one moment, on the day of the write."""


@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("second", SPELLINGS)
def test_an_old_denial_is_no_answer_however_its_date_is_written(first: str | None, second: str | None) -> None:
    """It stood there before the write, dated otherwise or not at all, alone or in both spellings."""
    one, other = row("Denied", created=first), row("Denied", created=second)
    for rows in ([other], [one, other], [other, one]):
        reads = Reads(submitting(known_look=1, first_look_at=NOW))
        reads.customer = reads.customer.after(Look((one,), NOW))
        for number in range(1, 9, 2):
            assert reads.show(*rows, after=number * HOUR).record.status is Status.SUBMITTING
            assert reads.show(one, after=number * HOUR + HOUR).record.status is Status.SUBMITTING
        assert reads.show(row("Denied", created=NEW_DENIAL), after=9 * HOUR).record.status is Status.DENIED


def test_a_denial_that_began_after_one_without_a_date_was_seen_is_another() -> None:
    """Where Partner Center keeps one row, the new one takes its place."""
    reads = Reads(submitting(known_look=1, first_look_at=NOW))
    reads.customer = reads.customer.after(Look((row("Denied"),), NOW))
    later = (NOW + timedelta(seconds=1)).isoformat()
    assert reads.show(row("Denied", created=later)).record.status is Status.DENIED


def test_a_denial_older_than_the_review_that_was_adopted_is_no_answer() -> None:
    """It stood beside the review when that was adopted, and stays alone where the review's row vanishes."""
    old, review = row("Denied", created=OLD_DENIAL), row("InReview", created=NEW_DENIAL)
    reads = Reads(queued())
    look = Look((old, review), NOW)
    reads.customer = reads.customer.after(look)
    found = reads.customer.sighting(review)
    assert found is not None
    reads.record = adopted(queued(), found, reads.customer, Moment(NOW, 1.0, POLICY)).record
    for number in range(1, 9):
        assert reads.show(old, after=number * HOUR).record.status is Status.IN_REVIEW
    reads.show(old, row("Denied", created=NEW_DENIAL), after=9 * HOUR)
    assert reads.show(old, row("Denied", created=NEW_DENIAL), after=10 * HOUR).record.status is Status.DENIED


def test_a_denial_decides_nothing_beside_a_review() -> None:
    """Microsoft looks at it again."""
    rows = (row("Denied", created=NEW_DENIAL), row("InReview"))
    assert Reads(in_review()).show(*rows).record.status is Status.IN_REVIEW
    assert Reads(in_review()).show(*reversed(rows)).record.status is Status.IN_REVIEW


@pytest.mark.parametrize("rows", [(), (row("Denied"),)], ids=["not listed", "denied"])
def test_a_withdrawn_approval_is_revoked_by_two_reads(rows: tuple[CustomerQualification, ...]) -> None:
    """Six hours apart; subscribers learn of it, with what to do."""
    reads = Reads(approved())
    first = reads.show(*rows)
    assert (first.record.status, first.events) == (Status.APPROVED, ())
    assert first.record.work == Work(action=WorkAction.REVIEW, due=NOW + 7 * HOUR)
    step = reads.show(*rows, after=7 * HOUR)
    (event,) = step.events
    assert (event.data["previousStatus"], event.data["status"]) == ("Approved", "Revoked")
    assert step.record.remedy


@pytest.mark.parametrize("word", ["Approved", "InReview", "OnHold"])
def test_an_approval_that_is_shown_between_two_losses_is_none(word: str) -> None:
    """One wrong read withdraws nothing."""
    reads = Reads(approved())
    reads.show()
    assert reads.show(row(word), after=7 * HOUR).record.doubtful is None
    assert reads.show(after=14 * HOUR).record.status is Status.APPROVED


@pytest.mark.parametrize("status", [Status.DENIED, Status.REVOKED, Status.FAILED])
def test_microsoft_may_change_its_mind(status: Status) -> None:
    """An approval after the end is news; anything else is not."""
    ended = in_review().entered(status, NOW)
    for word in ("InReview", "Denied", "OnHold"):
        assert Reads(ended).show(row(word, created=NEW_DENIAL)).events == ()
    assert statuses(Reads(ended).show(row("Approved"))) == ["Approved"]


def test_a_finished_request_forgets_its_validation_code() -> None:
    """A secret that nothing needs any more is not kept."""
    after = reviewed_as(submitting(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)), "Approved")
    assert isinstance(after.request, GovernmentRequest)
    assert after.request.validation_code is None


def test_a_denial_says_what_to_do() -> None:
    """Microsoft's reason beside it, where there is one."""
    found = CustomerQualification(
        qualification="Education", vetting_status="Denied", vetting_reason="Not a school", vetting_created=NEW_DENIAL
    )
    after = Reads(in_review()).show(found).record
    assert (after.status, after.vetting_reason) == (Status.DENIED, "Not a school")
    assert after.remedy


def test_a_good_answer_ends_all_trouble() -> None:
    """Errors, back-off, doubt and wait are of the past."""
    troubled = fail(fail(submitting(remedy="Wait."), NO_RELATIONSHIP), UNAVAILABLE)
    assert troubled.waiting
    after = Reads(troubled).show(row("InReview")).record
    assert (after.error, after.remedy, after.failures, after.unread_since) == (None, None, 0, None)
    assert (after.not_before, after.waiting, after.doubtful) == (None, None, None)
    assert (after.taken, after.seen_in_review) == (True, True)
