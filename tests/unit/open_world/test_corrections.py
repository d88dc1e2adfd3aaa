"""Corrections and repeats: the newest content goes, nothing goes twice, and nobody is left wondering."""

from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.record import Record
from qualification.domain.request import EducationRequest, Qualification
from qualification.domain.status import Status
from qualification.use_cases.order import Withdrawal
from tests.unit.builders import CUSTOMER, REFUSED, UNKNOWN, order, row, wanted
from tests.unit.call_errors import UNAUTHORIZED, UNSENT
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
OLD, NEW = "contoso.edu", "contoso.org"
NOT_TAKEN = [UNSENT, UNAUTHORIZED, REFUSED]


async def says(stage: Stage, website: str, event_id: str, **changes: object) -> Record:
    """The CRM says that this is the customer's website."""
    return await stage.accept(order(wanted(website=website), event_id=event_id, **changes))


def sent(stage: Stage) -> list[object]:
    """The websites that were sent, in order."""
    requests = [request for _, _, request, _ in stage.partner_center.sent]
    return [request.website for request in requests if isinstance(request, EducationRequest)]


async def test_a_queued_request_sends_the_newest(stage: Stage) -> None:
    """The correction takes the place of the content, and the history says so."""
    first = await says(stage, OLD, "evt-1")
    second = await says(stage, NEW, "evt-2")
    assert second.request_id == first.request_id
    await stage.live(HOUR)
    assert sent(stage) == [NEW]
    notes = [entry.note for entry in (await stage.stored(first)).history]
    assert "corrected by standard: website contoso.edu -> contoso.org" in notes
    assert stage.alerts == []


async def test_the_same_content_again_is_one_request(stage: Stage) -> None:
    """Before the write, while it is out, and once it is answered."""
    first = await says(stage, OLD, "evt-1")
    before = await stage.stored(first)
    assert (await says(stage, OLD, "evt-2")).request_id == first.request_id
    assert await stage.stored(first) == before
    await stage.live(HOUR)
    assert (await says(stage, OLD, "evt-3")).request_id == first.request_id
    await stage.live(DAY)
    assert (len(stage.records), len(stage.partner_center.sent), stage.alerts) == (1, 1, [])


async def test_a_correction_is_kept_while_a_write_is_out(stage: Stage) -> None:
    """Somebody is alerted once a content; nothing is sent for it."""
    first = await says(stage, OLD, "evt-1")
    await stage.live(HOUR)
    await says(stage, NEW, "evt-2")
    await says(stage, NEW, "evt-3")
    await stage.live(DAY)
    found = await stage.stored(first)
    assert found.correction
    assert (found.status, found.correction.request) == (Status.IN_REVIEW, wanted(website=NEW))
    assert sent(stage) == [OLD]
    assert stage.alerts == ["correction-ignored"]


async def test_a_correction_of_a_write_in_doubt_keeps_the_second_from_going(stage: Stage) -> None:
    """Which of the two contents should go is a person's decision."""
    stage.partner_center.otherwise = Write(UNKNOWN, after=None)
    await says(stage, OLD, "evt-1")
    await stage.live(timedelta(minutes=10))
    await says(stage, NEW, "evt-2")
    await stage.live(2 * DAY)
    assert sent(stage) == [OLD]
    assert stage.alerts == ["correction-ignored", "outcome-unknown"]


@pytest.mark.parametrize("error", NOT_TAKEN, ids=lambda error: error.code)
async def test_a_correction_between_claim_and_not_taken_takes_its_place(
    stage: Stage, error: PartnerCenterError
) -> None:
    """In the step that finds the write not taken: the newest goes, or nothing."""

    async def corrects() -> None:
        await says(stage, NEW, "evt-2")

    stage.partner_center.writes.append(Write(error, after=None, meanwhile=corrects))
    first = await says(stage, OLD, "evt-1")
    await stage.deliver()
    found = await stage.stored(first)
    assert (found.status, found.request, found.correction) == (Status.QUEUED, wanted(website=NEW), None)
    await stage.live(3 * HOUR)
    assert sent(stage) == [OLD, NEW]
    assert (await stage.stored(first)).status is Status.IN_REVIEW


