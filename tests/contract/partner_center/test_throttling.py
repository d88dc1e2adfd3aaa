"""After a 429 nothing is sent until the moment that Partner Center named."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from qualification.domain.errors import Throttled
from qualification.partner_center.client import PartnerCenterClient
from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Fault
from sandbox.partner_center.reply import ReplyName
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.clock import Clock
from tests.contract.partner_center.conftest import OpenClient
from tests.contract.partner_center.requests import EDUCATION


def throttle(partner_center: PartnerCenterThread, *, operation: Operation = Operation.ANY, seconds: int = 30) -> None:
    """Answer the next call 429."""
    fault = Fault(operation=operation, then=ReplyName.THROTTLED, retry_after=seconds, times=1)
    partner_center.run(lambda state: state.fault(fault))


def arrived(partner_center: PartnerCenterThread) -> int:
    """How many calls of any kind have arrived."""
    return partner_center.run(lambda state: state.books.count.total())


async def test_every_call_waits_for_the_moment_named(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, clock: Clock, customer_id: UUID
) -> None:
    """Reads, writes and sign-ins: nothing is sent before it, and everything after."""
    await client.get_qualifications(customer_id)
    throttle(partner_center, operation=Operation.GET)
    with pytest.raises(Throttled) as first:
        await client.get_qualifications(customer_id)
    assert first.value.retry_at == clock.now + timedelta(seconds=30)
    assert (first.value.http_status, first.value.answered) == (429, True)
    before = arrived(partner_center)
    clock.advance(29)
    with pytest.raises(Throttled) as second:
        await client.create_qualification(uuid4(), EDUCATION, ms_request_id=uuid4())
    with pytest.raises(Throttled):
        await client.take_validation_code()
    assert second.value.retry_at == first.value.retry_at
    assert arrived(partner_center) == before
    clock.advance(1)
    assert await client.get_qualifications(customer_id) == []


async def test_calls_that_wait_for_their_turn_are_held_back_too(
    open_client: OpenClient, partner_center: PartnerCenterThread
) -> None:
    """A 429 stops the whole queue, not only those who come later."""
    client = open_client(max_concurrency=1)
    throttle(partner_center, operation=Operation.GET)
    outcomes = await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(20)), return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {Throttled}
    assert partner_center.run(lambda state: state.books.count[Operation.GET]) == 1


async def test_a_throttled_sign_in_is_not_asked_again_either(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, clock: Clock, customer_id: UUID
) -> None:
    """Its own moment counts for it; a write that never left is throttled, not unknown."""
    throttle(partner_center, operation=Operation.TOKEN, seconds=5)
    with pytest.raises(Throttled):
        await client.create_qualification(customer_id, EDUCATION, ms_request_id=uuid4())
    with pytest.raises(Throttled):
        await client.get_qualifications(customer_id)
    assert arrived(partner_center) == 1
    clock.advance(5)
    assert await client.get_qualifications(customer_id) == []


async def test_a_shorter_pause_does_not_cut_a_longer_one(
    client: PartnerCenterClient, partner_center: PartnerCenterThread, clock: Clock
) -> None:
    """Two calls under way are told different moments: the later one holds."""
    throttle(partner_center, operation=Operation.GET, seconds=50)
    throttle(partner_center, operation=Operation.CODES, seconds=5)
    await asyncio.gather(client.get_qualifications(uuid4()), client.get_validation_codes(), return_exceptions=True)
    clock.advance(49)
    with pytest.raises(Throttled) as held:
        await client.get_qualifications(uuid4())
    assert held.value.retry_at == clock.now + timedelta(seconds=1)
