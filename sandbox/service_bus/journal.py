"""A journal on disk, so that messages outlive a broker that is killed.

One JSON array a line: what happened, to which entity, and the facts. A line is written before its change is confirmed to
anybody. It is read and rewritten at the start. Locks are not recorded: after a crash every locked message is free again,
and nobody has counted its delivery.
"""

import json
from base64 import b64encode
from pathlib import Path
from typing import Any, BinaryIO, override

from sandbox.service_bus.amqp.encode import encode
from sandbox.service_bus.entities.namespace import Namespace
from sandbox.service_bus.entities.queued_message import QueuedMessage
from sandbox.service_bus.entities.recorder import Recorder
from sandbox.service_bus.kept import Kept


class Journal(Recorder):
    """Writes every change down and, at the start, puts everything back.

    Args:
        path: the file; it is made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None

    def restore(self, namespace: Namespace) -> None:
        """Put back what the journal holds, and begin a new one with that.

        Raises:
            OSError: the file cannot be read or written.
            ValueError: a line is not of a journal.
        """
        kept = Kept(self._read())
        fresh = self._path.with_name(self._path.name + ".new")
        self._file = fresh.open("wb", buffering=0)
        for entity, number in kept.last.items():
            self._write("last", entity, number)
        kept.put_back(namespace)
        fresh.replace(self._path)

    def close(self) -> None:
        """Write no more."""
        if self._file:
            self._file.close()
            self._file = None

    @override
    def added(self, entity: str, message: QueuedMessage) -> None:
        facts = (message.sequence_number, message.enqueued_at, message.enqueue_sequence_number, message.expires_at)
        body = b64encode(message.content.encode()).decode()
        self._write("added", entity, *facts, message.due, message.deferred, message.delivery_count, body)

    @override
    def changed(self, entity: str, message: QueuedMessage) -> None:
        self._write("changed", entity, message.sequence_number, message.deferred, message.delivery_count)

    @override
    def removed(self, entity: str, sequence_number: int) -> None:
        self._write("removed", entity, sequence_number)

    @override
    def seen(self, entity: str, message_id: Any, until: float, sequence_number: int) -> None:
        self._write("seen", entity, encode(message_id).hex(), until, sequence_number)

    @override
    def session_state(self, entity: str, session_id: str, state: bytes | None) -> None:
        self._write("state", entity, session_id, None if state is None else state.hex())

    def _write(self, *line: Any) -> None:
        if self._file:
            self._file.write(json.dumps(line).encode() + b"\n")

    def _read(self) -> list[list[Any]]:
        if not self._path.exists():
            return []
        lines = self._path.read_bytes().split(b"\n")
        # Whatever stands behind the last line break was being written when the process died.
        return [json.loads(line) for line in lines[:-1]]
