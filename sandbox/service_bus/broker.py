"""The broker: a listener, its connections, and the entities behind them."""

import asyncio
from dataclasses import replace
from pathlib import Path

from aiohttp import web

from sandbox.service_bus.administration.api import Administration
from sandbox.service_bus.administration.permission import KEY, MANAGER
from sandbox.service_bus.connection import Connection
from sandbox.service_bus.doorway import Doorway
from sandbox.service_bus.entities.counts import Counts
from sandbox.service_bus.entities.deadlines import Alarm
from sandbox.service_bus.entities.hold import Hold, Moment
from sandbox.service_bus.entities.namespace import Namespace
from sandbox.service_bus.entities.recorder import Recorder
from sandbox.service_bus.entities.traffic import Traffic
from sandbox.service_bus.journal import Journal
from sandbox.service_bus.listener import Listener
from sandbox.service_bus.topology import Topology

_PARTING = 0.1  # seconds for an answer that is being given


class Broker:
    """Service Bus on this machine; lives on the event loop that starts it.

    Args:
        topology: the entities.
        host: the address to listen on; loopback, because nobody has to sign in.
        port: the port to listen on, 0 for any free one.
        journal: a file to keep messages in, so that they outlive the process; None to keep them in memory only.
    """

    def __init__(self, topology: Topology, host: str = "127.0.0.1", port: int = 0, journal: Path | None = None) -> None:
        self._host = host
        self._port = port
        self._alarm = Alarm()
        self._journal = Journal(journal) if journal else None
        self._namespace = Namespace(topology.namespace, self._alarm, self._journal or Recorder())
        self._connections: set[Connection | Doorway] = set()
        self._administration = Administration(topology.namespace, self._namespace.counts)
        self._http: web.Server | None = None
        self._listener: Listener | None = None

    @property
    def port(self) -> int:
        """The port; known once the broker has started."""
        return self._port

    @property
    def connection_string(self) -> str:
        """What a client connects with; for messages any key will do, no token is checked there."""
        return (
            f"Endpoint=sb://{self._host}:{self._port};SharedAccessKeyName={MANAGER};"
            f"SharedAccessKey={KEY};UseDevelopmentEmulator=true;"
        )

    async def start(self) -> None:
        """Put back what the journal holds, and listen.

        Raises:
            OSError: the port is taken, or the journal cannot be read or written.
            ValueError: the journal is none.
        """
        if self._journal:
            self._journal.restore(self._namespace)
        await self.resume()
        self._alarm.start()

    async def stop(self) -> None:
        """Drop every connection; messages that no journal keeps are gone."""
        await self.interrupt()
        self._alarm.stop()
        if self._journal:
            self._journal.close()

    async def interrupt(self) -> None:
        """Begin an outage: refuse and drop connections, keep the messages."""
        listener, self._listener = self._listener, None
        if listener:
            await listener.close()
        connections = list(self._connections)
        for connection in connections:
            connection.abort()
        if self._http:
            await self._http.shutdown(_PARTING)
        await asyncio.gather(*(connection.ended.wait() for connection in connections))

    async def resume(self) -> None:
        """End an outage: listen on the same port again."""
        if self._listener is None:
            http = self._http = web.Server(self._administration.answer, access_log=None)
            self._listener = Listener(self._host, self._port, lambda: self._doorway(http))
            self._port = self._listener.port

    def hold(self, entity: str, moment: Moment) -> Hold:
        """Keep every sender to a queue or topic waiting, until `release`."""
        destination = self._namespace.destination(entity)
        destination.hold = destination.hold or Hold(moment)
        return destination.hold

    def release(self, entity: str) -> None:
        """Let the senders that `hold` keeps go on."""
        destination = self._namespace.destination(entity)
        held, destination.hold = destination.hold, None
        if held:
            held.release()

    def counts(self) -> dict[str, Counts]:
        """Count the messages of each entity, by its name; a subscription's is `topic/Subscriptions/subscription`."""
        return self._namespace.counts()

    def _doorway(self, http: web.Server) -> Doorway:
        doorway = Doorway(self._connection, http, self._connections.discard)
        self._connections.add(doorway)
        return doorway

    def traffic(self, entity: str) -> Traffic:
        """What clients have sent to a queue or topic so far."""
        return replace(self._namespace.destination(entity).traffic)

    def _connection(self) -> Connection:
        connection = Connection(self._namespace, self._connections.discard)
        self._connections.add(connection)
        return connection
