"""What nobody planned: lost races, lost answers, crashes. A request is sent to effect once all the same."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.errors import StepConflict
from qualification.domain.lifecycle import CLAIM_HOLDS, requeued
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.use_cases import submission
from tests.unit.builders import (
    AT,
    CUSTOMER,
    REFUSED,
    REQUEST,
    UNKNOWN,
    claim,
    queued,
    reviewed_as,
    row,
    throttled,
    wanted,
)
from tests.unit.call_errors import UNDER_REVIEW
from tests.unit.stage import Stage
from tests.unit.stand_ins.clock import an_hour_passes
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.rivals import rival

HOUR = timedelta(hours=1)
GOVERNMENT = Qualification.GOVERNMENT_COMMUNITY_CLOUD


async def queue_again(stage: Stage) -> None:
    """The timer queues the request once more."""
    await stage.put(requeued(await stage.stored(queued()), AT).record)


async def test_who_loses_the_claim_sends_nothing(stage: Stage) -> None:
    """Another worker has claimed it."""
    record = await stage.put(queued())
    stage.rows.rivals.append(rival(stage, lambda: stage.put(claim(record))))
    assert (await stage.submit(record)).status is Status.SUBMITTING
    assert stage.partner_center.sent == []


async def test_messages_that_arrive_together_send_once(stage: Stage) -> None:
    """However many."""
    await stage.put(queued())
    await asyncio.gather(*(stage.service.submission.submit(CUSTOMER, REQUEST) for _ in range(10)))
    assert len(stage.partner_center.sent) == 1


async def test_a_race_against_something_else_is_decided_anew(stage: Stage) -> None:
    """With a read of its own, and one POST."""
    record = await stage.put(queued())
    stage.rows.rivals.append(rival(stage, lambda: queue_again(stage)))
    after = await stage.submit(record)
    assert (after.status, after.messages) == (Status.IN_REVIEW, 2)
    assert (len(stage.partner_center.looks), len(stage.partner_center.sent)) == (2, 1)


async def test_a_claim_loses_against_one_that_excludes_it(stage: Stage) -> None:
    """Both were decided on the same read; who comes second reads again, and waits."""
    education = await stage.put(queued())
    government = await stage.put(queued(wanted(GOVERNMENT), request_id=stage.new_id()))
    await asyncio.gather(stage.submit(education), stage.submit(government))
    assert len(stage.partner_center.sent) == 1
    assert {each.status for each in stage.records} == {Status.IN_REVIEW, Status.QUEUED}
    assert stage.alerts == ["combination-in-review"]


async def test_losing_every_race_leaves_it_to_redelivery(stage: Stage) -> None:
    """Nothing was sent."""
    record = await stage.put(queued())
    stage.rows.rivals.extend([rival(stage, lambda: queue_again(stage))] * submission.TRIES)
    with pytest.raises(StepConflict):
        await stage.submit(record)
    assert stage.partner_center.sent == []


@pytest.mark.parametrize("error", [None, UNDER_REVIEW, UNKNOWN, REFUSED], ids=lambda error: error and error.code)
async def test_an_outcome_is_recorded_on_top_of_what_happened_meanwhile(
    stage: Stage, error: PartnerCenterError | None
) -> None:
    """A hint that was queued during the call does not lose the answer."""

    async def counts() -> None:
        record = await stage.stored(queued())
        await stage.put(record.changed(messages=record.messages + 1))

    stage.partner_center.writes.append(Write(error, after=timedelta() if error is None else None, meanwhile=counts))
    after = await stage.submit(await stage.put(queued()))
    expected: dict[PartnerCenterError | None, Status] = {
        None: Status.IN_REVIEW,
        UNDER_REVIEW: Status.QUEUED,
        UNKNOWN: Status.SUBMITTING,
        REFUSED: Status.FAILED,
    }
    assert (after.status, after.messages) == (expected[error], 2)


@pytest.mark.parametrize("error", [None, UNKNOWN, REFUSED, UNDER_REVIEW], ids=lambda error: error and error.code)
async def test_an_outcome_that_comes_too_late_opens_nothing_again(
    stage: Stage, error: PartnerCenterError | None
) -> None:
    """A read has shown its answer meanwhile, and knows better."""

    async def is_denied() -> None:
        await stage.put(reviewed_as(await stage.stored(queued()), "Denied"))

    stage.partner_center.writes.append(Write(error, after=None, meanwhile=is_denied))
    assert (await stage.submit(await stage.put(queued()))).status is Status.DENIED


async def test_an_outcome_that_cannot_be_recorded_is_found_by_a_read(stage: Stage) -> None:
    """It is in doubt until then, and not sent twice."""

    async def others_write() -> None:
        async def changes() -> None:
            record = await stage.stored(queued())
            await stage.put(record.changed(messages=record.messages + 1))

        stage.rows.rivals.extend([rival(stage, changes)] * submission.TRIES)

    stage.partner_center.writes.append(Write(meanwhile=others_write))
    assert (await stage.submit(await stage.put(queued()))).status is Status.SUBMITTING
    await stage.live(HOUR)
    assert (await stage.stored(queued())).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


async def test_a_write_that_cannot_begin_in_time_does_not_begin(stage: Stage) -> None:
    """Storing the claim took too long: whoever reads meanwhile must be able to rely on when it was written."""
    record = await stage.put(queued())

    async def takes_long() -> None:
        stage.clock.advance(CLAIM_HOLDS + timedelta(seconds=1))

    stage.rows.rivals.append(takes_long)
    after = await stage.submit(record)
    assert (after.status, after.attempts, stage.partner_center.sent) == (Status.QUEUED, 0, [])
    assert (await stage.state(CUSTOMER)).customer.verifications == ()


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_call_that_is_never_answered_is_given_up(stage: Stage, takes_effect: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Its outcome is unknown then; a read tells, or it is sent once more after an hour."""

    async def waits() -> None:
        an_hour_passes()
        await asyncio.Event().wait()

    stage.partner_center.writes.append(Write(after=timedelta() if takes_effect else None, meanwhile=waits))
    record = await stage.submit(await stage.put(queued()))
    assert record.status is Status.SUBMITTING
    assert record.error
    assert record.error.code == "timeout"
    await stage.live(3 * HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == (1 if takes_effect else 2)


async def test_a_repeat_in_doubt_bears_the_same_id(stage: Stage) -> None:
    """So that Partner Center can tell that it is one; after an answer the id is another."""
    stage.partner_center.writes.extend([Write(UNKNOWN, after=None), Write(UNDER_REVIEW, after=None)])
    await stage.put(queued())
    await stage.deliver()
    await stage.submit(queued())
    await stage.live(timedelta(days=1))
    first, repeat, *_ = [ms_request_id for *_, ms_request_id in stage.partner_center.sent]
    assert first == repeat


async def test_a_worker_that_dies_during_the_call_leaves_it_in_doubt(stage: Stage) -> None:
    """The POST is not repeated if it took effect."""
    await stage.put(queued())
    dying = asyncio.Event()

    async def hangs() -> None:
        dying.set()
        await asyncio.Event().wait()

    stage.partner_center.writes.append(Write(meanwhile=hangs))
    worker = asyncio.create_task(stage.service.submission.submit(CUSTOMER, REQUEST))
    await dying.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await stage.submit(queued())).status is Status.SUBMITTING
    await stage.live(HOUR)
    assert (await stage.stored(queued())).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


