"""What a request that is to be written asks beforehand: what holds everybody, the customer's other requests, its rows."""

from qualification.domain.customer import Customer
from qualification.domain.look import Look
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, NOW, OLD_DENIAL, OTHER_CUSTOMER, claim, queued, row, wanted
from tests.unit.stage import Stage
from tests.unit.use_cases.holds import AT_FIRST, CAUSE, HOUR, SECOND, hold, stored_hold
from tests.unit.use_cases.rivals import rival

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


async def test_the_probe_that_gets_through_ends_the_cause(stage: Stage) -> None:
    """The others go on then."""
    await hold(stage, cause=CAUSE)
    stage.clock.advance(HOUR)
    record = await stage.submit(await stage.put(queued()))
    assert record.status is Status.IN_REVIEW
    assert (await stored_hold(stage)).cause is None


async def test_whose_probe_was_lost_lets_others_ask_first(stage: Stage) -> None:
    """What met the cause may be its own."""
    await hold(stage, cause=CAUSE.model_copy(update={"met_by": (CUSTOMER,)}))
    stage.clock.advance(HOUR)
    await stage.put(queued())
    await stage.put(queued(customer_tenant_id=OTHER_CUSTOMER))
    await stage.submit(queued())
    assert stage.partner_center.looks == []
    await stage.submit(queued(customer_tenant_id=OTHER_CUSTOMER))
    assert [customer for _, customer, _, _ in stage.partner_center.sent] == [OTHER_CUSTOMER]


async def test_so_it_does_where_the_cause_is_heard_of_after_the_look(stage: Stage) -> None:
    """Another instance has met it since this one asked what holds everybody."""
    await stage.put(queued())
    await stage.service.holds.current()
    await hold(stage, cause=CAUSE.model_copy(update={"met_by": (CUSTOMER,), "next_probe": AT_FIRST}))
    stage.partner_center.during_a_look = lambda: stage.clock.advance(6 * SECOND)
    assert (await stage.submit(queued())).status is Status.QUEUED
    assert (stage.partner_center.looks, stage.partner_center.sent) == ([CUSTOMER], [])


async def test_the_excluded_qualification_is_not_claimed_at_the_same_time(stage: Stage) -> None:
    """Another host claims it between this one's look and its claim; a customer has one of the two."""
    other = await stage.put(queued(wanted(GOVERNMENT), request_id=stage.new_id()))
    record = await stage.put(queued())
    stage.rows.rivals.append(rival(stage, lambda: stage.put(claim(other))))
    after = await stage.submit(record)
    assert stage.partner_center.sent == []
    assert after.waiting
    assert after.waiting.reason is Reason.COMBINATION_IN_REVIEW


async def test_rows_up_to_the_read_ahead_of_the_first_write_are_known(stage: Stage) -> None:
    """They answer nothing; the claim keeps the number of that read."""
    seen = Customer(customer_tenant_id=CUSTOMER).after(Look((row("Denied", created=OLD_DENIAL),), NOW))
    await stage.put(queued(), seen.model_copy(update={"looks": 7}))
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=OLD_DENIAL)]
    assert (await stage.submit(queued())).known_look == 7
