"""Which row answers, where Partner Center shows several, old ones, undated ones, or one wrong look."""

from datetime import timedelta

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.status import Status
from tests.unit.builders import CUSTOMER, NOW, REFUSED, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BY = Caller(kind=CallerKind.FUNCTION_KEY, id="0a1b2c3d")
OLD = "2025-11-20T08:00:00Z"


@pytest.mark.parametrize("word", [None, ""])
async def test_education_without_a_word_is_in_review(stage: Stage, word: str | None) -> None:
    """Never an approval; somebody is alerted once."""
    stage.partner_center.otherwise = Write(vetting_status=word)
    record = await stage.accept(order())
    await stage.live(3 * DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert stage.alerts == ["unknown-vetting-status"]
    assert "Approved" not in stage.news


async def test_the_answer_to_the_synchronous_put_is_the_grant_itself(stage: Stage) -> None:
    """It is a word for the qualification and has no status, because nothing is vetted."""
    stage.partner_center.otherwise = Write(vetting_status=None)
    await stage.accept(order(wanted(mode="synchronous")))
    await stage.live(timedelta(minutes=2))
    assert stage.news == ["Approved"]
    assert stage.alerts == []


@pytest.mark.parametrize(
    "old",
    [row("Denied", created=OLD), row("Denied"), row("denied", created="2025-11-20T08:00:00.0000000+00:00")],
    ids=["dated", "undated", "spelled differently"],
)
async def test_an_old_denial_answers_nothing(stage: Stage, old: object) -> None:
    """It stood there before the first write; the later approval is seen."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD) if old is None else old]  # type: ignore[list-item]  # parametrized
    stage.partner_center.otherwise = Write(after=None)
    record = await stage.accept(order())
    await stage.live(2 * DAY)
    assert "Denied" not in stage.news
    stage.partner_center.held[CUSTOMER].append(row("Approved", created=stage.clock.now.isoformat()))
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_an_old_denial_beside_the_new_review_answers_nothing(stage: Stage) -> None:
    """In any order."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD)]
    stage.partner_center.otherwise = Write(replaces=False)
    record = await stage.accept(order())
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    stage.partner_center.held[CUSTOMER].reverse()
    await stage.live(2 * DAY)
    assert stage.news == ["InReview"]


async def test_a_new_denial_is_believed(stage: Stage) -> None:
    """It is younger than the first write."""
    record = await stage.accept(order())
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(6 * HOUR)
    assert (await stage.stored(record)).status is Status.DENIED


async def test_a_row_that_turns_back_to_the_same_denial_is_a_denial(stage: Stage) -> None:
    """It was seen in review meanwhile; two reads an hour apart show it."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD)]
    record = await stage.accept(order())
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD)]
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.DENIED


async def test_denial_and_approval_of_the_same_day_are_an_approval(stage: Stage) -> None:
    """Dated by the day alone."""
    record = await stage.accept(order())
    await stage.live(HOUR)
    day = NOW.date().isoformat()
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=day), row("Approved", created=day)]
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_one_empty_look_at_an_approved_customer_changes_nothing(stage: Stage) -> None:
    """No event, no POST; only two of them, six hours apart, are a withdrawal."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.accept(order())
    await stage.live(DAY)
    stage.partner_center.empty_reads = 1
    await stage.live(40 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED
    assert len(stage.partner_center.sent) == 1
    assert stage.news == ["Approved"]
    stage.partner_center.held[CUSTOMER] = []
    await stage.live(40 * DAY)
    assert (await stage.stored(record)).status is Status.REVOKED
    assert len(stage.partner_center.sent) == 1


async def test_an_unknown_word_after_an_approval_is_alerted_once(stage: Stage) -> None:
    """It is no withdrawal."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.accept(order())
    await stage.live(DAY)
    stage.partner_center.held[CUSTOMER] = [row("Expired", created=NOW.isoformat())]
    await stage.live(120 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED
    assert stage.alerts == ["unknown-vetting-status"]


async def test_a_denial_that_becomes_an_approval_is_seen(stage: Stage) -> None:
    """Microsoft's own advice after a denial is a support ticket."""
    record = await stage.accept(order())
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(2 * DAY)
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(10 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED
    assert stage.news == ["InReview", "Denied", "Approved"]


async def test_an_adopted_approval_stays(stage: Stage) -> None:
    """It was there before the request, and is the row that answers it: looks that show it on take nothing back."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD), row("Approved", created=NOW.isoformat())]
    record = await stage.accept(order())
    await stage.live(70 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED
    assert stage.news == ["Approved"]
    assert not stage.partner_center.sent


@pytest.mark.parametrize("adopts", [False, True], ids=["written", "adopted"])
async def test_a_review_that_vanishes_beside_an_old_denial_is_not_denied_by_it(stage: Stage, *, adopts: bool) -> None:
    """The denial stood there all the while, with its own date: nobody has decided this review."""
    held = stage.partner_center.held
    held[CUSTOMER] = [row("Denied", created=OLD)]
    stage.partner_center.otherwise = Write(replaces=False)
    if adopts:
        first = await stage.accept(order(event_id="evt-0"))
        await stage.live(HOUR)
        await stage.service.decisions.cancel(CUSTOMER, first.request_id, BY, {})
    record = await stage.accept(order())
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    held[CUSTOMER] = [row("Denied", created=OLD)]
    await stage.live(4 * DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert "Denied" not in stage.news
    assert "review-overdue" in stage.alerts


async def test_a_denial_beside_the_review_that_is_adopted_is_no_answer_to_it(stage: Stage) -> None:
    """The review was shown first, began first, and vanishes: that nobody has decided."""
    held = stage.partner_center.held
    first = await stage.accept(order())
    await stage.live(HOUR)
    held[CUSTOMER] = [*held[CUSTOMER], row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(HOUR)
    await stage.service.decisions.cancel(CUSTOMER, first.request_id, BY, {})
    second = await stage.accept(order(event_id="evt-2"))
    await stage.live(HOUR)
    assert (await stage.stored(second)).status is Status.IN_REVIEW
    del held[CUSTOMER][0]
    await stage.live(4 * DAY)
    assert (await stage.stored(second)).status is Status.IN_REVIEW
    assert "Denied" not in stage.news


async def test_an_approval_that_a_known_denial_withdrew_answers_nothing(stage: Stage) -> None:
    """One look lacks the review: what is left has been told of the request before."""
    withdrawn = [row("Approved", created="2025-11-20T08:00:00Z"), row("Denied", created="2025-11-21T08:00:00Z")]
    stage.partner_center.held[CUSTOMER] = list(withdrawn)
    stage.partner_center.otherwise = Write(replaces=False)
    record = await stage.accept(order(wanted(confirmLastAttempt=True)))
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    stage.partner_center.held[CUSTOMER] = list(withdrawn)
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert stage.news == ["InReview"]


async def test_a_refused_request_is_read_on(stage: Stage) -> None:
    """It is the newest, and speaks when Microsoft changes its mind about the one before."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD)]
    stage.partner_center.writes.append(Write(error=REFUSED, after=None))
    record = await stage.accept(order())
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.FAILED
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=OLD)]
    await stage.live(8 * DAY)
    assert stage.news == ["Failed", "Approved"]
