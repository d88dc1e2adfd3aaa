"""A broker on a thread of its own, for programs that are not asynchronous or that block their event loop."""

import asyncio
import threading
from collections.abc import Coroutine
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sandbox.service_bus.broker import Broker
from sandbox.service_bus.entities.counts import Counts
from sandbox.service_bus.entities.hold import Hold, Moment
from sandbox.service_bus.entities.traffic import Traffic
from sandbox.service_bus.topology import Topology


class BrokerThread:
    """A broker with its own thread and event loop; a context manager. Every method may be called from any thread.

    Args:
        topology: the entities.
        port: the port to listen on, 0 for any free one.
        journal: a file to keep messages in, so that they outlive the process; None to keep them in memory only.
    """

    def __init__(self, topology: Topology, port: int = 0, journal: Path | None = None) -> None:
        self._broker = Broker(topology, port=port, journal=journal)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="service-bus", daemon=True)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        """The port; known once the broker has started."""
        return self._broker.port

    @property
    def connection_string(self) -> str:
        """What a client connects with."""
        return self._broker.connection_string

    def start(self) -> None:
        """Start the thread and listen.

        Raises:
            OSError: the port is taken, or the journal cannot be read or written.
            ValueError: the journal is none.
        """
        self._thread.start()
        try:
            self._run(self._broker.start())
        except (OSError, ValueError):
            self._end()
            raise

    def stop(self) -> None:
        """Drop every connection and end the thread; messages that no journal keeps are gone."""
        self._run(self._broker.stop())
        self._end()

    def interrupt(self) -> None:
        """Begin an outage: refuse and drop connections, keep the messages."""
        self._run(self._broker.interrupt())

    def resume(self) -> None:
        """End an outage: listen on the same port again."""
        self._run(self._broker.resume())

    def hold(self, entity: str, moment: Moment) -> Hold:
        """Keep every sender to a queue or topic waiting, until `release`; the hold counts them."""
        return self._run(self._hold(entity, moment))

    def release(self, entity: str) -> None:
        """Let the senders that `hold` keeps go on; those that are gone have never sent, or never heard of it."""
        self._run(self._release(entity))

    def counts(self) -> dict[str, Counts]:
        """Count the messages of each entity, by its name; a subscription's is `topic/Subscriptions/subscription`."""
        return self._run(self._counts())

    def traffic(self, entity: str) -> Traffic:
        """Count what clients have sent to a queue or topic so far."""
        return self._run(self._traffic(entity))

    async def _hold(self, entity: str, moment: Moment) -> Hold:
        return self._broker.hold(entity, moment)

    async def _release(self, entity: str) -> None:
        self._broker.release(entity)

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _traffic(self, entity: str) -> Traffic:
        return self._broker.traffic(entity)

    async def _counts(self) -> dict[str, Counts]:
        return self._broker.counts()

    def _run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()