outcomes = st.sampled_from(
    [
        Write(),
        Write(UNKNOWN),
        Write(UNKNOWN, vetting_status="Denied"),
        Write(UNKNOWN, after=None),
        Write(UNKNOWN, after=timedelta(minutes=50)),
        Write(UNDER_REVIEW, after=None),
        Write(throttled(), after=None),
    ]
)


@given(st.lists(outcomes, max_size=6), st.integers(min_value=1, max_value=3))
@settings(max_examples=30)
async def test_whatever_becomes_of_the_calls_at_most_two_go_without_an_answer(writes: list[Write], times: int) -> None:
    """Each hint may be delivered several times at once; what was asked for is found, or a person is asked."""
    stage = Stage()
    stage.partner_center.writes.extend(writes)
    record: Record = await stage.put(queued(wanted()))
    await asyncio.gather(*(stage.service.submission.submit(CUSTOMER, REQUEST) for _ in range(times)))
    await stage.live(timedelta(days=2))
    after = await stage.stored(record)
    doubts = [write for write in writes[: len(stage.partner_center.sent)] if write.error is UNKNOWN]
    assert len(doubts) <= 2
    assert len(stage.partner_center.held.get(CUSTOMER, [])) <= 1
    if row("InReview").word in {each.word for each in stage.partner_center.held.get(CUSTOMER, [])}:
        assert after.status is Status.IN_REVIEW
    if after.status in {Status.SUBMITTING, Status.QUEUED}:
        assert after.waiting
        assert stage.alerts
