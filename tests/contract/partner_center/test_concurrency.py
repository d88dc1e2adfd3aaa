"""How many calls go out at a time, over how many connections, and what a cancelled one leaves."""

import asyncio
from uuid import uuid4

import pytest

from sandbox.partner_center import PartnerCenterThread
from sandbox.partner_center.fault import Act, Fault
from sandbox.partner_center.vocabulary import Operation
from tests.contract.partner_center.conftest import OpenClient
from tests.contract.partner_center.wire_server import WireServer


@pytest.mark.parametrize("bound", [1, 8])
async def test_no_more_calls_go_out_at_a_time_than_allowed(
    open_client: OpenClient, partner_center: PartnerCenterThread, bound: int
) -> None:
    """The rest wait their turn, and the bound is used."""
    partner_center.run(lambda state: setattr(state.settings, "latency", 0.02))
    client = open_client(max_concurrency=bound)
    await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(40)))
    assert partner_center.run(lambda state: state.books.api.peak) == bound


async def test_connections_are_used_again(open_client: OpenClient, wire_server: WireServer) -> None:
    """A hundred calls, four at a time, take four connections, and as many in a row take no more."""
    wire_server.answers(b"[]")
    client = open_client(wire_server.url, max_concurrency=4)
    await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(100)))
    for _ in range(20):
        await client.get_qualifications(uuid4())
    assert len(wire_server.requests) == 120
    assert wire_server.connections <= 4


async def test_a_cancelled_call_leaves_the_client_usable(
    open_client: OpenClient, partner_center: PartnerCenterThread
) -> None:
    """Its turn is given back, also by those that were only waiting for theirs."""
    client = open_client(max_concurrency=2)
    number = partner_center.run(lambda state: state.fault(Fault(operation=Operation.GET, then=Act.HANG)))
    calls = [asyncio.create_task(client.get_qualifications(uuid4())) for _ in range(6)]
    async with asyncio.timeout(20):
        while partner_center.run(lambda state: state.books.api.now) < 2:  # noqa: ASYNC110  the simulator is on another thread
            await asyncio.sleep(0.01)
        for call in calls:
            call.cancel()
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(outcome) for outcome in outcomes} == {asyncio.CancelledError}
    partner_center.run(lambda state: state.faults.clear(number))
    looks = await asyncio.gather(*(client.get_qualifications(uuid4()) for _ in range(10)))
    assert [look.rows for look in looks] == [()] * 10


async def test_a_closed_client_opens_again_at_the_next_call(open_client: OpenClient, wire_server: WireServer) -> None:
    """Closing lets go of connections and of nothing else; closing twice, or unused, is no error."""
    wire_server.answers(b"[]")
    client = open_client(wire_server.url)
    await client.close()
    await client.get_qualifications(uuid4())
    await client.close()
    await client.close()
    assert (await client.get_qualifications(uuid4())).rows == ()
    assert wire_server.connections == 2