async def test_back_and_forth_ends_where_it_began(stage: Stage) -> None:
    """A, B, A: what is sent is A, once; while A is out B is kept, and A again drops it."""
    first = await says(stage, OLD, "evt-1")
    await says(stage, NEW, "evt-2")
    await says(stage, OLD, "evt-3")
    await stage.live(HOUR)
    assert sent(stage) == [OLD]
    await says(stage, NEW, "evt-4")
    await says(stage, OLD, "evt-5")
    found = await stage.stored(first)
    assert found.correction is None
    await stage.live(DAY)
    assert (sent(stage), stage.alerts) == ([OLD], ["correction-ignored"])


async def test_what_is_approved_already_costs_nothing(stage: Stage) -> None:
    """No record, no event, no read; the request that says so answers."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    first = await says(stage, OLD, "evt-1")
    await stage.live(HOUR)
    before, looks = await stage.stored(first), len(stage.partner_center.looks)
    for number in range(5):
        assert (await says(stage, OLD, f"again-{number}")).request_id == first.request_id
    assert await stage.stored(first) == before
    assert (len(stage.records), len(stage.partner_center.looks)) == (1, looks)
    assert (stage.news, stage.alerts) == (["Approved"], [])


async def test_other_content_of_what_is_approved_is_kept_and_read_for_now(stage: Stage) -> None:
    """It may be that Microsoft has withdrawn it."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    first = await says(stage, OLD, "evt-1")
    await stage.live(HOUR)
    looks = len(stage.partner_center.looks)
    assert (await says(stage, NEW, "evt-2")).request_id == first.request_id
    await stage.advance(timedelta(minutes=1))
    assert len(stage.partner_center.looks) == looks + 1
    assert (sent(stage), stage.alerts) == ([OLD], ["correction-ignored"])


async def test_a_new_request_after_a_denial_is_the_one_that_speaks(stage: Stage) -> None:
    """Two requests of one customer never publish the same decision."""
    await says(stage, OLD, "evt-1")
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(DAY)
    second = await says(stage, NEW, "evt-2")
    await stage.live(DAY)
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(20 * DAY)
    assert stage.news == ["InReview", "Denied", "InReview", "Approved"]
    ends = [event.stream for event in stage.bus.topic if event.data["status"] == "Approved"]
    assert ends == [second.request_id]


async def test_another_qualification_takes_the_place_of_the_unsent(stage: Stage) -> None:
    """The CRM's mark has changed; the first ends with a note."""
    first = await says(stage, OLD, "evt-1")
    await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), event_id="evt-2"))
    await stage.live(HOUR)
    found = await stage.stored(first)
    assert (found.status, found.history[-1].note) == (Status.CANCELLED, "superseded")
    assert [request.qualification for _, _, request, _ in stage.partner_center.sent] == ["StateOwnedEntity"]


async def test_a_mark_taken_back_ends_the_unsent(stage: Stage) -> None:
    """At once, and nothing is sent."""
    first = await says(stage, OLD, "evt-1")
    await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard"))
    await stage.live(HOUR)
    assert (await stage.stored(first)).status is Status.CANCELLED
    assert (sent(stage), stage.news) == ([], ["Cancelled"])


@pytest.mark.parametrize("error", NOT_TAKEN, ids=lambda error: error.code)
async def test_a_mark_taken_back_while_a_write_is_out_ends_it_once_it_was_not_taken(
    stage: Stage, error: PartnerCenterError
) -> None:
    """Where nothing was read at Microsoft it is cancelled, otherwise given up."""

    async def takes_back() -> None:
        await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard"))

    stage.partner_center.writes.append(Write(error, after=None, meanwhile=takes_back))
    first = await says(stage, OLD, "evt-1")
    await stage.deliver()
    found = await stage.stored(first)
    assert found.status is (Status.FAILED if error is REFUSED else Status.CANCELLED)
    await stage.live(DAY)
    assert sent(stage) == [OLD]


async def test_a_confirmed_content_that_changes_is_confirmed_again(stage: Stage) -> None:
    """What is confirmed is what was seen."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    first = await says(stage, OLD, "evt-1")
    await stage.live(HOUR)
    confirming = order(wanted(website=OLD, confirmLastAttempt=True), event_id="evt-2")
    await stage.accept(confirming)
    await says(stage, NEW, "evt-3")
    await stage.live(HOUR)
    assert sent(stage) == []
    assert stage.alerts == ["last-attempt", "last-attempt"]
    waiting = (await stage.stored(first)).waiting
    assert waiting
    assert waiting.reason == "last-attempt"
