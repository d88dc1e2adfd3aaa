"""How many new requests a source may make in a day; what is above waits for a person."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from qualification.bootstrap import bootstrap
from qualification.domain.caller import Caller, CallerKind
from qualification.domain.errors import StoreUnavailable
from qualification.domain.etag import etag
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from qualification.use_cases.order import Order
from tests.unit.builders import CUSTOMER, NOW, PARTNER, order, row, wanted
from tests.unit.stage import SETTINGS, Stage

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
ANNA = Caller(kind=CallerKind.FUNCTION_KEY, id="0badcafe")


def asked(number: int, **changes: Any) -> Order:
    """A request of another customer of the CRM, of which three a day may go."""
    fields: dict[str, Any] = {"customer_tenant_id": UUID(int=number + 1), "event_id": f"evt-{number}", "daily_limit": 3}
    return order(**fields | changes)


async def three(stage: Stage) -> list[Record]:
    """As many as may go."""
    return [await stage.accept(asked(number)) for number in range(3)]


def waits(record: Record) -> bool:
    """Whether it is one too many."""
    return record.waiting is not None and record.waiting.reason is Reason.DAILY_LIMIT


async def test_what_is_above_waits_and_costs_nothing(stage: Stage) -> None:
    """No message, no call to Partner Center; it is stored, and answered like the others."""
    assert not any(map(waits, await three(stage)))
    above = [await stage.accept(asked(number)) for number in range(3, 6)]
    assert all(map(waits, above))
    assert len(stage.bus.queue) == 3
    await stage.live(6 * DAY)
    assert {customer.int for customer in stage.partner_center.looks} == {1, 2, 3}
    assert len(stage.records) == 6


async def test_it_is_told_once_a_day(stage: Stage) -> None:
    """By any number of instances; the event is about the source."""
    another = bootstrap(SETTINGS, rows=stage.rows, bus=stage.bus, clock=stage.clock)
    for number in range(6):
        await stage.accept(asked(number))
    for number in range(6, 9):
        assert waits(await another.intake.accept(asked(number)))
    [event] = [each for each in stage.bus.topic if each.data["reason"] == "daily-limit"]
    assert (event.subject, event.data["source"]) == (PARTNER, "standard")
    stage.clock.advance(DAY)
    for number in range(10, 16):
        await stage.accept(asked(number))
    assert stage.alerts == ["daily-limit", "daily-limit"]


async def test_the_next_day_begins_at_midnight_utc(stage: Stage) -> None:
    """Not a day after the first."""
    stage.clock.now = NOW.replace(hour=23, minute=59)
    await three(stage)
    assert waits(await stage.accept(asked(3)))
    stage.clock.advance(timedelta(minutes=2))
    assert not waits(await stage.accept(asked(4)))


async def test_repeats_and_corrections_do_not_count(stage: Stage) -> None:
    """A customer that is saved a hundred times is one request."""
    await stage.accept(asked(0))
    for number in range(20):
        await stage.accept(asked(0))
        await stage.accept(asked(0, event_id=f"again-{number}"))
        await stage.accept(asked(0, event_id=f"new-{number}", request=wanted(website=f"n{number}.example")))
    assert not waits(await stage.accept(asked(1)))
    assert not waits(await stage.accept(asked(2)))
    assert waits(await stage.accept(asked(3)))


async def test_many_at_once_are_counted_each(stage: Stage) -> None:
    """Exactly as many go as may."""
    records = await asyncio.gather(*(stage.accept(asked(number)) for number in range(20)))
    assert sum(map(waits, records)) == 17


async def test_a_lost_race_is_not_counted_again(stage: Stage) -> None:
    """It is the same request, decided anew."""

    async def rival() -> None:
        await stage.accept(order(source="api", joins=False, event_id="a", customer_tenant_id=UUID(int=1)))

    async def nothing() -> None:
        pass

    stage.rows.rivals.extend([nothing, rival])
    await stage.accept(asked(0, request=wanted(Qualification.STATE_OWNED_ENTITY)))
    assert not waits(await stage.accept(asked(1)))
    assert not waits(await stage.accept(asked(2)))


async def test_a_crash_counts_one_too_many_and_never_too_few(stage: Stage) -> None:
    """It is counted before it is stored."""

    async def nothing() -> None:
        pass

    async def dies() -> None:
        raise StoreUnavailable("the process is gone")

    stage.rows.rivals.extend([nothing, dies])
    with pytest.raises(StoreUnavailable):
        await stage.accept(asked(0))
    await stage.accept(asked(0))
    await stage.accept(asked(1))
    assert waits(await stage.accept(asked(2)))


async def test_nothing_is_stored_that_could_not_be_counted(stage: Stage) -> None:
    """The sender tries again."""
    stage.rows.down = True
    with pytest.raises(StoreUnavailable):
        await stage.accept(asked(0))
    stage.rows.down = False
    assert stage.records == []


async def test_a_person_lets_it_go(stage: Stage) -> None:
    """After a look, like any other."""
    await three(stage)
    above = await stage.accept(asked(3))
    await stage.service.decisions.confirm(above.customer_tenant_id, above.request_id, etag(above), ANNA, {})
    await stage.live(HOUR)
    assert (await stage.stored(above)).status is Status.IN_REVIEW


async def test_what_is_approved_already_is_adopted_without_asking(stage: Stage) -> None:
    """The rare look of a request that waits for a decision shows it."""
    await three(stage)
    above = await stage.accept(asked(3))
    stage.partner_center.held[above.customer_tenant_id] = [row("Approved")]
    await stage.live(8 * DAY)
    assert (await stage.stored(above)).status is Status.APPROVED
    assert above.customer_tenant_id not in [call[1] for call in stage.partner_center.sent]


async def test_a_correction_does_not_let_it_go(stage: Stage) -> None:
    """Or each CRM that runs wild would let go what it has asked for itself."""
    await three(stage)
    above = await stage.accept(asked(3))
    corrected = await stage.accept(asked(3, event_id="other", request=wanted(website="contoso.org")))
    assert waits(corrected)
    assert (await stage.stored(above)).request == wanted(website="contoso.org")
    await stage.live(15 * DAY)
    assert {customer.int for customer in [call[1] for call in stage.partner_center.sent]} == {1, 2, 3}


async def test_what_was_let_go_and_then_corrected_waits_again(stage: Stage) -> None:
    """What was confirmed must be confirmed again."""
    await three(stage)
    above = await stage.accept(asked(3))
    await stage.service.decisions.confirm(above.customer_tenant_id, above.request_id, etag(above), ANNA, {})
    await stage.accept(asked(3, event_id="other", request=wanted(website="contoso.org")))
    await stage.live(HOUR)
    assert waits(await stage.stored(above))
    assert CUSTOMER not in stage.partner_center.looks
