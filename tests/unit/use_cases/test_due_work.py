import logging
from datetime import timedelta
from uuid import UUID

import pytest

from qualification.domain.errors import StoreUnavailable
from qualification.domain.record import QueueMessage, Status, WorkAction
from qualification.domain.timing import Moment
from qualification.domain.vetting import observed
from qualification.use_cases.due_work import READS_AT_A_TIME, RUN_FOR
from tests.unit.builders import (
    CUSTOMER,
    NOW,
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
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

MINUTE = timedelta(minutes=1)


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    """What operators read of each run: whether it was complete, whether the bus was down, how late events were."""
    runs = [vars(line) for line in caplog.records if vars(line).get("event") == "advance_run"]
    return [(run["complete"], run["busIsDown"], run["outboxLagSeconds"]) for run in runs]


async def test_what_is_not_due_is_left_alone(stage: Stage) -> None:
    """A minute later it is somebody's turn."""
    stage.put(queued())
    run = await stage.advance(by=POLICY.retry_first - timedelta(microseconds=1))
    assert (run.requeued, run.published, run.complete) == (0, 0, True)
    assert stage.bus.queue == []


async def test_a_lost_message_is_sent_again(stage: Stage) -> None:
    """With another number, because it is another message; and the next one later."""
    stage.put(queued())
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == 1
    assert stage.bus.queue == [QueueMessage(CUSTOMER, REQUEST, 2)]
    record = stage.stored(queued())
    assert record.messages == 2
    assert record.work
    assert record.work.due > stage.clock.now


async def test_a_claim_whose_lease_is_over_is_queued_again(stage: Stage) -> None:
    """Its worker has died."""
    stage.put(submitting())
    await stage.advance(by=POLICY.lease)
    assert [message.request_id for message in stage.bus.queue] == [REQUEST]


async def test_many_lost_messages_go_in_one_batch(stage: Stage) -> None:
    """And their records are saved in one, too."""
    count = 2 * READS_AT_A_TIME + 1
    for _ in range(count):
        stage.put(queued(request_id=stage.new_id()))
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == len(stage.bus.queue) == count
    assert stage.store.batches[0] == count


async def test_work_that_was_done_meanwhile_is_not_done_again(stage: Stage) -> None:
    """The run had found the item before another worker moved the record on, or it was removed."""
    stage.store.page = 1
    for number in range(3):
        stage.put(queued(request_id=UUID(int=number)))

    async def others_are_at_work() -> None:
        stage.put(in_review(request_id=UUID(int=1)))
        del stage.store.kept[UUID(int=2)]

    stage.store.rivals.append(others_are_at_work)
    run = await stage.advance(by=POLICY.retry_first)
    assert run.requeued == 1
    assert [message.request_id for message in stage.bus.queue] == [UUID(int=0)]


async def test_while_the_bus_is_down_everything_stays_due(stage: Stage) -> None:
    """Requests and events; the next run does it all."""
    stage.bus.down = True
    record = await stage.intake.accept(order())
    stage.partner_center.writes.append(Write())
    await stage.submission.submit(CUSTOMER, record.request_id)
    stage.put(queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    first = await stage.advance(by=MINUTE)
    assert (first.topic_is_down, first.queue_is_down, first.published, first.requeued) == (True, True, 0, 0)
    assert (stage.bus.topic, stage.bus.queue) == ([], [])
    stage.bus.down = False
    second = await stage.advance()
    assert (second.topic_is_down, second.queue_is_down, second.published, second.requeued) == (False, False, 1, 1)
    assert stage.store.outbox == {}


async def test_a_bus_that_is_down_is_tried_once_a_run(stage: Stage) -> None:
    """Not once a page."""
    stage.bus.down = True
    stage.store.page = 1
    for _ in range(3):
        stage.put(queued(request_id=stage.new_id()))
    assert (await stage.advance(by=MINUTE)).queue_is_down
    stage.bus.down = False
    assert (await stage.advance()).requeued == 3


async def test_while_the_bus_is_down_reviews_go_on(stage: Stage) -> None:
    """Partner Center is another dependency."""
    stage.bus.down = True
    stage.put(in_review())
    stage.put(queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    await stage.advance(by=POLICY.review_first)
    assert stage.stored(in_review()).status is Status.APPROVED


async def test_events_keep_their_order_when_the_bus_was_down(stage: Stage) -> None:
    """The timer publishes the older ones before a step tells the newest."""
    stage.bus.down = True
    stage.put(queued())
    stage.partner_center.writes.append(Write(vetting_status="OnHold"))
    await stage.submission.submit(CUSTOMER, REQUEST)
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    stage.bus.down = False
    stage.store.page = 1
    await stage.advance(by=POLICY.review_first)
    await stage.advance(by=MINUTE)
    told = [(event.sequence, event.data.get("reason", event.data["status"])) for event in stage.bus.topic]
    assert told == [(1, "InReview"), (2, "unknown-vetting-status"), (3, "Approved")]


async def test_an_event_of_a_step_that_died_is_published(stage: Stage) -> None:
    """It was stored with the step; the timer leaves it to the step for a minute first."""
    before = stage.store.put(submitting())
    step = observed(before.record, row("Approved"), moment=Moment(NOW, 1.0, POLICY))
    await stage.store.save(before, step)
    assert (await stage.advance()).published == 0
    assert (await stage.advance(by=MINUTE)).published == 1
    assert stage.bus.topic == list(step.events)


async def test_a_run_takes_on_nothing_when_its_time_is_over(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """It ends well inside functionTimeout; what is left is still due."""
    caplog.set_level(logging.INFO)
    stage.store.page = 1
    for _ in range(3):
        stage.put(queued(request_id=stage.new_id()))
    stage.clock.advance(MINUTE)

    async def takes_long() -> None:
        stage.clock.advance(RUN_FOR)

    stage.store.rivals.append(takes_long)
    run = await stage.due_work.advance()
    assert (run.requeued, run.complete) == (1, False)
    assert told(caplog)[0][0] is False
    assert len(stage.bus.queue) == 1


async def test_operators_are_told_what_a_run_left_over(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A run that Partner Center stopped is not complete: its customers are still due."""
    caplog.set_level(logging.INFO)
    await stage.advance()
    stage.put(in_review())
    stage.partner_center.reading_fails = throttled(POLICY.review_max)
    await stage.advance(by=POLICY.review_first)
    assert told(caplog) == [(True, False, 0.0), (False, False, 0.0)]


async def test_operators_are_told_how_long_events_wait(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """From the moment the timer should have told the oldest, also while the bus is down."""
    caplog.set_level(logging.INFO)
    stage.bus.down = True
    await stage.submit(stage.put(queued()))
    await stage.advance(by=2 * MINUTE)
    stage.bus.down = False
    await stage.advance(by=MINUTE)
    assert told(caplog) == [(True, True, 60.0), (True, False, 120.0)]


async def test_while_the_store_is_down_the_run_fails(stage: Stage) -> None:
    """Somebody should see it; everything is still due."""
    stage.store.down = True
    with pytest.raises(StoreUnavailable):
        await stage.advance()


async def test_a_request_goes_its_way_without_any_message(stage: Stage) -> None:
    """The record is the truth, a message is only a hint: the timer alone brings it to its end."""
    stage.bus.down = True
    record = await stage.intake.accept(order())
    stage.bus.down = False
    stage.partner_center.writes.extend([Write(UNAVAILABLE, takes_effect=False), Write()])
    for _ in range(10):
        await stage.advance(by=2 * MINUTE)
        await stage.deliver()
    assert stage.stored(record).status is Status.IN_REVIEW
    stage.partner_center.held[CUSTOMER] = [row("Approved")]
    await stage.advance(by=POLICY.review_max)
    assert stage.stored(record).status is Status.APPROVED
    assert [event.data["status"] for event in stage.bus.topic] == ["InReview", "Approved"]
    assert stage.stored(record).is_due(WorkAction.REVIEW, NOW + timedelta(days=31))
