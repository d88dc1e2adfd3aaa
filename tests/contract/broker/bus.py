"""The two Azure SDK clients behind one face, so that a scenario is written once."""

import asyncio
import inspect
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from azure.servicebus import ServiceBusClient
from azure.servicebus.aio import ServiceBusClient as AioServiceBusClient

from sandbox.service_bus import BrokerThread


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
        else:
            await asyncio.gather(*(face.inner.close() for face in self._opened))
        await Face(self.client).close()
