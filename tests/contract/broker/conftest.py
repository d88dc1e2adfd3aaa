"""One broker for all tests here, and the two Azure SDK clients behind one face, so that a scenario is written once."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import pytest_asyncio
from azure.servicebus import ServiceBusClient
from azure.servicebus.aio import ServiceBusClient as AioServiceBusClient

from sandbox.service_bus import BrokerThread, Topology

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
        _queue(f"renewed-{kind}", LockDuration="PT2S", MaxDeliveryCount=10),
        _queue(f"unique-{kind}", RequiresDuplicateDetection=True, DuplicateDetectionHistoryTimeWindow="PT0.5S"),
        _queue(f"front-{kind}", ForwardTo=f"back-{kind}"),
        _queue(f"back-{kind}", MaxDeliveryCount=1, ForwardDeadLetteredMessagesTo=f"graves-{kind}"),
        _queue(f"graves-{kind}"),
        _queue(f"sessions-{kind}", RequiresSession=True),
        _queue(f"next-sessions-{kind}", RequiresSession=True),
        _queue(f"listed-{kind}", RequiresSession=True),
        _queue(f"brief-sessions-{kind}", RequiresSession=True, LockDuration="PT0.5S", MaxDeliveryCount=2),
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
        "Queues": [queue for kind in KINDS for queue in _queues(kind)] + [_queue("crowded")],
        "Topics": [_topic(kind) for kind in KINDS],
    }
    with BrokerThread(Topology({"UserConfig": {"Namespaces": [namespace]}})) as running:
        yield running


class Face:
    """An SDK object whose methods are awaited, whether it is the synchronous or the asynchronous one."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.inner, name)
        if not callable(found):
            return Face(found) if name == "session" else found

        async def call(*args: Any, **kwargs: Any) -> Any:
            answer = found(*args, **kwargs)
            return await answer if inspect.isawaitable(answer) else answer

        return call


class Bus:
    """A client of either kind. What it opens is shared between the tests: the SDK takes half a second to open a link."""

    def __init__(self, kind: str, broker: BrokerThread) -> None:
        self.kind = kind
        self.broker = broker
        client = ServiceBusClient if kind == "sync" else AioServiceBusClient
        self.client = client.from_connection_string(broker.connection_string)
        self._shared: dict[str, Face] = {}
        self._opened: list[Face] = []

    def path(self, name: str) -> str:
        """This kind's own entity of a name, such as `plain` or `events/Subscriptions/all`."""
        first, slash, rest = name.partition("/")
        return f"{first}-{self.kind}{slash}{rest}"

    def counts(self, name: str) -> Any:
        """The broker's counts of this kind's entity."""
        return self.broker.counts()[self.path(name)]

    def sender(self, name: str) -> Face:
        """A shared sender to a queue or topic."""
        open_ = self.client.get_topic_sender if name.startswith("events") else self.client.get_queue_sender
        return self._share(f"to {name}", lambda: self._keep(open_(self.path(name))))

    def receiver(self, name: str, **options: Any) -> Face:
        """A shared receiver from a queue, or from `topic/Subscriptions/subscription`."""
        return self._share(f"from {name} {options}", lambda: self.open(name, **options))

    def open(self, name: str, **options: Any) -> Face:
        """A receiver of its own for a test."""
        topic, _, subscription = self.path(name).partition("/Subscriptions/")
        if subscription:
            return self._keep(self.client.get_subscription_receiver(topic, subscription, **options))
        return self._keep(self.client.get_queue_receiver(topic, **options))

    def dead_letters(self, name: str) -> Face:
        """A shared receiver from a dead-letter queue."""
        return self.receiver(name, sub_queue="deadletter")

    def _share(self, key: str, build: Callable[[], Face]) -> Face:
        if key not in self._shared:
            self._shared[key] = build()
        return self._shared[key]

    def _keep(self, inner: Any) -> Face:
        self._opened.append(Face(inner))
        return self._opened[-1]

    async def close(self) -> None:
        """Close everything at once: each of them sleeps for a second in the SDK."""
        if self.kind == "sync":
            with ThreadPoolExecutor(max_workers=len(self._opened) + 1) as pool:
                list(pool.map(lambda face: face.inner.close(), self._opened))
            self.client.close()
        else:
            await asyncio.gather(*(face.inner.close() for face in self._opened))
            await self.client.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=KINDS)
async def bus(request: pytest.FixtureRequest, broker: BrokerThread) -> AsyncIterator[Bus]:
    """A client: each test runs with the synchronous and with the asynchronous one."""
    bus = Bus(request.param, broker)
    yield bus
    await bus.close()


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
