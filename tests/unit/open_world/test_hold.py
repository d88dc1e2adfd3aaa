"""What holds everybody: a lost sign-in, an outage, a person's stop."""

from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.call_errors import AccessLost, Elsewhere, PartnerCenterError, UnderReview
from qualification.domain.status import Status
from tests.unit.builders import ACCESS_LOST, CUSTOMER, NO_RELATIONSHIP, UNAVAILABLE, UNKNOWN, order
from tests.unit.open_world.many import DAY, HOUR, many, statuses
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write


async def test_twenty_requests_under_a_lost_sign_in_are_one_event_and_few_calls(stage: Stage) -> None:
    """1,040 POSTs and 130 redemptions a day before."""
    stage.partner_center.signing_in_fails = ACCESS_LOST
    records = await many(stage, 20)
    await stage.live(DAY)
    assert len(stage.partner_center.sent) == 0
    assert stage.partner_center.sign_ins <= 24 + 20
    assert stage.alerts == ["access-lost"]
    stage.partner_center.signing_in_fails = None
    await stage.live(DAY)
    assert await statuses(stage, records) == {Status.IN_REVIEW}


async def test_an_outage_of_four_days_fails_nobody(stage: Stage) -> None:
    """One event within four hours, and all go on."""
    stage.partner_center.reading_fails = UNAVAILABLE_SILENT
    records = await many(stage, 3)
    await stage.live(4 * HOUR)
    assert stage.alerts == ["partner-center-unreachable"]
    await stage.live(4 * DAY)
    assert await statuses(stage, records) == {Status.QUEUED}
    assert stage.alerts == ["partner-center-unreachable"]
    stage.partner_center.reading_fails = None
    await stage.live(DAY)
    assert await statuses(stage, records) == {Status.IN_REVIEW}


async def test_a_page_of_a_proxy_fails_nobody(stage: Stage) -> None:
    """One cause, alerted once."""
    error = Elsewhere("http-404", "A page was answered.", partner_wide=True, http_status=404, remedy="Check the URL.")
    stage.partner_center.reading_fails = error
    records = await many(stage, 5)
    await stage.live(DAY)
    assert await statuses(stage, records) == {Status.QUEUED}
    assert stage.alerts == ["partner-center-unreachable"]


async def test_what_a_proxy_answers_to_a_write_leaves_the_write_its_id(stage: Stage) -> None:
    """Partner Center has never seen it, so it is still the same request there."""
    error = Elsewhere("http-403", "A page was answered.", partner_wide=True, http_status=403, remedy="Check the URL.")
    stage.partner_center.writes.append(Write(error=error, after=None))
    record = await stage.accept(order())
    await stage.live(3 * HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    first, second = stage.partner_center.sent
    assert first[-1] == second[-1]


async def test_a_business_state_of_days_fails_nobody(stage: Stage) -> None:
    """800073 for three days: alerted once, and it goes on."""
    under_review = UnderReview("800073", "The account is under review.", http_status=403, remedy="Wait.")
    stage.partner_center.otherwise = Write(error=under_review, after=None)
    record = await stage.accept(order())
    await stage.live(3 * DAY)
    assert stage.alerts == ["account-under-review"]
    assert len(stage.partner_center.sent) <= 3 * 6 + 2
    stage.partner_center.otherwise = Write()
    await stage.live(DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_customer_that_is_not_related_yet_waits(stage: Stage) -> None:
    """Minutes after the CRM's event Partner Center may not know it."""
    stage.partner_center.reading_fails = NO_RELATIONSHIP
    record = await stage.accept(order())
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.QUEUED
    assert stage.alerts == ["customer-unreachable"]
    assert len(stage.partner_center.looks) <= 6
    stage.partner_center.reading_fails = None
    await stage.live(2 * DAY)
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_nothing_is_written_under_a_stop(stage: Stage) -> None:
    """Requests are taken in all the same, and go on when somebody resumes."""
    await stage.service.holds.stop("operator", "an audit")
    records = await many(stage, 3)
    await stage.live(DAY)
    assert stage.partner_center.sent == []
    assert stage.alerts == ["stopped"]
    await stage.service.holds.resume()
    await stage.live(2 * HOUR)
    assert await statuses(stage, records) == {Status.IN_REVIEW}


@pytest.mark.parametrize("down", ["bus", "listener"])
async def test_a_queue_that_nobody_works_off_costs_time_only(stage: Stage, down: str) -> None:
    """The timer follows each hint itself, after ten minutes."""
    stage.bus.down = down == "bus"
    record = await stage.accept(order())
    for _ in range(30):
        await stage.advance(timedelta(minutes=1))
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert stage.partner_center.looks[0] == CUSTOMER


UNAVAILABLE_SILENT: PartnerCenterError = type(UNAVAILABLE)(
    "no-answer", "Partner Center did not answer.", remedy="Wait."
)


async def test_three_writes_in_doubt_in_a_row_hold_everybody(stage: Stage) -> None:
    """Of three different requests; reads that are answered between them do not count."""
    stage.partner_center.otherwise = Write(error=UNKNOWN, after=None)
    for record in await many(stage, 3):
        await stage.submit(record)
    assert stage.alerts == ["partner-center-unreachable"]
    (held,) = [await stage.accept(order())]
    await stage.submit(held)
    assert len(stage.partner_center.sent) == 3


async def test_a_write_that_is_answered_ends_a_row_of_doubts(stage: Stage) -> None:
    """Two, an answer, and one more are no outage."""
    in_doubt = Write(error=UNKNOWN, after=None)
    stage.partner_center.writes.extend([in_doubt, in_doubt, Write(), in_doubt])
    for record in await many(stage, 4):
        await stage.submit(record)
    assert stage.alerts == []


async def test_a_cause_that_one_customer_alone_meets_holds_nobody_else(stage: Stage) -> None:
    """1002 for one customer: once it holds everybody, until a probe of another customer is answered."""
    (own,) = await many(stage, 1)
    lost = AccessLost("1002", "Forbidden.", partner_wide=True, http_status=403, remedy="Give the role.")
    stage.partner_center.writes.append(Write(error=lost, after=None))
    await stage.submit(own)
    others = [await stage.accept(order(customer_tenant_id=UUID(int=20_000 + number))) for number in range(3)]
    await stage.live(3 * HOUR)
    assert await statuses(stage, others) == {Status.IN_REVIEW}
    stage.partner_center.otherwise = Write(error=lost, after=None)
    await stage.live(timedelta(minutes=1))
    late = await stage.accept(order(customer_tenant_id=UUID(int=30_000)))
    stage.partner_center.otherwise = Write()
    await stage.live(2 * HOUR)
    assert (await stage.stored(late)).status is Status.IN_REVIEW
    assert stage.alerts.count("access-lost") == 1


async def test_a_stop_reaches_a_write_that_is_claimed(stage: Stage) -> None:
    """A claim may take longer than a stop needs to reach every instance."""
    record = await stage.accept(order())
    stage.rows.rivals.append(lambda: stage.service.holds.stop("somebody", None))
    await stage.deliver()
    assert not stage.partner_center.sent
    assert (await stage.stored(record)).status is Status.QUEUED
    await stage.service.holds.resume()
    await stage.live(2 * HOUR)
    assert (await stage.stored(record)).attempts == 1
