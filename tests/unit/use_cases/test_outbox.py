import pytest

from qualification.domain.errors import BusUnavailable, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.domain.transition import Step
from qualification.domain.waits import unknown
from qualification.use_cases.outbox import Outbox
from tests.unit.builders import AT, OTHER_CUSTOMER, POLICY, REQUEST, in_review, submitting
from tests.unit.stage import Stage


async def step(stage: Stage, before: Record) -> tuple[Event, ...]:
    """A step with an event is stored; telling it is up to the test."""
    await stage.put(before)
    state = await stage.state(before.customer_tenant_id)
    transition = unknown(before, "Nobody knows.", AT)
    await stage.store.commit(state, [Step(state.find(before.request_id), transition)])
    return transition.events


def outbox(stage: Stage) -> Outbox:
    """What publishes them."""
    return stage.service.due_work.outbox


async def test_a_step_tells_its_events_at_once(stage: Stage) -> None:
    """And takes them out of the store."""
    events = await step(stage, submitting())
    await outbox(stage).publish_own(submitting(), events)
    assert stage.bus.topic == list(events)
    assert stage.outbox == []


async def test_an_older_event_goes_first(stage: Stage) -> None:
    """While it waits, the newer one waits behind it for the timer: order comes before speed."""
    await step(stage, submitting())
    before = await stage.stored(submitting())
    await outbox(stage).publish_own(before, await step(stage, before.changed(writes=2)))
    assert stage.bus.topic == []
    await stage.advance(by=POLICY.publish_after * 2)
    assert [event.sequence for event in stage.bus.topic] == sorted(event.sequence for event in stage.bus.topic)
    assert stage.outbox == []


async def test_nothing_to_tell_asks_nobody(stage: Stage) -> None:
    """Most steps have no event."""
    stage.rows.down = stage.bus.down = True
    await outbox(stage).publish_own(submitting(), ())


@pytest.mark.parametrize("trouble", ["bus down", "bus stuck", "store down"])
async def test_what_cannot_be_told_now_is_told_by_the_timer(stage: Stage, trouble: str) -> None:
    """The step itself is stored, so it does not fail for that, nor wait for longer than PATIENCE."""
    events = await step(stage, in_review())
    stage.bus.down, stage.bus.stuck, stage.rows.down = (
        trouble == each for each in ("bus down", "bus stuck", "store down")
    )
    await outbox(stage).publish_own(in_review(), events)
    assert list(stage.outbox) == list(events)


async def test_a_store_that_is_lost_after_publishing_repeats_the_event(stage: Stage) -> None:
    """At least once: the same id lets a subscriber drop the repeat."""
    (event,) = await step(stage, submitting())
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await outbox(stage).publish([event])
    stage.rows.down = False
    await outbox(stage).publish([event])
    assert [each.id for each in stage.bus.topic] == [f"{REQUEST}:1", f"{REQUEST}:1"]


async def test_events_that_are_not_on_the_topic_stay_in_the_store(stage: Stage) -> None:
    """All of the batch."""
    events = await step(stage, submitting())
    stage.bus.down = True
    with pytest.raises(BusUnavailable):
        await outbox(stage).publish(events)
    assert len(stage.outbox) == len(events)


async def test_events_about_many_customers_go_together(stage: Stage) -> None:
    """In the order given, and each is taken out where its customer is stored."""
    first = await step(stage, submitting())
    second = await step(stage, submitting(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    await outbox(stage).publish([*first, *second])
    assert stage.bus.topic == [*first, *second]
    assert stage.outbox == []
