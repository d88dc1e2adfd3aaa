"""Links on which the client receives messages."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, override
from uuid import UUID, uuid4

from sandbox.service_bus.addresses import session_id_of, with_session_id
from sandbox.service_bus.amqp.composites import Accepted, Modified, Outcome, Rejected, Released
from sandbox.service_bus.amqp.errors import INTERNAL_ERROR, NOT_IMPLEMENTED, TIMEOUT, AmqpError
from sandbox.service_bus.amqp.types import Symbol
from sandbox.service_bus.links.link import Link

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.performatives import Attach, Flow
    from sandbox.service_bus.entities.queue import Queue
    from sandbox.service_bus.entities.queued_message import Lock, QueuedMessage
    from sandbox.service_bus.entities.session_queue import MessageSession, SessionQueue
    from sandbox.service_bus.session import Session

_SETTLED = 1  # the sender settle mode of receive-and-delete (2.8.2)
_TIMEOUT = Symbol("com.microsoft:timeout")
_LOCKED_UNTIL = Symbol("com.microsoft:locked-until-utc")
_DEFAULT_TIMEOUT = 60_000  # milliseconds that a receiver waits for a session unless it says otherwise
_TICKS_TO_1970, _TICKS_A_SECOND = 621_355_968_000_000_000, 10_000_000  # .NET's DateTime.Ticks
_logger = logging.getLogger(__name__)


class ConsumerLink(Link):
    """Brings a queue's messages to the client, as many as it gives credit for."""

    def __init__(self, session: Session, attach: Attach, queue: Queue) -> None:
        super().__init__(session, attach)
        self._queue = queue
        self._limit = 0
        self.deletes = attach.snd_settle_mode == _SETTLED
        self.owner: object = session

    @property
    def credit(self) -> int:
        """How many more messages the client takes."""
        return self._limit - self.delivery_count

    def deliver(self, message: QueuedMessage, lock: Lock | None) -> None:
        """Send a message. What fails here fails this link, not the one that caused the delivery."""
        try:
            self.delivery_count += 1
            token = lock.token if lock else uuid4()
            # The SDK reads a lock token from the tag's 16 bytes, in the order of a .NET Guid.
            number = self.session.transfer(
                self.handle, token.bytes_le, message.encode(lock.until if lock else None), settled=lock is None
            )
            if lock:
                self.session.unsettled[number] = (self, token)
        except Exception as error:
            _logger.exception("cannot deliver message %s of %s", message.sequence_number, self._queue.name)
            self.fail(AmqpError(INTERNAL_ERROR, f"{type(error).__name__}: {error}"))

    def fail(self, error: AmqpError) -> None:
        """Close the link because of an error."""
        self._limit = self.delivery_count
        self.detach(error)

    def settle(self, token: UUID, outcome: Outcome | None) -> Outcome:
        """Do what the client decided about a message, and return the outcome to confirm.

        Raises:
            AmqpError: it cannot be done, for one because the lock is lost.
        """
        match outcome:
            case Accepted() | None:
                self._queue.complete(token)
            case Modified(undeliverable_here=True):
                self._queue.defer(token)
            case Modified(delivery_failed=True):
                self._queue.abandon(token)
            case Modified() | Released():
                self._queue.release(token)
            case Rejected(error=error):
                info = (error.info if error else None) or {}
                condition, description = (error.condition, error.description) if error else ("", None)
                reason = info.get("DeadLetterReason") or condition
                self._queue.dead_letter(token, reason, info.get("DeadLetterErrorDescription") or description or "")
                return Rejected()
            case _:
                raise AmqpError(NOT_IMPLEMENTED, f"a delivery cannot be settled as {type(outcome).__name__}")
        return outcome or Accepted()

    @override
    def on_flow(self, flow: Flow) -> None:
        # AMQP 1.0 part 2, section 2.6.7: what the client has counted may be behind what is under way to it.
        self._limit = (flow.delivery_count or 0) + (flow.link_credit or 0)
        self._queue.want(self)
        if flow.drain:
            self.delivery_count = max(self.delivery_count, self._limit)
        if flow.drain or flow.echo:
            self.flow(max(0, self.credit), drain=flow.drain)

    @override
    def closed(self) -> None:
        self._queue.leave(self)


class SessionConsumerLink(ConsumerLink):
    """Brings the messages of one session; the attach is answered once a session is locked."""

    def __init__(self, session: Session, attach: Attach, queue: SessionQueue) -> None:
        super().__init__(session, attach, queue)
        self._sessions = queue
        self._patience: asyncio.TimerHandle | None = None

    @override
    def open(self) -> None:
        session_id = session_id_of(self.attach.source)
        if session_id is not None:
            self._found(self._sessions.lock_session(session_id, self))
            return
        patience = (self.attach.properties or {}).get(_TIMEOUT, _DEFAULT_TIMEOUT) / 1000
        self._patience = asyncio.get_running_loop().call_later(patience, self._give_up)
        self._sessions.seek_session(self, self._found)

    @override
    def closed(self) -> None:
        if self._patience:
            self._patience.cancel()
        super().closed()

    def _found(self, found: MessageSession) -> None:
        if self._patience:
            self._patience.cancel()
        source = self.attach.source
        ticks = _TICKS_TO_1970 + int(found.locked_until * _TICKS_A_SECOND)
        self.accept(source=source and with_session_id(source, found.session_id), properties={_LOCKED_UNTIL: ticks})

    def _give_up(self) -> None:
        self._sessions.stop_seeking(self)
        self.refuse(AmqpError(TIMEOUT, f"no session of {self._queue.name} became available in time"))
