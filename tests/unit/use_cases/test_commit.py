from datetime import timedelta

import pytest
from qualification.use_cases.alarms import LONGEST_TRY

from qualification.domain.errors import PartnerCenterError, PersonNeeded, StepConflict, StoreUnavailable
from qualification.domain.lifecycle import postponed
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting import observed
from tests.unit.builders import (
    ACCESS_LOST,
    CUSTOMER,
    NO_RELATIONSHIP,
    NOW,
    OTHER_CUSTOMER,
    PARTNER,
    POLICY,
    REFUSED,
    TROUBLES,
    queued,
    row,
)
from tests.unit.stage import Stage


def waits(error: PersonNeeded) -> Record:
    """A request that waits for a person."""
    return postponed(queued(), error, sent=False, alarm=True, moment=Moment(NOW, 1.0, POLICY)).record


def goes_on(record: Record) -> Transition:
    """It has got through."""
    return observed(record, row("InReview"), moment=Moment(NOW + timedelta(hours=1), 1.0, POLICY))


async def test_a_step_is_stored_and_told(stage: Stage) -> None:
    """In this order: what is told has happened."""
    before = stage.store.put(queued())
    step = goes_on(before.record)
    after = await stage.commit(before, step)
    assert stage.stored(before.record) == after.record == step.record
    assert stage.bus.topic == list(step.events)


async def test_a_step_that_lost_the_race_tells_nothing(stage: Stage) -> None:
    """It has not happened."""
    before = stage.store.put(queued())
    stage.put(queued(attempts=1))
    with pytest.raises(StepConflict):
        await stage.commit(before, goes_on(before.record))
    assert stage.bus.topic == []


async def test_the_first_to_meet_a_cause_raises_the_alarm(stage: Stage) -> None:
    """Not the others, also where the cause is partner-wide and the customers differ."""
    other = queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER)
    assert await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    assert not await stage.alarms.falls_to(other, ACCESS_LOST, stage.clock.now)
    assert list(stage.store.causes) == [("access-lost:invalid_grant", PARTNER)]


async def test_a_cause_of_one_customer_is_kept_with_it(stage: Stage) -> None:
    """Another customer's is another alarm."""
    other = queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER)
    assert await stage.alarms.falls_to(queued(), NO_RELATIONSHIP, stage.clock.now)
    assert await stage.alarms.falls_to(other, NO_RELATIONSHIP, stage.clock.now)
    assert {subject for _, subject in stage.store.causes} == {CUSTOMER, OTHER_CUSTOMER}


async def test_a_request_that_waits_already_raises_no_alarm(stage: Stage) -> None:
    """Its try may have begun before the cause was mended, and to this request it is no news."""
    assert not await stage.alarms.falls_to(waits(ACCESS_LOST), ACCESS_LOST, stage.clock.now)
    assert stage.store.causes == {}


async def test_an_alarm_whose_owner_has_died_is_raised_by_the_next(stage: Stage) -> None:
    """It had noted the cause but not committed its own step; once it cannot any more, one other takes over."""
    dead = queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER)
    stage.put(dead)
    assert await stage.alarms.falls_to(dead, ACCESS_LOST, stage.clock.now)
    stage.clock.advance(LONGEST_TRY)
    assert not await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    stage.clock.advance(timedelta(seconds=1))
    assert await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    assert not await stage.alarms.falls_to(queued(request_id=stage.new_id()), ACCESS_LOST, stage.clock.now)


async def test_a_request_that_waits_takes_over_too(stage: Stage) -> None:
    """It met the cause while its owner could still have raised the alarm; nobody else may come."""
    dead = queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER)
    stage.put(dead)
    await stage.alarms.falls_to(dead, ACCESS_LOST, stage.clock.now)
    assert not await stage.alarms.falls_to(waits(ACCESS_LOST), ACCESS_LOST, stage.clock.now)
    stage.clock.advance(2 * LONGEST_TRY)
    assert await stage.alarms.falls_to(waits(ACCESS_LOST), ACCESS_LOST, stage.clock.now)


async def test_an_owner_that_waits_has_raised_its_alarm(stage: Stage) -> None:
    """However long the cause lasts."""
    await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    stage.store.put(waits(ACCESS_LOST))
    stage.clock.advance(timedelta(days=9))
    assert not await stage.alarms.falls_to(queued(request_id=stage.new_id()), ACCESS_LOST, stage.clock.now)
    assert not await stage.alarms.falls_to(waits(ACCESS_LOST), ACCESS_LOST, stage.clock.now)


@pytest.mark.parametrize(
    "error", [REFUSED, *(each for each in TROUBLES if not isinstance(each, PersonNeeded))], ids=lambda error: error.code
)
async def test_what_needs_nobody_alarms_nobody(stage: Stage, error: PartnerCenterError) -> None:
    """It mends itself, or is final."""
    assert not await stage.alarms.falls_to(queued(), error, stage.clock.now)
    assert stage.store.causes == {}


@pytest.mark.parametrize("error", [ACCESS_LOST, NO_RELATIONSHIP], ids=lambda error: error.code)
async def test_the_first_to_get_through_says_that_the_cause_is_mended(stage: Stage, error: PersonNeeded) -> None:
    """The next time it is news again."""
    await stage.alarms.falls_to(queued(), error, stage.clock.now)
    before = stage.store.put(waits(error))
    await stage.commit(before, goes_on(before.record))
    assert stage.store.causes == {}


async def test_who_still_waits_mends_nothing(stage: Stage) -> None:
    """Whatever else happens to it."""
    await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    before = stage.store.put(waits(ACCESS_LOST))
    await stage.commit(before, Transition(before.record.changed(messages=2)))
    assert list(stage.store.causes) == [("access-lost:invalid_grant", PARTNER)]


async def test_a_cause_is_cleared_before_the_step_is_stored(stage: Stage) -> None:
    """Should the process end between the two, somebody raises it again; the other way round nobody would ever clear it."""
    await stage.alarms.falls_to(queued(), ACCESS_LOST, stage.clock.now)
    before = stage.store.put(waits(ACCESS_LOST))
    stage.store.rivals.append(others_are_at_work)
    with pytest.raises(StoreUnavailable):
        await stage.commit(before, goes_on(before.record))
    assert stage.stored(before.record) == before.record
    assert stage.store.causes == {}


async def others_are_at_work() -> None:
    """The process ends, as far as this step can tell, right before it is stored."""
    raise StoreUnavailable("gone")
