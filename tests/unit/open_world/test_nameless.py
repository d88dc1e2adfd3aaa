"""Senders that name no events: a repeat is what equals the content that the request now holds."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.record import Record
from qualification.domain.status import Status
from tests.unit.builders import CUSTOMER, NOW, order, row, wanted
from tests.unit.stage import Stage

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def says(stage: Stage, website: str = "contoso.edu", **changes: Any) -> Record:
    """The CRM says that this is the customer's website, and gives the event no name."""
    return await stage.accept(order(wanted(website=website), event_id=None, source="crm", **changes))


async def denied(stage: Stage, **changes: Any) -> Record:
    """A request that Microsoft has just denied."""
    record = await says(stage, **changes)
    await stage.live(HOUR)
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    while (await stage.stored(record)).status is not Status.DENIED:
        await stage.live(MINUTE)
    return record


async def test_back_and_forth_before_anything_is_sent(stage: Stage) -> None:
    """A, B, A is A: the second A is not the first one once more."""
    first = await says(stage)
    await says(stage, "contoso.org")
    assert (await says(stage)).request_id == first.request_id
    assert (await stage.stored(first)).request == wanted()
    assert not [key for rows in stage.rows.shards.values() for key in rows if key.startswith("event|")]


async def test_a_repeat_within_the_hour_is_answered_with_the_ended_request_and_told_once(stage: Stage) -> None:
    """A CRM that writes the denial into its record may send that record again by itself."""
    first = await denied(stage)
    for _ in range(3):
        assert (await says(stage)).request_id == first.request_id
        await stage.live(MINUTE)
    assert (stage.alerts, len(stage.records)) == (["request-repeated"], 1)
    remedy = stage.bus.topic[-1].data["remedy"]
    assert "retry" in str(remedy)


async def test_an_hour_after_the_end_the_same_is_asked_anew(stage: Stage) -> None:
    """Or a customer that was denied could never be asked for again."""
    first = await denied(stage)
    await stage.live(HOUR + MINUTE)
    assert (await says(stage)).request_id != first.request_id
    assert stage.alerts == []


async def test_the_hour_begins_when_the_end_is_published(stage: Stage) -> None:
    """Nobody could have heard of it before."""
    record = await says(stage)
    await stage.live(HOUR)
    stage.bus.down = True
    stage.partner_center.held[CUSTOMER] = [row("Denied", created=stage.clock.now.isoformat())]
    await stage.live(5 * HOUR)
    assert (await stage.stored(record)).status is Status.DENIED
    assert (await says(stage)).request_id == record.request_id


async def test_other_content_after_the_end_is_a_new_request_at_once(stage: Stage) -> None:
    """Somebody has corrected it."""
    first = await denied(stage)
    assert (await says(stage, "contoso.org")).request_id != first.request_id
    assert stage.alerts == []


@pytest.mark.parametrize(("later", "is_new"), [(timedelta(), False), (timedelta(seconds=1), True)])
async def test_a_moment_tells_what_is_asked_anew_from_what_comes_once_more(
    stage: Stage,
    later: timedelta,
    is_new: bool,  # noqa: FBT001  a parameter of the rule
) -> None:
    """Whatever the time since the end."""
    first = await denied(stage, occurred_at=NOW)
    await stage.live(2 * HOUR)
    assert ((await says(stage, occurred_at=NOW + later)).request_id != first.request_id) is is_new
