import logging
from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.lifecycle import HINT_HOLDS
from qualification.domain.status import Status
from qualification.domain.transition import Step
from qualification.domain.work import QueueMessage, WorkAction
from qualification.use_cases.due_work import FOLLOWED_AT_A_TIME, RUN_FOR
from tests.unit.builders import (
    CUSTOMER,
    OTHER_CUSTOMER,
    POLICY,
    REQUEST,
    UNAVAILABLE,
    in_review,
    order,
    queued,
    row,
    submitting,
    throttled,
)
from tests.unit.life import settled_as
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

MINUTE = timedelta(minutes=1)


def published(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    """What operators read of each run: whether it was complete, whether the bus was down, how late events were."""
    runs = [vars(line) for line in caplog.records if vars(line).get("event") == "advance_run"]
    return [(run["complete"], run["busIsDown"], run["outboxLagSeconds"]) for run in runs]


async def many(stage: Stage, count: int) -> None:
    """So many customers whose requests are queued."""
    for _ in range(count):
        await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=stage.new_id()))


async def test_what_is_not_due_is_left_alone(stage: Stage) -> None:
    """A minute later it is somebody's turn."""
    await stage.put(queued())
    run = await stage.advance(by=POLICY.retry_first - timedelta(microseconds=1))
    assert (run.requeued, run.published, run.complete) == (0, 0, True)
    assert stage.bus.queue == []


async def test_a_lost_message_is_sent_again(stage: Stage) -> None:
    """With another number, because it is another message; and the next one later."""
    await stage.put(queued())
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == 1
    assert stage.bus.queue == [QueueMessage(CUSTOMER, REQUEST, 2)]
    record = await stage.stored(queued())
    assert record.messages == 2
    assert record.work
    assert record.work.due > stage.clock.now


