"""What nobody planned: lost races, lost leases, lost answers, crashes. A request is sent to effect once all the same."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualification.domain.errors import PartnerCenterError, StepConflict
from qualification.domain.lifecycle import requeued
from qualification.domain.record import Posted, Status
from qualification.domain.timing import Moment
from qualification.use_cases import submission
from tests.unit.builders import (
    CUSTOMER,
    NOW,
    POLICY,
    REFUSED,
    REQUEST,
    UNAVAILABLE,
    UNKNOWN,
    claim,
    queued,
    row,
    see,
    throttled,
    wanted,
)
from tests.unit.stage import Stage
from tests.unit.stand_ins.clock import an_hour_passes
from tests.unit.stand_ins.partner_center import Write

RETRY = timedelta(hours=2)


def rival(change: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    """Another worker, who does this first."""

    async def act() -> None:
        change()

    return act


def queue_again(stage: Stage) -> None:
    """The timer queues the request once more."""
    stage.put(requeued(stage.stored(queued()), moment=Moment(NOW, 1.0, POLICY)).record)


def outlives_the_lease() -> Callable[[], Awaitable[None]]:
    """A call that is never answered."""

    async def waits() -> None:
        an_hour_passes()
        await asyncio.Event().wait()

    return waits


async def test_who_loses_the_claim_sends_nothing(stage: Stage) -> None:
    """Another worker has the lease."""
    record = stage.put(queued())
    stage.store.rivals.append(rival(lambda: stage.put(claim(record))))
    assert (await stage.submit(record)).status is Status.SUBMITTING
    assert stage.partner_center.sent == []


async def test_a_race_against_something_else_is_decided_anew(stage: Stage) -> None:
    """With a look of its own, and one POST."""
    record = stage.put(queued())
    stage.store.rivals.append(rival(lambda: queue_again(stage)))
    after = await stage.submit(record)
    assert (after.status, after.messages) == (Status.IN_REVIEW, 2)
    assert (len(stage.partner_center.looks), len(stage.partner_center.sent)) == (2, 1)


async def test_losing_every_race_leaves_it_to_redelivery(stage: Stage) -> None:
    """Nothing was sent."""
    record = stage.put(queued())
    stage.store.rivals.extend([rival(lambda: queue_again(stage))] * submission.TRIES)
    with pytest.raises(StepConflict):
        await stage.submit(record)
    assert stage.partner_center.sent == []


@pytest.mark.parametrize("error", [None, UNAVAILABLE, REFUSED], ids=["answered", "unavailable", "refused"])
async def test_an_outcome_is_recorded_on_top_of_what_happened_meanwhile(
    stage: Stage, error: PartnerCenterError | None
) -> None:
    """A hint that was queued during the call does not lose the answer."""
    meanwhile = rival(lambda: queue_again(stage))
    stage.partner_center.writes.append(Write(error, takes_effect=error is None, meanwhile=meanwhile))
    after = await stage.submit(stage.put(queued()))
    expected: dict[PartnerCenterError | None, Status] = {
        None: Status.IN_REVIEW,
        UNAVAILABLE: Status.QUEUED,
        REFUSED: Status.FAILED,
    }
    assert (after.status, after.messages) == (expected[error], 2)


async def test_an_outcome_that_comes_too_late_changes_nothing(stage: Stage) -> None:
    """Another worker has looked meanwhile, and knows better."""
    approved = see(claim(queued()), row("Approved"))
    meanwhile = rival(lambda: stage.put(approved))
    stage.partner_center.writes.append(Write(UNAVAILABLE, takes_effect=False, meanwhile=meanwhile))
    assert await stage.submit(stage.put(queued())) == approved


async def test_an_outcome_that_cannot_be_recorded_is_left_to_the_lease(stage: Stage) -> None:
    """When it ends, the next look tells."""
    stage.store.rivals.append(rival(lambda: None))
    stage.store.rivals.extend([rival(lambda: queue_again(stage))] * submission.TRIES)
    assert (await stage.submit(stage.put(queued()))).status is Status.SUBMITTING
    stage.clock.advance(POLICY.lease)
    assert (await stage.submit(queued())).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


@pytest.mark.parametrize("takes_effect", [True, False])
async def test_a_call_is_given_up_before_its_lease_ends(stage: Stage, takes_effect: bool) -> None:  # noqa: FBT001  a parameter of the rule
    """Its outcome is unknown then; after the lease another worker may look and send."""
    stage.partner_center.writes.append(Write(takes_effect=takes_effect, meanwhile=outlives_the_lease()))
    record = await stage.submit(stage.put(queued()))
    assert (record.status, record.posted) == (Status.QUEUED, Posted.PERHAPS)
    assert record.error
    assert record.error.code == "timeout"
    stage.clock.advance(RETRY)
    assert (await stage.submit(record)).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == (1 if takes_effect else 2)


async def test_an_unknown_outcome_that_took_effect_is_posted_exactly_once(stage: Stage) -> None:
    """The next try looks first, and finds it."""
    stage.partner_center.writes.append(Write(UNKNOWN))
    record = await stage.submit(stage.put(queued()))
    assert record.status is Status.QUEUED
    stage.clock.advance(RETRY)
    after = await stage.submit(record)
    assert (after.status, after.posted) == (Status.IN_REVIEW, Posted.YES)
    assert len(stage.partner_center.sent) == 1


async def test_an_unknown_outcome_that_was_denied_at_once_is_posted_exactly_once(stage: Stage) -> None:
    """The denial is the answer to it, not an older one."""
    stage.partner_center.writes.append(Write(UNKNOWN, vetting_status="Denied"))
    record = await stage.submit(stage.put(queued()))
    stage.clock.advance(RETRY)
    assert (await stage.submit(record)).status is Status.DENIED
    assert len(stage.partner_center.sent) == 1


async def test_a_repeat_after_an_unknown_outcome_bears_the_same_id(stage: Stage) -> None:
    """So that Partner Center can tell that it is one; after an answer the id is another."""
    stage.partner_center.writes.extend(
        [Write(UNKNOWN, takes_effect=False), Write(throttled(), takes_effect=False), Write()]
    )
    record = stage.put(queued())
    for _ in range(3):
        await stage.submit(record)
        stage.clock.advance(RETRY)
    first, repeat, another = [ms_request_id for *_, ms_request_id in stage.partner_center.sent]
    assert first == repeat != another


async def test_a_worker_that_dies_during_the_call_is_replaced_after_its_lease(stage: Stage) -> None:
    """The record is Submitting until then, and the POST is not repeated if it took effect."""
    stage.put(queued())
    dying = asyncio.Event()

    async def hangs() -> None:
        dying.set()
        await asyncio.Event().wait()

    stage.partner_center.writes.append(Write(meanwhile=hangs))
    worker = asyncio.create_task(stage.submission.submit(CUSTOMER, REQUEST))
    await dying.wait()
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)
    assert (await stage.submit(queued())).status is Status.SUBMITTING
    await stage.advance(by=POLICY.lease)
    await stage.deliver()
    assert stage.stored(queued()).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


outcomes = st.sampled_from(
    [
        Write(),
        Write(UNKNOWN),
        Write(UNKNOWN, vetting_status="Denied"),
        Write(UNKNOWN, takes_effect=False),
        Write(UNAVAILABLE, takes_effect=False),
        Write(throttled(), takes_effect=False),
    ]
)


@given(st.lists(outcomes, max_size=6), st.lists(st.integers(min_value=1, max_value=3), min_size=6, max_size=6))
@settings(max_examples=60)
async def test_whatever_becomes_of_the_calls_one_of_them_takes_effect(writes: list[Write], messages: list[int]) -> None:
    """Each retry may be asked for by several messages at the same time; vetting is asked for once."""
    stage = Stage()
    stage.partner_center.writes.extend(writes)
    record = stage.put(queued(wanted()))
    for number in (*messages, 1):
        tries = [stage.submission.submit(CUSTOMER, REQUEST) for _ in range(number)]
        await asyncio.gather(*tries)
        stage.clock.advance(RETRY)
    assert len(stage.partner_center.held[CUSTOMER]) == 1
    assert stage.stored(record).status in {Status.IN_REVIEW, Status.DENIED}
    assert stage.stored(record).posted is Posted.YES
