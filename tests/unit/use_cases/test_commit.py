from datetime import timedelta

import pytest

from qualification.domain.alerts import alerted
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.errors import StepConflict
from qualification.domain.events import Attention
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import CustomerState, NewestEvent, Step, Stored, Transition
from tests.unit.builders import AT, CUSTOMER, NOW, in_review, queued, reviewed_as, submitting, wanted
from tests.unit.life import settled_as
from tests.unit.stage import Stage
from tests.unit.use_cases.log_fields import events

GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


async def stored(stage: Stage, record: Record) -> tuple[CustomerState, Stored]:
    """The record, stored, and all that is stored of its customer."""
    await stage.put(record)
    state = await stage.state(CUSTOMER)
    found = state.find(record.request_id)
    assert found
    return state, found


async def test_a_step_is_stored_and_published(stage: Stage) -> None:
    """In this order: what is published has happened."""
    state, before = await stored(stage, submitting())
    step = Step(before, settled_as(before.record, "InReview"))
    (after,) = await stage.service.submission.commit(state, [step])
    assert await stage.stored(before.record) == after.record == step.transition.record
    assert stage.bus.topic == list(step.transition.events)
    assert stage.outbox == []


async def test_a_step_that_lost_the_race_publishes_nothing(stage: Stage) -> None:
    """It has not happened."""
    state, before = await stored(stage, submitting())
    await stage.put(before.record.changed(attempts=9))
    with pytest.raises(StepConflict):
        await stage.service.submission.commit(state, [Step(before, settled_as(before.record, "InReview"))])
    assert (stage.bus.topic, stage.outbox) == ([], [])


async def test_what_was_decided_on_the_customer_is_lost_with_it(stage: Stage) -> None:
    """Two requests that count the same verification: one of them decides again."""
    state, before = await stored(stage, submitting())
    spent = Verification(certainty=Certainty.CERTAIN, request_id=before.record.request_id, write=1)
    customer = Customer(customer_tenant_id=CUSTOMER, verifications=(spent,))
    await stage.put(in_review(wanted(Qualification.STATE_OWNED_ENTITY), request_id=stage.new_id()), customer)
    with pytest.raises(StepConflict):
        await stage.service.submission.commit(state, [Step(before, settled_as(before.record, "InReview"))], customer)
    assert (await stage.stored(before.record)).status == before.record.status


async def test_what_was_decided_on_the_other_qualification_is_lost_with_it(stage: Stage) -> None:
    """Government was claimed between the read of the state and the claim of Education."""
    government = await stage.put(queued(wanted(GOVERNMENT), request_id=stage.new_id()))
    state, before = await stored(stage, queued())
    await stage.put(government.changed(status=submitting().status))
    with pytest.raises(StepConflict):
        await stage.service.submission.commit(
            state, [Step(before, settled_as(submitting(), "InReview"))], None, GOVERNMENT
        )


async def test_what_was_published_before_a_newer_request_came_is_not_published_again(stage: Stage) -> None:
    """Only the newest request of a qualification speaks; its guard is in the transaction."""
    ended = reviewed_as(in_review(), "Denied")
    state, before = await stored(stage, ended)
    await stage.put(queued(request_id=stage.new_id()))
    with pytest.raises(StepConflict):
        await stage.service.submission.commit(
            state, [Step(before, alerted(Transition(ended), Attention.CORRECTION_IGNORED, "d", "r", AT, "key"))]
        )
    assert stage.bus.topic == []


async def test_a_status_is_logged_with_the_one_before_it_and_only_where_it_changes(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    """An operator reads the way of a request from these lines; a step that leaves its status is not news."""
    commit = stage.service.submission.commit
    new = queued()
    await commit(await stage.state(CUSTOMER), [Step(None, Transition(new))])
    for record in (new.changed(messages=2), submitting(), submitting(attempts=2), in_review()):
        state = await stage.state(CUSTOMER)
        await commit(state, [Step(state.find(record.request_id), Transition(record))])
    lines = [(each.get("previousStatus"), each["status"]) for each in events(caplog, "request_status")]
    assert lines == [(None, "Queued"), ("Queued", "Submitting"), ("Submitting", "InReview")]


async def test_an_event_does_not_overtake_an_older_one_of_its_request(stage: Stage) -> None:
    """What waits in the outbox is published first; the timer does both, in order."""
    stage.bus.down = True
    state, before = await stored(stage, submitting())
    (after,) = await stage.service.submission.commit(state, [Step(before, settled_as(before.record, "InReview"))])
    stage.bus.down = False
    state = await stage.state(CUSTOMER)
    alert = alerted(Transition(after.record), Attention.CORRECTION_IGNORED, "d", "r", AT, "key")
    await stage.service.submission.commit(state, [Step(after, alert)])
    assert (stage.bus.topic, len(stage.outbox)) == ([], 2)
    await stage.advance(AT.policy.publish_after + timedelta(seconds=1))
    assert [event.sequence for event in stage.bus.topic] == [1, 2]


async def test_a_step_whose_answer_got_lost_has_happened(stage: Stage) -> None:
    """The SDK repeats the call and loses the race to itself; the event must be published all the same."""
    state, before = await stored(stage, submitting())
    steps = [Step(before, settled_as(before.record, "InReview"))]
    newest = ("standard", NewestEvent(NOW, before.record.request_id))
    stage.rows.rivals.append(lambda: stage.store.commit(state, steps, None, None, newest))
    (after,) = await stage.service.submission.commit(state, steps, None, None, newest)
    assert after == (await stage.state(CUSTOMER)).find(before.record.request_id)
    assert stage.bus.topic == list(steps[0].transition.events)


async def test_a_mark_that_lost_against_a_newer_one_decides_again(stage: Stage) -> None:
    """A sender's events arrive out of order; the older one must not believe that it is the newest."""
    state = await stage.state(CUSTOMER)
    newer, older = (NewestEvent(NOW - timedelta(minutes=minutes), None) for minutes in (1, 2))
    stage.rows.rivals.append(lambda: stage.store.commit(state, [], None, None, ("standard", newer)))
    with pytest.raises(StepConflict):
        await stage.service.submission.commit(state, [], None, None, ("standard", older))
    assert (await stage.state(CUSTOMER)).newest == {"standard": newer}
