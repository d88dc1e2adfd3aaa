import pytest

from qualification.domain.errors import BusUnavailable, StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.domain.timing import Moment
from qualification.domain.vetting import observed
from tests.unit.builders import NOW, OTHER_CUSTOMER, POLICY, REQUEST, in_review, queued, row
from tests.unit.stage import Stage


async def step(stage: Stage, before: Record) -> tuple[Event, ...]:
    """A step with an event is stored; telling it is up to the test."""
    stored = stage.store.put(before)
    transition = observed(before, row("OnHold"), moment=Moment(NOW, 1.0, POLICY))
    await stage.store.save(stored, transition)
    return transition.events


async def test_a_step_tells_its_events_at_once(stage: Stage) -> None:
    """And takes them out of the store."""
    events = await step(stage, queued())
    await stage.outbox.publish_own(queued(), events)
    assert stage.bus.topic == list(events)
    assert stage.store.outbox == {}


async def test_an_older_event_goes_first(stage: Stage) -> None:
    """While it waits, the newer one waits behind it for the timer: order comes before speed."""
    await step(stage, queued())
    before = stage.stored(queued())
    await stage.outbox.publish_own(before, await step(stage, before.changed(vetting_status=None, raised=frozenset())))
    assert stage.bus.topic == []
    await stage.advance(by=POLICY.review_first)
    assert [event.sequence for event in stage.bus.topic] == sorted(event.sequence for event in stage.bus.topic)
    assert stage.store.outbox == {}


async def test_nothing_to_tell_asks_nobody(stage: Stage) -> None:
    """Most steps have no event."""
    stage.store.down = stage.bus.down = True
    await stage.outbox.publish_own(queued(), ())


@pytest.mark.parametrize("trouble", ["bus down", "bus stuck", "store down"])
async def test_what_cannot_be_told_now_is_told_by_the_timer(stage: Stage, trouble: str) -> None:
    """The step itself is stored, so it does not fail for that, nor wait for longer than PATIENCE."""
    events = await step(stage, in_review())
    stage.bus.down, stage.bus.stuck, stage.store.down = (
        trouble == each for each in ("bus down", "bus stuck", "store down")
    )
    await stage.outbox.publish_own(in_review(), events)
    assert list(stage.store.outbox.values()) == list(events)


async def test_a_store_that_is_lost_after_publishing_repeats_the_event(stage: Stage) -> None:
    """At least once: the same id lets a subscriber drop the repeat."""
    event, _ = await step(stage, queued())
    stage.store.down = True
    with pytest.raises(StoreUnavailable):
        await stage.outbox.publish([event])
    stage.store.down = False
    await stage.outbox.publish([event])
    assert [each.id for each in stage.bus.topic] == [f"{REQUEST}:1", f"{REQUEST}:1"]


async def test_events_that_are_not_on_the_topic_stay_in_the_store(stage: Stage) -> None:
    """All of the batch."""
    events = await step(stage, queued())
    stage.bus.down = True
    with pytest.raises(BusUnavailable):
        await stage.outbox.publish(events)
    assert len(stage.store.outbox) == len(events)


async def test_events_about_many_customers_go_together(stage: Stage) -> None:
    """In the order given, and each is taken out where its customer is stored."""
    first = await step(stage, queued())
    second = await step(stage, queued(request_id=stage.new_id(), customer_tenant_id=OTHER_CUSTOMER))
    await stage.outbox.publish([*first, *second])
    assert stage.bus.topic == [*first, *second]
    assert stage.store.outbox == {}
