"""Links are opened lazily, by whichever tasks come first."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from qualification.domain.errors import BusUnavailable
from qualification.service_bus.bus import ServiceBus
from sandbox.fault_proxy import Faults, Mishap, Rule, TcpProxy
from sandbox.service_bus import BrokerThread
from tests.contract.service_bus.conftest import QUEUE
from tests.contract.service_bus.samples import event, eventually, hints

# The SDK never closes the socket of a plain connection that the other side has dropped; TLS closes itself.
pytestmark = [
    pytest.mark.usefixtures("garbage"),
    pytest.mark.filterwarnings(
        "ignore:.*(SelectorTransport|StreamWriter|socket).*:pytest.PytestUnraisableExceptionWarning"
    ),
]

TRANSFER = r"\x00\x53\x14"
"""How an AMQP transfer begins (AMQP 1.0, 2.7.5)."""


async def _together(*calls: Coroutine[Any, Any, None]) -> list[BaseException]:
    """What went wrong with them."""
    return [outcome for outcome in await asyncio.gather(*calls, return_exceptions=True) if outcome is not None]


async def test_pings_and_sends_at_once_share_a_link_each(
    bus: ServiceBus, broker: BrokerThread, proxy: TcpProxy
) -> None:
    """Eighty calls on a fresh service: none fails, and there is one connection to the queue and one to the topic."""
    calls = [call for _ in range(20) for call in (bus.ping(), bus.enqueue(hints()), bus.publish([event()]), bus.ping())]
    assert await _together(*calls) == []
    assert proxy.accepted == 2
    assert broker.counts()[QUEUE].active == 20


async def test_a_ping_that_gives_up_leaves_the_opening_to_others(
    bus: ServiceBus, faults: Faults, proxy: TcpProxy
) -> None:
    """Short pings over a slow network would never see a link open, and leave a connection each."""
    faults.add(Rule(Mishap.DELAY, seconds=0.5, times=2))

    async def ping() -> None:
        async with asyncio.timeout(0.1):
            await bus.open_sender("queue")

    assert [type(error) for error in await _together(*(ping() for _ in range(5)))] == [TimeoutError] * 5
    await bus.enqueue(hints())
    assert proxy.accepted == 1


async def test_a_ping_of_a_link_in_use_leaves_it_alone(bus: ServiceBus, faults: Faults, proxy: TcpProxy) -> None:
    """A send that takes its time ends well, whatever pings come meanwhile."""
    await bus.enqueue(hints())
    faults.add(Rule(Mishap.DELAY, matching=TRANSFER, seconds=0.3))
    assert await _together(bus.enqueue(hints(3)), *(bus.open_sender("queue") for _ in range(20))) == []
    assert proxy.accepted == 1


async def test_a_link_that_failed_is_closed_before_it_is_replaced(
    bus: ServiceBus, broker: BrokerThread, faults: Faults, proxy: TcpProxy
) -> None:
    """However often it fails, one connection stays open."""
    faults.add(Rule(Mishap.RESET, matching=TRANSFER, times=6))
    failed = [await _together(bus.enqueue(hints())) for _ in range(2)]
    assert [type(errors[0]) for errors in failed] == [BusUnavailable] * 2
    await bus.enqueue(hints())
    assert broker.counts()[QUEUE].active == 1
    await eventually(lambda: proxy.open == 1)


async def test_everybody_is_told_of_an_opening_that_fails_and_the_next_one_succeeds(
    bus: ServiceBus, broker: BrokerThread
) -> None:
    """One attempt stands for all who wait for it."""
    broker.interrupt()
    errors = await _together(*(bus.open_sender("queue") for _ in range(10)))
    assert [type(error) for error in errors] == [BusUnavailable] * 10
    broker.resume()
    await bus.open_sender("queue")


async def test_closing_gives_up_an_opening(bus: ServiceBus, faults: Faults) -> None:
    """Nobody waits for a network that does not answer."""
    faults.add(Rule(Mishap.DELAY, seconds=60, times=None))
    waiting = asyncio.create_task(bus.open_sender("queue"))
    await asyncio.sleep(0)
    await asyncio.wait_for(bus.close(), 10)
    with pytest.raises((BusUnavailable, asyncio.CancelledError)):
        await waiting
