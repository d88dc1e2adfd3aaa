"""A claimed write on its way: when it may still go, how long it may take, and what its answer does to a hold."""

import asyncio
from datetime import timedelta

import pytest

from qualification.domain.call_errors import OutcomeUnknown
from qualification.domain.hold import Hold
from qualification.domain.lifecycle import CLAIM_HOLDS
from qualification.domain.look import Look
from qualification.domain.record import Record, RequestError
from qualification.domain.status import Status
from qualification.use_cases.ports import Accepted
from tests.unit.builders import CUSTOMER, NOW, OTHER_CUSTOMER, queued, row, submitting
from tests.unit.stage import Stage
from tests.unit.stand_ins.clock import an_hour_passes
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.claims import CAUSE, Answering, held, hold, send

MET_ALONE = CAUSE.model_copy(update={"met_by": (CUSTOMER,)})
MET_BY_ANOTHER = CAUSE.model_copy(update={"met_by": (OTHER_CUSTOMER,)})
DAMAGED = OutcomeUnknown("http-502", "A gateway answered.", http_status=502, remedy="Look.")


@pytest.mark.parametrize("record", [queued(), submitting(ms_request_id=None), submitting(write=None)])
async def test_what_was_never_claimed_is_not_sent(stage: Stage, record: Record) -> None:
    """Nobody would know afterwards that it may have taken effect: an engineer who forgets the claim is told at once."""
    with pytest.raises(AssertionError, match=r"^a claimed request has an MS-RequestId and a write$"):
        await stage.service.submission.writes.send(record, Look((), NOW), probe=False)
    assert stage.partner_center.sent == []


async def test_a_claim_holds_for_its_time_to_the_last_moment(stage: Stage) -> None:
    """Whoever reads meanwhile counts on just that."""
    stage.clock.advance(CLAIM_HOLDS)
    assert (await send(stage)).status is Status.IN_REVIEW


async def test_a_claim_that_has_grown_old_is_taken_back(stage: Stage) -> None:
    """Nothing was sent, so it goes again by itself, and whoever reads the request is told so."""
    stage.clock.advance(CLAIM_HOLDS + timedelta(microseconds=1))
    after = await send(stage)
    assert after.error == RequestError(code="not-begun", description="The write could not begin in time.")
    assert after.remedy == "Nothing to do: it goes again."
    assert (after.status, after.attempts, stage.partner_center.sent) == (Status.QUEUED, 0, [])


async def test_a_write_that_is_not_answered_in_time_is_in_doubt(stage: Stage) -> None:
    """Whoever reads the request learns how long the service has waited, and that nothing is theirs to do."""

    async def answers_late() -> None:
        an_hour_passes()
        for _ in range(5):
            await asyncio.sleep(0)

    stage.partner_center.writes.append(Write(meanwhile=answers_late))
    after = await send(stage)
    assert after.status is Status.SUBMITTING
    assert after.error == RequestError(code="timeout", description="No answer came within 180 s.")
    assert after.remedy == (
        "Nothing to do: the service reads at Partner Center whether it took effect, and goes on from there."
    )


async def test_while_a_cause_holds_everybody_only_the_probe_goes(stage: Stage) -> None:
    """Everybody else would meet the same cause, and a write at Partner Center each."""
    await hold(stage)
    after = await send(stage)
    assert (after.status, stage.partner_center.sent) == (Status.QUEUED, [])
    assert after.error == RequestError(code=CAUSE.code, description=CAUSE.detail)
    assert (await send(stage, probe=True)).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1


async def test_a_probe_that_is_answered_ends_the_cause(stage: Stage) -> None:
    """All the others go on at once; the only customer who had met it has no cause of its own."""
    await hold(stage, MET_ALONE)
    await send(stage, probe=True)
    assert await held(stage) == Hold()


async def test_a_probe_whose_answer_is_damaged_ends_the_cause_as_well(stage: Stage) -> None:
    """It has met another answer than the cause; only that one write is in doubt."""
    await hold(stage, MET_BY_ANOTHER)
    stage.partner_center.writes.append(Write(DAMAGED, after=None))
    after = await send(stage, probe=True)
    assert (after.status, (await held(stage)).cause) == (Status.SUBMITTING, None)


async def test_an_answer_tells_how_far_the_clock_is_off(stage: Stage) -> None:
    """The operator hears of a wrong clock from the first write that is answered."""
    answer = Accepted(row("InReview"), NOW - timedelta(hours=2))
    after = await send(stage, by=Answering(stage.clock, answer))
    assert after.write
    assert (after.write.at, stage.alerts) == (answer.at, ["clock-wrong"])


async def test_an_answer_that_cannot_be_read_counts_as_in_review(stage: Stage) -> None:
    """Partner Center has taken the write; the next read shows what it makes of it."""
    after = await send(stage, by=Answering(stage.clock, Accepted(None, NOW)))
    assert (after.status, after.vetting_status, after.taken) == (Status.IN_REVIEW, None, True)
