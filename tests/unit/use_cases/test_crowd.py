"""Many events at once about one customer, over a store that lets them race."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from qualification.bootstrap import Service, bootstrap
from qualification.domain.correction import MOST_NOTES
from qualification.domain.record import Record
from tests.runtime.app_settings import lonely_settings
from tests.unit.builders import CUSTOMER, order, wanted
from tests.unit.stand_ins.bus import StandInBus

CROWD = 50


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A service over a file of its own."""
    composed = bootstrap(lonely_settings(tmp_path), bus=StandInBus())
    yield composed
    await composed.close()


async def records(service: Service) -> list[Record]:
    """What is stored of the customer."""
    return [each.record for each in (await service.store.customers(CUSTOMER))[CUSTOMER].records]


async def test_the_same_event_fifty_times_at_once_is_one_request(service: Service) -> None:
    """Nobody is sent away."""
    answers = await asyncio.gather(*(service.intake.accept(order()) for _ in range(CROWD)))
    assert len({each.request_id for each in answers}) == len(await records(service)) == 1


async def test_fifty_events_with_the_same_content_leave_the_record_alone(service: Service) -> None:
    """One request answers for all, and each is known when it comes again."""
    orders = [order(event_id=f"evt-{number}") for number in range(CROWD)]
    answers = await asyncio.gather(*map(service.intake.accept, orders))
    [record] = await records(service)
    assert {each.request_id for each in answers} == {record.request_id}
    assert len(record.history) == 1
    assert {(await service.intake.accept(each)).request_id for each in orders} == {record.request_id}
    assert await records(service) == [record]


async def test_fifty_events_with_other_contents_are_all_taken(service: Service) -> None:
    """One after the other, in whatever order, and each is known when it comes again; the history keeps the newest."""
    orders = [order(wanted(website=f"site-{number}.edu"), event_id=f"evt-{number}") for number in range(CROWD)]
    await asyncio.gather(*map(service.intake.accept, orders))
    [record] = await records(service)
    assert len(record.history) == 1 + MOST_NOTES
    assert record.request in [each.request for each in orders]
    await asyncio.gather(*map(service.intake.accept, orders))
    assert await records(service) == [record]
