"""Customers that are gone, or that Partner Center does not show while it shows others; and answers that come again."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.call_errors import UnderReview
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, NO_RELATIONSHIP, OTHER_CUSTOMER, UNAVAILABLE, order
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def test_a_customer_that_is_gone_after_its_approval_is_alerted_once_and_read_seldom(stage: Stage) -> None:
    """Hourly reads for ever before, and no event."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.submit(await stage.accept(order()))
    stage.partner_center.failing_reads[CUSTOMER] = NO_RELATIONSHIP
    await stage.live(31 * DAY)
    stage.partner_center.looks.clear()
    await stage.live(60 * DAY)
    assert len(stage.partner_center.looks) <= 7
    assert stage.alerts == ["customer-unreachable"]
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_one_customer_that_cannot_be_read_while_others_are_is_alerted_after_four_hours(stage: Stage) -> None:
    """Once; it goes on by itself, and nobody else waits."""
    stage.partner_center.failing_reads[CUSTOMER] = UNAVAILABLE
    record = await stage.accept(order())
    for hour in range(4):
        other = await stage.accept(order(customer_tenant_id=UUID(int=60_000 + hour)))
        await stage.live(timedelta(minutes=55))
        assert (await stage.stored(other)).status is Status.IN_REVIEW
    assert stage.alerts == []
    await stage.live(2 * HOUR)
    assert stage.alerts == ["customer-unreachable"]
    waiting = (await stage.stored(record)).waiting
    assert waiting
    assert waiting.reason is Reason.CUSTOMER_UNREACHABLE
    await stage.live(3 * DAY)
    assert stage.alerts == ["customer-unreachable"]
    stage.partner_center.failing_reads.clear()
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_review_that_cannot_be_read_is_alerted_as_well(stage: Stage) -> None:
    """It stays in review."""
    record = await stage.submit(await stage.accept(order()))
    await stage.submit(await stage.accept(order(customer_tenant_id=OTHER_CUSTOMER)))
    stage.partner_center.failing_reads[CUSTOMER] = UNAVAILABLE
    await stage.live(6 * HOUR)
    assert stage.alerts == ["customer-unreachable"]
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_an_answer_that_is_replayed_by_its_id_is_met_once(stage: Stage) -> None:
    """A Partner Center that answers a known MS-RequestId as before: 82 POSTs and `Failed` with one id for all."""
    busy = Write(
        error=UnderReview("800073", "The account is under review.", http_status=403, remedy="Wait."), after=None
    )
    stage.partner_center.writes.append(busy)
    record = await stage.accept(order())
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    ids = [ms_request_id for *_, ms_request_id in stage.partner_center.sent]
    assert len(ids) == len(set(ids)) == 2
