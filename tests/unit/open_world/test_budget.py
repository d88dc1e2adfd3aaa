"""The three education verifications of a customer, and what may not be combined."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.request import GovernmentRequest, Qualification
from qualification.domain.status import Status
from tests.unit.builders import CUSTOMER, NOW, REFUSED, UNKNOWN, order, row, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_a_late_effect_spends_one_verification(stage: Stage) -> None:
    """504, and the effect 250 seconds later: three before, counted as one."""
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=timedelta(seconds=250))
    await stage.accept(order())
    await stage.live(2 * DAY)
    assert len(stage.partner_center.sent) == 1
    customer = (await stage.state(CUSTOMER)).customer
    assert [each.certainty for each in customer.verifications] == ["certain"]


async def test_two_verifications_used_elsewhere_make_the_third_wait(stage: Stage) -> None:
    """A denial shows of each that no request explains."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    record = await stage.accept(order())
    await stage.live(2 * DAY)
    assert stage.partner_center.sent == []
    assert stage.alerts == ["last-attempt"]
    assert (await stage.stored(record)).waiting.reason == "last-attempt"  # type: ignore[union-attr]  # it waits


async def test_who_confirms_beforehand_does_not_wait(stage: Stage) -> None:
    """The request says so itself."""
    stage.partner_center.held[CUSTOMER] = [
        row("Denied", created="2025-11-20T08:00:00Z"),
        row("Denied", created="2025-12-20T08:00:00Z"),
    ]
    await stage.accept(order(wanted(confirmLastAttempt=True)))
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 1


async def test_education_in_doubt_makes_government_wait(stage: Stage) -> None:
    """A customer has one of the two."""
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None)
    await stage.accept(order())
    await stage.live(timedelta(minutes=5))
    government = await stage.accept(order(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD), source="another"))
    await stage.live(DAY)
    assert {request.qualification for _, _, request, _ in stage.partner_center.sent} == {Qualification.EDUCATION}
    waiting = (await stage.stored(government)).waiting
    assert waiting
    assert waiting.reason == "combination-in-review"


async def test_government_fails_where_education_is_approved(stage: Stage) -> None:
    """That is for good."""
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    record = await stage.accept(order(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD)))
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.FAILED


async def test_one_empty_look_beside_a_review_permits_no_write(stage: Stage) -> None:
    """A record says more than the look; only a second one, six hours later, is believed."""
    first = await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY)))
    await stage.live(HOUR)
    assert (await stage.stored(first)).status is Status.IN_REVIEW
    stage.partner_center.empty_reads = 1
    await stage.accept(order(source="another"))
    await stage.deliver()
    assert len(stage.partner_center.sent) == 1
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 2


async def test_a_row_that_an_earlier_request_explains_counts_once(stage: Stage) -> None:
    """A denial of ours is one verification, however often it is read."""
    record = await stage.accept(order())
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=NOW.isoformat())]
    await stage.live(30 * DAY)
    assert (await stage.stored(record)).status is Status.DENIED
    assert len((await stage.state(CUSTOMER)).customer.verifications) == 1


async def test_four_requests_find_codes_where_the_first_is_used_up(stage: Stage) -> None:
    """Two creates of six are left: none fails for a code that somebody else has used meanwhile."""
    creates = {"first": 1, "second": 5}
    sent: list[str] = []

    def offer() -> None:
        stage.partner_center.codes = [code for code, left in creates.items() if left]

    async def spend() -> None:
        request = stage.partner_center.sent[-1][2]
        assert isinstance(request, GovernmentRequest)
        assert request.validation_code
        code = request.validation_code.get_secret_value()
        sent.append(code)
        creates[code] -= 1
        offer()

    creates["first"] = 0
    stage.partner_center.codes = ["first", "second"]
    refused = Write(error=REFUSED, after=None, meanwhile=lambda: used_up(stage))
    stage.partner_center.writes.append(refused)
    stage.partner_center.otherwise = Write(vetting_status="Approved", meanwhile=spend)
    content = wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode=None)
    records = [await stage.accept(order(content, customer_tenant_id=UUID(int=500 + number))) for number in range(4)]
    await stage.live(HOUR)
    assert {(await stage.stored(each)).status for each in records} == {Status.APPROVED}
    assert sent == ["second"] * 4


async def used_up(stage: Stage) -> None:
    """Somebody else takes the last create of the first code."""
    stage.partner_center.codes = ["second"]


async def test_a_refusal_for_another_reason_stands(stage: Stage) -> None:
    """The code has creates left: it is not the code."""
    stage.partner_center.codes = ["first", "second"]
    stage.partner_center.otherwise = Write(error=REFUSED, after=None)
    record = await stage.accept(order(wanted(Qualification.GOVERNMENT_COMMUNITY_CLOUD, validationCode=None)))
    await stage.live(HOUR)
    assert (await stage.stored(record)).status is Status.FAILED
    assert len(stage.partner_center.sent) == 1


async def test_a_qualification_that_a_person_confirms_first_waits() -> None:
    """CONFIRM_QUALIFICATIONS; what is approved already is adopted without asking."""
    careful = Stage({"CONFIRM_QUALIFICATIONS": "StateOwnedEntity, Education"})
    record = await careful.accept(order())
    await careful.live(DAY)
    assert careful.partner_center.sent == []
    assert careful.alerts == ["confirmation-needed"]
    careful.partner_center.held[CUSTOMER] = [row("Approved")]
    await careful.live(8 * DAY)
    assert (await careful.stored(record)).status is Status.APPROVED


async def test_a_third_denial_is_told_as_one(stage: Stage) -> None:
    """No request would be sent any more, so nobody is told to make one."""
    stage.partner_center.held[CUSTOMER] = [row("Denied", created="2025-11-20T08:00:00Z")]
    stage.partner_center.held[CUSTOMER].append(row("Denied", created="2025-12-20T08:00:00Z"))
    record = await stage.accept(order(wanted(confirmLastAttempt=True)))
    await stage.live(timedelta(hours=1))
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(timedelta(hours=8))
    record = await stage.stored(record)
    assert record.status is Status.DENIED
    assert "support ticket" in (record.remedy or "")
    assert "retry" not in (record.remedy or "")
