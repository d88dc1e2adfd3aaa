import pytest

from qualification.domain.alerts import alerted
from qualification.domain.customer import Certainty, Customer, Verification
from qualification.domain.errors import StepConflict
from qualification.domain.events import Attention
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.transition import CustomerState, Step, Stored, Transition
from tests.unit.builders import AT, CUSTOMER, in_review, queued, reviewed_as, submitting, wanted
from tests.unit.life import settled_as
from tests.unit.stage import Stage

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
