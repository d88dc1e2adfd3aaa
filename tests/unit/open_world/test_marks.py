"""A mark that is taken back, set again, or changed to another kind: one of the two is sent, and it is the right one."""

from datetime import timedelta

import pytest

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import PreconditionFailed
from qualification.domain.etag import etag
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.use_cases.order import Withdrawal
from tests.unit.builders import CODE, CUSTOMER, REFUSED, order, row, wanted
from tests.unit.call_errors import UNAUTHORIZED, UNSENT
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOT_TAKEN = [UNSENT, UNAUTHORIZED, REFUSED]
STATE_OWNED = wanted(Qualification.STATE_OWNED_ENTITY)
GOVERNMENT = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe")


def sent(stage: Stage) -> list[str]:
    """Which qualifications were sent, in order."""
    return [request.qualification for _, _, request, _ in stage.partner_center.sent]


async def another_kind(stage: Stage, event_id: str = "evt-2") -> Record:
    """The CRM's mark is another one now."""
    return await stage.accept(order(STATE_OWNED, event_id=event_id))


async def test_another_kind_waits_while_a_write_is_out(stage: Stage) -> None:
    """Both must not be sent: it is kept with the request, and somebody is told."""
    first = await stage.accept(order())
    await stage.live(HOUR)
    assert (await another_kind(stage)).request_id == first.request_id
    await another_kind(stage, "evt-3")
    await stage.live(2 * DAY)
    found = await stage.stored(first)
    assert (sent(stage), stage.alerts) == (["Education"], ["correction-ignored"])
    assert found.correction
    assert found.correction.request == STATE_OWNED
    note = "kept and not sent, from standard: qualification Education -> StateOwnedEntity"
    assert any(entry.note and entry.note.startswith(note) for entry in found.history)


@pytest.mark.parametrize("error", NOT_TAKEN, ids=lambda error: error.code)
async def test_another_kind_begins_in_the_step_that_finds_the_write_not_taken(
    stage: Stage, error: PartnerCenterError
) -> None:
    """The old one ends, and the new one answers for the event from then on."""

    async def changes() -> None:
        await stage.accept(order(GOVERNMENT, event_id="evt-2"))

    stage.partner_center.writes.append(Write(error, after=None, meanwhile=changes))
    first = await stage.accept(order())
    await stage.deliver()
    found = await stage.stored(first)
    assert (found.status.is_active, found.history[-1].note) == (False, "superseded")
    second = await stage.accept(order(GOVERNMENT, event_id="evt-2"))
    assert (second.request_id != first.request_id, second.status) == (True, Status.QUEUED)
    await stage.live(3 * HOUR)
    assert sent(stage) == ["Education", "GovernmentCommunityCloud"]
    request = stage.partner_center.sent[-1][2]
    assert getattr(request, "validation_code", None)
    assert CODE not in str((await stage.stored(first)).model_dump())


async def test_a_denial_is_followed_by_a_retry_of_what_the_crm_wants_now(stage: Stage) -> None:
    """The remedy names it; nothing goes by itself."""
    first = await stage.accept(order())
    await stage.live(HOUR)
    await another_kind(stage)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(DAY)
    found = await stage.stored(first)
    assert found.status is Status.DENIED
    assert "Newer content from standard is kept; a retry sends it." in (found.remedy or "")
    assert sent(stage) == ["Education"]
    await stage.service.decisions.retry(CUSTOMER, first.request_id, ANNA, {})
    await stage.live(HOUR)
    assert sent(stage) == ["Education", "StateOwnedEntity"]


@pytest.mark.parametrize("named", [True, False])
async def test_a_kind_that_is_chosen_back_is_the_one_that_goes(stage: Stage, named: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """School, state-owned, school again, before anything was sent."""
    for number, content in enumerate([wanted(), STATE_OWNED, wanted()]):
        await stage.accept(order(content, event_id=f"evt-{number}" if named else None))
    await stage.live(HOUR)
    assert (sent(stage), stage.alerts) == (["Education"], [])


async def test_a_kind_that_is_chosen_back_while_a_write_is_out_is_no_correction(stage: Stage) -> None:
    """What is out is what is wanted again."""
    first = await stage.accept(order())
    await stage.live(HOUR)
    await another_kind(stage)
    await stage.accept(order(event_id="evt-3"))
    assert (await stage.stored(first)).correction is None


async def test_a_mark_that_is_set_again_is_wanted_again(stage: Stage) -> None:
    """Taken back and set again while the write was out: the request goes on."""

    async def wavers() -> None:
        await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard"))
        await stage.accept(order(event_id="evt-2"))

    stage.partner_center.writes.append(Write(UNSENT, after=None, meanwhile=wavers))
    first = await stage.accept(order())
    await stage.deliver()
    await stage.live(HOUR)
    assert (await stage.stored(first)).status is Status.IN_REVIEW
    assert sent(stage) == ["Education", "Education"]


async def test_a_mark_taken_back_while_a_write_is_out_is_told(stage: Stage) -> None:
    """Microsoft may approve what nobody wants any more; once is enough."""
    first = await stage.accept(order())
    await stage.live(HOUR)
    anna = Caller(kind=CallerKind.USER, id="anna")
    for _ in range(3):
        await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "standard", anna))
    assert stage.alerts == ["correction-ignored"]
    entry = (await stage.stored(first)).history[-1]
    assert (entry.by, entry.note) == ("standard (user anna)", "mark taken back; a write is out")


async def test_another_crm_takes_back_nothing(stage: Stage) -> None:
    """Nor a request that was made over the API."""
    await stage.accept(order())
    assert await stage.service.intake.withdraw(Withdrawal(CUSTOMER, "another")) is None
    await stage.live(HOUR)
    assert sent(stage) == ["Education"]


async def test_a_correction_between_reading_and_confirming_is_confirmed_anew(stage: Stage) -> None:
    """What is confirmed is what was seen."""
    careful = Stage({"CONFIRM_QUALIFICATIONS": "Education"})
    first = await careful.accept(order())
    await careful.live(HOUR)
    seen = etag(await careful.stored(first))
    await careful.accept(order(wanted(website="contoso.org"), event_id="evt-2"))
    with pytest.raises(PreconditionFailed):
        await careful.service.decisions.confirm(CUSTOMER, first.request_id, seen, ANNA, {})
    await careful.live(HOUR)
    assert sent(careful) == sent(stage) == []


async def test_a_flood_of_corrections_makes_a_record_of_limited_size(stage: Stage) -> None:
    """The newest counts; of the notes and the alerts some do."""
    first = await stage.accept(order())
    for number in range(100):
        await stage.accept(order(wanted(website=f"n{number}.example"), event_id=f"before-{number}"))
    assert len((await stage.stored(first)).history) <= 22
    await stage.live(HOUR)
    for number in range(100):
        await stage.accept(order(wanted(website=f"m{number}.example"), event_id=f"after-{number}"))
    found = await stage.stored(first)
    assert found.correction
    assert found.correction.request == wanted(website="m99.example")
    assert (len(found.history) <= 25, len(stage.alerts)) == (True, 10)
