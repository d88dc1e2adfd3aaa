"""One run of the timer: what operators read of it, and what it does over several pages of due work."""

import logging
from datetime import timedelta

import pytest

from qualification.domain.actions import cancelled
from qualification.domain.request import Qualification
from qualification.domain.transition import Step, Transition
from tests.unit.builders import AT, CUSTOMER, OTHER_CUSTOMER, POLICY, in_review, queued, row, wanted
from tests.unit.stage import Stage

MINUTE = timedelta(minutes=1)
ENDED = cancelled(in_review(), "anna", None, AT)


async def unpublished(stage: Stage) -> None:
    """A step was stored whose process died before it could publish its events."""
    request_id, customer_id = stage.new_id(), stage.new_id()
    events = [each.model_copy(update={"subject": customer_id, "stream": request_id}) for each in ENDED.events]
    record = ENDED.record.changed(request_id=request_id, customer_tenant_id=customer_id)
    await stage.store.commit(await stage.state(customer_id), [Step(None, Transition(record, tuple(events)))])


async def test_operators_read_everything_that_a_run_has_done(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A dashboard draws these numbers, and alerts compare them."""
    caplog.set_level(logging.INFO)
    await unpublished(stage)
    await stage.put(queued(customer_tenant_id=OTHER_CUSTOMER))
    await stage.put(in_review())
    await stage.put(in_review(request_id=stage.new_id(), customer_tenant_id=stage.new_id()))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    await stage.advance(by=12 * MINUTE)
    assert caplog.messages[-1] == (
        "advance_run published=1 requeued=1 lookedAt=2 changed=1 complete=True busIsDown=False"
        " outboxLagSeconds=660.0 oldestQueuedHours=0.2"
    )


async def test_what_is_published_is_counted_over_all_pages(stage: Stage) -> None:
    """Not the last page alone."""
    stage.rows.page = 1
    for _ in range(3):
        await unpublished(stage)
    assert (await stage.advance(by=2 * MINUTE)).published == 3


async def test_a_queue_that_is_down_is_told_once_a_run(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """And only by a run that has something for it."""
    stage.rows.page = 1
    stage.bus.down = True
    assert not (await stage.advance()).queue_is_down
    await stage.put(in_review())
    await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=stage.new_id()))
    await stage.advance(by=POLICY.review_first)
    told = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert told == ["1 requests stay due for the queue: the bus is down"]


async def test_two_requests_of_a_customer_on_two_pages_are_queued_once_each(stage: Stage) -> None:
    """A page is about its own requests, though all that is stored of their customers is read for it."""
    stage.rows.page = 1
    await stage.put(queued())
    await stage.put(queued(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id()))
    run = await stage.advance(by=POLICY.retry_first)
    assert (run.requeued, len(stage.bus.queue)) == (2, 2)
