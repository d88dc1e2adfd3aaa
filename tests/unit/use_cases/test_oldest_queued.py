"""How long the oldest request has been queued: what an alert reads where nothing else says that nobody works them off."""

from datetime import timedelta

import pytest

from qualification.domain.caller import Caller, CallerKind
from qualification.domain.decision import Wait
from qualification.domain.etag import etag
from qualification.domain.lifecycle import held
from qualification.domain.waiting import Reason
from tests.unit.builders import AT, CUSTOMER, OTHER_CUSTOMER, POLICY, REQUEST, UNAVAILABLE, queued
from tests.unit.stage import Stage

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ANNA = Caller(kind=CallerKind.COMMAND_LINE, id="anna")


async def test_it_is_the_age_of_the_oldest_that_a_run_has_found(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """However often it was put on the queue, and tried, in the meantime."""
    stage.partner_center.reading_fails = UNAVAILABLE
    await stage.put(queued())
    await stage.live(3 * HOUR)
    found = [vars(each).get("oldestQueuedHours", 0.0) for each in caplog.records]
    assert 2 <= max(found) <= 3
    later = queued(request_id=OTHER_CUSTOMER, customer_tenant_id=OTHER_CUSTOMER)
    since = later.history[0].model_copy(update={"at": stage.clock.now})
    await stage.put(later.changed(history=(since,)))
    assert (await stage.advance(by=HOUR)).oldest_queued == 4 * HOUR


async def test_what_waits_for_something_is_not_stuck(stage: Stage) -> None:
    """It has alerts of its own; and what a person has just confirmed is as new as that decision."""
    wait = Wait(Reason.CONFIRMATION_NEEDED, "A rule of yours.", "Confirm or cancel.")
    waits = await stage.put(held(queued(), wait, AT).record)
    run = await stage.advance(by=POLICY.review_ended)
    assert (run.requeued, run.oldest_queued) == (1, timedelta())
    stage.bus.down = True
    await stage.service.decisions.confirm(CUSTOMER, REQUEST, etag(await stage.stored(waits)), ANNA, {})
    stage.bus.down = False
    assert (await stage.advance(by=2 * MINUTE)).oldest_queued == 2 * MINUTE


async def test_a_run_that_finds_nothing_says_nothing(stage: Stage) -> None:
    """None is due, so none is late."""
    await stage.put(queued())
    assert (await stage.advance(by=POLICY.retry_first - MINUTE)).oldest_queued == timedelta()