async def test_a_hint_that_nobody_takes_is_followed(stage: Stage) -> None:
    """After ten minutes the timer submits the request itself, and no later hint is needed."""
    await stage.put(queued())
    for _ in range(HINT_HOLDS // MINUTE):
        await stage.advance(by=MINUTE)
    assert (await stage.stored(queued())).status is Status.QUEUED
    await stage.advance(by=10 * MINUTE)
    assert (await stage.stored(queued())).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


async def test_a_claim_is_never_queued_again_by_itself(stage: Stage) -> None:
    """Its worker has died: it is read, and written again when the rules of doubt say so."""
    await stage.put(submitting())
    for _ in range(20):
        await stage.advance(by=2 * MINUTE)
    assert stage.bus.queue == []
    assert len(stage.partner_center.looks) > 3


async def test_many_lost_messages_go_in_one_batch(stage: Stage) -> None:
    """And their records are saved together, too."""
    await many(stage, 65)
    stage.rows.transactions = 0
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == len(stage.bus.queue) == 65
    assert stage.rows.transactions <= 16 * 2


async def test_work_that_was_done_meanwhile_is_not_done_again(stage: Stage) -> None:
    """The run had found the item before another worker moved the record on."""
    stage.rows.page = 1
    customers = [UUID(int=number) for number in (4, 6)]
    for each in customers:
        await stage.put(queued(request_id=each, customer_tenant_id=each))

    async def others_are_at_work() -> None:
        stage.rows.rivals.clear()
        for each in customers:
            record = queued(request_id=each, customer_tenant_id=each)
            if (await stage.stored(record)).messages == 1 and each not in {m.request_id for m in stage.bus.queue}:
                await stage.put(in_review(request_id=each, customer_tenant_id=each))

    stage.rows.rivals.append(others_are_at_work)
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == len(stage.bus.queue) == 1


async def test_while_the_bus_is_down_everything_stays_due(stage: Stage) -> None:
    """Requests and events; the next run does it all."""
    stage.bus.down = True
    await stage.submit(await stage.accept(order()))
    await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    first = await stage.advance(by=MINUTE)
    assert (first.topic_is_down, first.queue_is_down, first.published, first.requeued) == (True, True, 0, 0)
    assert (stage.bus.topic, stage.bus.queue) == ([], [])
    stage.bus.down = False
    second = await stage.advance()
    assert (second.topic_is_down, second.queue_is_down, second.published, second.requeued) == (False, False, 1, 1)
    assert stage.outbox == []


async def test_a_bus_that_is_down_is_tried_once_a_run(stage: Stage) -> None:
    """Not once a page."""
    stage.bus.down = True
    stage.rows.page = 1
    await many(stage, 3)
    assert (await stage.advance(by=MINUTE)).queue_is_down
    stage.bus.down = False
    assert (await stage.advance()).requeued == 3


async def test_while_the_bus_is_down_reviews_go_on(stage: Stage) -> None:
    """Partner Center is another dependency."""
    stage.bus.down = True
    await stage.put(in_review())
    await stage.put(queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    await stage.advance(by=POLICY.review_first)
    assert (await stage.stored(in_review())).status is Status.APPROVED


async def test_events_keep_their_order_when_the_bus_was_down(stage: Stage) -> None:
    """The timer publishes the older ones before a step publishes the newest."""
    stage.bus.down = True
    stage.partner_center.writes.append(Write(vetting_status="OnHold"))
    await stage.submit(await stage.accept(order()))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    stage.bus.down = False
    stage.rows.page = 1
    await stage.advance(by=POLICY.review_first)
    await stage.advance(by=MINUTE)
    found = [(event.sequence, event.data.get("reason", event.data["status"])) for event in stage.bus.topic]
    assert found == [(1, "InReview"), (2, "unknown-vetting-status"), (3, "Approved")]


async def test_an_event_of_a_step_that_died_is_published(stage: Stage) -> None:
    """It was stored with the step; the timer leaves it to the step for a minute first."""
    await stage.put(submitting())
    state = await stage.state(CUSTOMER)
    step = settled_as(submitting(), "Approved")
    await stage.store.commit(state, [Step(state.find(REQUEST), step)])
    assert (await stage.advance()).published == 0
    assert (await stage.advance(by=MINUTE)).published == 1
    assert stage.bus.topic == list(step.events)


async def test_a_run_takes_on_nothing_when_its_time_is_over(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """It ends well inside functionTimeout; what is left is still due."""
    caplog.set_level(logging.INFO)
    stage.rows.page = 1
    await many(stage, 3)
    stage.clock.advance(MINUTE)

    async def takes_long() -> None:
        stage.clock.advance(RUN_FOR)

    stage.rows.rivals.append(takes_long)
    run = await stage.service.due_work.advance()
    assert (run.requeued, run.complete) == (1, False)
    assert published(caplog)[0][0] is False
    assert len(stage.bus.queue) == 1


async def test_no_submission_begins_that_could_not_end_in_time(stage: Stage) -> None:
    """Two writes take longer than a review: what is not begun within `follow_for` is followed by the next run."""
    stage.bus.down = True
    await many(stage, FOLLOWED_AT_A_TIME + 2)
    stage.clock.advance(HINT_HOLDS)
    takes = iter([stage.service.due_work.follow_for])
    stage.partner_center.during_a_look = lambda: stage.clock.advance(next(takes, timedelta()))
    await stage.service.due_work.advance()
    # How many of those that go side by side have begun when the first read ends is up to the event loop.
    assert 1 <= len(stage.partner_center.looks) <= FOLLOWED_AT_A_TIME
    await stage.service.due_work.advance()
    assert len(stage.partner_center.looks) == FOLLOWED_AT_A_TIME + 2


async def test_operators_see_what_a_run_left_over(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A run that Partner Center stopped is not complete: its customers are still due."""
    caplog.set_level(logging.INFO)
    await stage.advance()
    await stage.put(in_review())
    stage.partner_center.reading_fails = throttled(POLICY.review_max)
    await stage.advance(by=POLICY.review_first)
    assert published(caplog) == [(True, False, 0.0), (False, False, 0.0)]


async def test_operators_see_how_long_events_wait(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """From the moment the timer should have published the oldest, also while the bus is down."""
    caplog.set_level(logging.INFO)
    stage.bus.down = True
    await stage.submit(await stage.put(queued()))
    await stage.advance(by=2 * MINUTE)
    stage.bus.down = False
    await stage.advance(by=MINUTE)
    assert published(caplog) == [(True, True, 60.0), (True, False, 120.0)]


async def test_while_the_store_is_down_the_run_fails(stage: Stage) -> None:
    """Somebody should see it; everything is still due."""
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await stage.advance()


async def test_a_request_goes_its_way_without_any_message(stage: Stage) -> None:
    """The record is the truth, a message is only a hint: the timer alone brings it to its end."""
    stage.bus.down = True
    record = await stage.accept(order())
    stage.bus.down = False
    stage.partner_center.reading_fails = UNAVAILABLE
    await stage.advance(by=MINUTE)
    stage.partner_center.reading_fails = None
    for _ in range(10):
        await stage.advance(by=2 * MINUTE)
        stage.bus.queue.clear()
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    await stage.advance(by=POLICY.review_max)
    after = await stage.stored(record)
    assert after.status is Status.APPROVED
    assert stage.news == ["InReview", "Approved"]
    assert after.is_due(WorkAction.REVIEW, stage.clock.now + POLICY.review_approved)
