"""A person ends a request: what was sent is not taken back."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.errors import (
    ActionNotAllowed,
    InvalidRequest,
)
from qualification.domain.status import Status
from tests.unit.builders import CUSTOMER, REFUSED, UNKNOWN, order, row
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write
from tests.unit.use_cases.decisions import BERT, DAY, cancel, in_doubt, retry, waits_for_the_last_attempt


async def test_an_unsent_request_is_cancelled(stage: Stage) -> None:
    """It is published, and the next request of the customer is free to go."""
    record = await waits_for_the_last_attempt(stage)
    after = await cancel(stage, record, note="ordered by mistake")
    assert (after.status, after.history[-1].by, after.history[-1].note) == (
        Status.CANCELLED,
        "Anna (key 0badcafe)",
        "ordered by mistake",
    )
    assert stage.news == ["Cancelled"]
    assert (await stage.accept(order(event_id="evt-2"))).request_id != record.request_id


async def test_what_was_written_is_given_up_and_read_on(stage: Stage) -> None:
    """Nothing is taken back: should it take effect, the service says so."""
    record = await in_doubt(stage)
    after = await cancel(stage, record)
    assert (after.status, after.error and after.error.code) == (Status.FAILED, "given-up")
    stage.partner_center.held[CUSTOMER] = [row("Approved", created=stage.clock.now.isoformat())]
    await stage.live(8 * DAY)
    assert (await stage.stored(record)).status is Status.APPROVED


async def test_the_same_cancellation_is_made_once(stage: Stage) -> None:
    """By the same caller; anybody else is told that it has ended."""
    record = await stage.accept(order())
    first = await cancel(stage, record)
    assert await cancel(stage, record) == first
    with pytest.raises(ActionNotAllowed):
        await cancel(stage, record, by=BERT)
    assert stage.news == ["Cancelled"]


async def test_a_cancellation_before_the_claim_wins(stage: Stage) -> None:
    """Whoever stores first: nothing is sent."""
    record = await stage.accept(order())

    async def cancels() -> None:
        await cancel(stage, record)

    stage.rows.rivals.append(cancels)
    await stage.deliver()
    assert stage.partner_center.sent == []
    assert (await stage.stored(record)).status is Status.CANCELLED


@pytest.mark.parametrize("error", [None, REFUSED, UNKNOWN])
async def test_a_cancellation_after_the_claim_stands(stage: Stage, error: Any) -> None:
    """Whatever comes of the write; only an approval that a read shows brings it back."""
    record = await stage.accept(order())

    async def cancels() -> None:
        await cancel(stage, record)

    stage.partner_center.writes.append(Write(error=error, after=None if error else timedelta(), meanwhile=cancels))
    await stage.deliver()
    found = await stage.stored(record)
    assert (found.status, found.out) == (Status.FAILED, error is not REFUSED)
    assert stage.news == ["Failed"]
    newer = await stage.accept(order(event_id="evt-2"))
    assert newer.request_id != record.request_id


async def test_a_cancellation_that_loses_against_the_claim_is_made_all_the_same(stage: Stage) -> None:
    """It is decided anew on what is stored then."""
    record = await stage.accept(order())

    async def claims() -> None:
        await stage.deliver()

    stage.rows.rivals.append(claims)
    assert (await cancel(stage, record)).status is Status.FAILED
    assert len(stage.partner_center.sent) == 1


async def test_a_cancellation_takes_no_corrections(stage: Stage) -> None:
    """They would be lost."""
    record = await stage.accept(order())
    for decide in (cancel, retry):
        with pytest.raises(InvalidRequest):
            await decide(stage, record, website="corrected.edu")
