from datetime import timedelta

import pytest

from qualification.domain.decision import Wait
from qualification.domain.errors import (
    ActiveRequestExists,
    RequestNotFound,
    StepConflict,
    StoreUnavailable,
)
from qualification.domain.lifecycle import held
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from qualification.domain.work import QueueMessage
from qualification.use_cases import intake
from tests.unit.builders import (
    AT,
    CUSTOMER,
    NOW,
    OTHER_CUSTOMER,
    REQUEST,
    TRACEPARENT,
    in_review,
    order,
    queued,
    wanted,
)
from tests.unit.stage import Stage

CONFIRMING = wanted(confirmLastAttempt=True)


def unconfirmed() -> Record:
    """An active request that waits for somebody to confirm it."""
    return held(queued(), Wait(Reason.LAST_ATTEMPT, "Two are spent.", "Confirm it."), AT).record


async def test_a_request_is_stored_and_a_hint_is_queued(stage: Stage) -> None:
    """The hint points to the record; the record says everything."""
    record = await stage.accept(order())
    assert await stage.stored(record) == record
    assert (record.status, record.source, record.traceparent) == (Status.QUEUED, "standard", TRACEPARENT)
    assert stage.bus.queue == [QueueMessage(CUSTOMER, record.request_id, 1)]


async def test_an_active_request_stands_against_another_over_the_api(stage: Stage) -> None:
    """The caller learns which one."""
    active = await stage.put(in_review())
    with pytest.raises(ActiveRequestExists) as refused:
        await stage.accept(order(source="api", joins=False))
    assert (refused.value.customer_id, refused.value.request_id) == (CUSTOMER, active.request_id)
    assert stage.bus.queue == []


async def test_an_active_request_answers_for_another_from_a_crm(stage: Stage) -> None:
    """A CRM's retries must not alarm anybody; the second event is noted beside the first's record."""
    active = await stage.put(in_review())
    assert await stage.accept(order()) == active
    assert await stage.accept(order()) == active
    assert stage.records == [active]
    assert stage.bus.queue == []


async def test_an_event_is_dated_no_earlier_than_what_it_was_decided_on(stage: Stage) -> None:
    """Another instance may store something while the customer is read."""
    await stage.accept(order())
    stage.rows.during_a_read = lambda: stage.clock.advance(timedelta(seconds=1))
    content = wanted(educationSegment="HigherEducation")
    after = await stage.accept(order(content, event_id="evt-2"))
    assert after.history[-1].at == stage.clock()


async def test_the_history_says_what_a_request_goes_without(stage: Stage) -> None:
    """When it comes in, and when it is corrected."""
    record = await stage.accept(order(note="website left out"))
    assert [entry.note for entry in record.history] == ["website left out"]
    content = wanted(educationSegment="HigherEducation")
    after = await stage.accept(order(content, event_id="evt-2", note="website left out"))
    assert after.history[-1].note == (
        "corrected by standard: educationSegment K12 -> HigherEducation; website left out"
    )


async def test_another_qualification_over_the_api_is_another_request(stage: Stage) -> None:
    """A customer may have two under way."""
    await stage.put(in_review())
    await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), source="api", joins=False))
    assert sum(record.status.is_active for record in stage.records) == 2


@pytest.mark.parametrize("joins", [True, False], ids=["CRM", "API"])
async def test_a_confirmation_lets_the_waiting_request_go_on(stage: Stage, joins: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """It answers for the new one, is confirmed, and is queued at once."""
    await stage.put(unconfirmed())
    record = await stage.accept(order(CONFIRMING, joins=joins))
    assert (record.request_id, record.waiting) == (REQUEST, None)
    assert Reason.LAST_ATTEMPT in record.confirmed
    assert stage.bus.queue == [QueueMessage(CUSTOMER, REQUEST, record.messages)]


async def test_the_same_confirmation_again_confirms_nothing_more(stage: Stage) -> None:
    """It is an event like any other."""
    await stage.put(unconfirmed())
    first = await stage.accept(order(CONFIRMING))
    assert await stage.accept(order(CONFIRMING)) == first
    assert len(stage.bus.queue) == 1


async def test_a_confirmation_of_what_does_not_wait_for_it_confirms_nothing(stage: Stage) -> None:
    """Over the API another active request stands against it."""
    await stage.put(in_review())
    with pytest.raises(ActiveRequestExists):
        await stage.accept(order(CONFIRMING, joins=False))


async def test_what_changes_while_it_is_corrected_is_decided_anew(stage: Stage) -> None:
    """It was claimed meanwhile: the correction is kept instead of sent."""
    record = await stage.accept(order())

    async def nothing() -> None:
        pass

    async def is_claimed() -> None:
        await stage.submit(record)

    stage.rows.rivals.extend([nothing, is_claimed])
    answering = await stage.accept(order(wanted(website="contoso.org"), event_id="evt-2"))
    assert answering.request_id == record.request_id
    after = await stage.stored(record)
    assert after.correction
    assert (after.status, after.request) == (Status.IN_REVIEW, wanted())


async def test_losing_every_race_is_an_error(stage: Stage) -> None:
    """The sender tries again; nothing was stored."""
    active = await stage.put(queued())

    async def changes() -> None:
        rivals, stage.rows.rivals = stage.rows.rivals, []
        await stage.put(active)
        stage.rows.rivals = rivals

    stage.rows.rivals.extend([changes] * 2 * intake.TRIES)
    with pytest.raises(StepConflict):
        await stage.accept(order(wanted(website="contoso.org")))
    assert stage.records == [active]


async def test_while_the_store_is_down_nothing_is_taken(stage: Stage) -> None:
    """Not even a hint is queued."""
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await stage.accept(order())
    assert stage.bus.queue == []


async def test_a_bus_that_is_down_keeps_nobody_out(stage: Stage) -> None:
    """The work item queues it later."""
    stage.bus.down = True
    record = await stage.accept(order())
    assert record.work
    stage.bus.down = False
    await stage.advance(by=record.work.due - NOW)
    assert [message.request_id for message in stage.bus.queue] == [record.request_id]


async def test_a_bus_that_does_not_answer_keeps_nobody_waiting(stage: Stage) -> None:
    """The answer is given after PATIENCE, whatever becomes of the hint."""
    stage.bus.stuck = True
    record = await stage.accept(order())
    assert await stage.stored(record) == record


async def test_a_request_is_found_by_its_customer_and_id(stage: Stage) -> None:
    """Nobody finds another customer's."""
    await stage.put(queued())
    assert (await stage.service.intake.find(CUSTOMER, REQUEST)).request_id == REQUEST
    with pytest.raises(RequestNotFound):
        await stage.service.intake.find(OTHER_CUSTOMER, REQUEST)


async def test_requests_are_listed_the_newest_first(stage: Stage) -> None:
    """All of one customer's, and nobody else's."""
    ages = [timedelta(days=3), timedelta(days=1), timedelta(days=2)]
    for number, age in enumerate(ages):
        ended = queued(request_id=stage.new_id(), created_at=NOW - age, attempts=number, status=Status.DENIED)
        await stage.put(ended)
    await stage.put(queued(customer_tenant_id=OTHER_CUSTOMER))
    assert [record.attempts for record in await stage.service.intake.list(CUSTOMER)] == [1, 2, 0]
