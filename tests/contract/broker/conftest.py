"""One broker and the clients for all tests here."""

import asyncio
import inspect
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import pytest_asyncio

from sandbox.service_bus import BrokerThread, Topology
from tests.contract.broker.bus import Bus
from tests.contract.broker.wire import Wire

KINDS = ("sync", "aio")
PATIENCE = 20.0  # seconds until a condition that should become true is given up


def _queue(name: str, **properties: Any) -> dict[str, Any]:
    return {"Name": name, "Properties": properties}


def _sql(name: str, expression: str) -> dict[str, Any]:
    return {"Name": name, "Properties": {"FilterType": "Sql", "SqlFilter": {"SqlExpression": expression}}}


def _queues(kind: str) -> list[dict[str, Any]]:
    return [
        _queue(f"plain-{kind}", MaxDeliveryCount=2, DeadLetteringOnMessageExpiration=True),
        _queue(f"dropping-{kind}"),
        _queue(f"brief-{kind}", LockDuration="PT0.4S", MaxDeliveryCount=10),
        _queue(f"renewed-{kind}", LockDuration="PT3S", MaxDeliveryCount=10),
        _queue(f"unique-{kind}", RequiresDuplicateDetection=True, DuplicateDetectionHistoryTimeWindow="PT0.5S"),
        _queue(f"sessions-{kind}", RequiresSession=True),
        _queue(f"next-sessions-{kind}", RequiresSession=True),
        _queue(f"listed-{kind}", RequiresSession=True),
        _queue(f"brief-sessions-{kind}", RequiresSession=True, LockDuration="PT0.5S", MaxDeliveryCount=2),
    ]


def _shared_queues() -> list[dict[str, Any]]:
    return [
        _queue("crowded"),
        _queue("wire", DeadLetteringOnMessageExpiration=True),
        _queue("sessions", RequiresSession=True),
        _queue("brief", LockDuration="PT0.5S"),
        _queue("front", ForwardTo="back"),
        _queue("back", MaxDeliveryCount=1, ForwardDeadLetteredMessagesTo="graves"),
        _queue("graves"),
        _queue("misled", MaxDeliveryCount=1, ForwardDeadLetteredMessagesTo="sessions"),
    ]


def _topic(kind: str) -> dict[str, Any]:
    urgent = {"Label": "urgent", "Properties": {"color": "red"}}
    correlated = {"Name": "urgent", "Properties": {"FilterType": "Correlation", "CorrelationFilter": urgent}}
    subscriptions = [
        {"Name": "all", "Properties": {"MaxDeliveryCount": 1}},
        {"Name": "red", "Rules": [_sql("red", "color = 'red' AND n > 3")]},
        {"Name": "urgent", "Rules": [correlated]},
        {"Name": "ratio", "Rules": [_sql("ratio", "n / d > 1")]},
        {"Name": "sessions", "Properties": {"RequiresSession": True}},
    ]
    return {"Name": f"events-{kind}", "Subscriptions": subscriptions}


@pytest.fixture(scope="session")
def broker() -> Iterator[BrokerThread]:
    """A broker with every entity that the tests here need."""
    namespace = {
        "Name": "sbemulatorns",
        "Queues": [queue for kind in KINDS for queue in _queues(kind)] + _shared_queues(),
        "Topics": [_topic(kind) for kind in KINDS],
    }
    with BrokerThread(Topology({"UserConfig": {"Namespaces": [namespace]}})) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=KINDS)
async def bus(request: pytest.FixtureRequest, broker: BrokerThread) -> AsyncIterator[Bus]:
    """A client: each test runs with the synchronous and with the asynchronous one."""
    bus = Bus(request.param, broker)
    yield bus
    await bus.close()


@pytest.fixture
def wire(broker: BrokerThread) -> Iterator[Callable[..., Wire]]:
    """Opens clients that speak frame by frame."""
    opened: list[Wire] = []

    def open_(*args: Any, **options: Any) -> Wire:
        opened.append(Wire(broker.port, *args, **options))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def client(wire: Callable[..., Wire], broker: BrokerThread) -> Iterator[Wire]:
    """A client that speaks frame by frame, with a session on channel 1; its test leaves the queue `wire` empty."""
    yield wire()
    counts = broker.counts()["wire"]
    assert (counts.active, counts.locked) == (0, 0)


@pytest.fixture
def launch() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts brokers in processes of their own."""
    with ExitStack() as stack:

        def start(*options: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", "sandbox.service_bus", *options]
            process = stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))  # noqa: S603  our own module
            stack.callback(process.kill)
            return process

        yield start


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Waits for a condition and returns what it found; fails when it does not become true in time."""

    async def wait(condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, (
                f"not true after {PATIENCE:.0f} s: {inspect.getsource(condition).strip()}"
            )
            await asyncio.sleep(0.02)
        return found

    return wait
