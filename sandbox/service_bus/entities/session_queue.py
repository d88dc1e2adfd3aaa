"""Queues whose messages belong to sessions (Service Bus sessions, not AMQP's)."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import override
from uuid import UUID, uuid4

from sandbox.service_bus.amqp.errors import NOT_ALLOWED, SESSION_CANNOT_BE_LOCKED, SESSION_LOCK_LOST, AmqpError
from sandbox.service_bus.entities.consumer import Consumer
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.entities.deadlines import Alarm, Deadlines
from sandbox.service_bus.entities.line import Line
from sandbox.service_bus.entities.queue import Queue, Settings
from sandbox.service_bus.entities.queued_message import Lock, QueuedMessage, State
from sandbox.service_bus.entities.recorder import Recorder


@dataclass(slots=True, eq=False)
class MessageSession:
    """The messages of one session id, a state that its consumers share, and the consumer that has it locked."""

    session_id: str
    line: Line = field(default_factory=Line)
    size: int = 0
    state: bytes | None = None
    updated_at: float = 0.0
    holder: Consumer | None = None
    locked_until: float = 0.0
    tokens: dict[UUID, None] = field(default_factory=dict)


class SessionQueue(Queue):
    """A queue of sessions: a consumer locks one, and gets its messages in order and nobody else's."""

    lost = SESSION_LOCK_LOST

    def __init__(
        self,
        name: str,
        settings: Settings,
        alarm: Alarm,
        recorder: Recorder,
        bury: Callable[[QueuedMessage, Content], None],
    ) -> None:
        super().__init__(name, settings, alarm, recorder, bury)
        self._recorder = recorder
        self._sessions: dict[str, MessageSession] = {}
        self._free: dict[str, None] = {}
        self._held: dict[Consumer, MessageSession] = {}
        self._seekers: dict[Consumer, Callable[[MessageSession], None]] = {}
        self._session_deadlines: Deadlines[str] = Deadlines(alarm, self._session_expired)

    @override
    def check(self, content: Content) -> None:
        if content.session_id is None:
            raise AmqpError(NOT_ALLOWED, f"{self.name} requires sessions and the message has no session id")

    def lock_session(self, session_id: str, consumer: Consumer) -> MessageSession:
        """Lock a session by its id, whether or not it has messages.

        Raises:
            AmqpError: another consumer has it.
        """
        session = self._session(session_id)
        if session.holder:
            raise AmqpError(SESSION_CANNOT_BE_LOCKED, f"session '{session_id}' is locked by another receiver")
        self._hold(session, consumer)
        return session

    def seek_session(self, consumer: Consumer, found: Callable[[MessageSession], None]) -> None:
        """Lock the next session that has messages and is free, now or as soon as there is one."""
        self._seekers[consumer] = found
        self._serve_seekers()

    def stop_seeking(self, consumer: Consumer) -> None:
        """Do not wait for a session any more."""
        self._seekers.pop(consumer, None)

    def session_of(self, session_id: str, owner: object) -> MessageSession:
        """Return a session that a consumer of this owner has locked.

        Raises:
            AmqpError: none of its consumers has.
        """
        session = self._sessions.get(session_id)
        if session is None or session.holder is None or session.holder.owner is not owner:
            raise AmqpError(SESSION_LOCK_LOST, f"the lock of session '{session_id}' is lost")
        return session

    def renew_session(self, session: MessageSession) -> float:
        """Renew a session's lock and return until when it holds."""
        session.locked_until = time.time() + self.settings.lock_duration
        self._session_deadlines.set(session.session_id, session.locked_until)
        return session.locked_until

    def set_state(self, session_id: str, state: bytes | None) -> None:
        """Set what the consumers of a session share."""
        session = self._session(session_id)
        session.state, session.updated_at = state, time.time()
        self._recorder.session_state(self.name, session_id, state)

    def list_sessions(self, updated_after: float | None) -> list[str]:
        """Return the ids of sessions whose state was set after a time; without one, of those with messages or a state."""
        return [
            session.session_id
            for session in self._sessions.values()
            if (
                session.size or session.state is not None
                if updated_after is None
                else session.updated_at > updated_after
            )
        ]

    @override
    def restore(self, message: QueuedMessage) -> None:
        self._session(message.content.session_id or "").size += 1
        super().restore(message)

    @override
    def want(self, consumer: Consumer) -> None:
        session = self._held.get(consumer)
        if session:
            self._pump_session(session)

    @override
    def leave(self, consumer: Consumer) -> None:
        self.stop_seeking(consumer)
        session = self._held.get(consumer)
        if session:
            self._let_go(session, failed=False)

    @override
    def renew(self, tokens: list[UUID]) -> list[float]:
        raise AmqpError(NOT_ALLOWED, "messages of a session have no lock of their own")

    @override
    def _offer(self, message: QueuedMessage) -> None:
        session = self._session(message.content.session_id or "")
        session.line.join(message)
        if session.holder:
            self._pump_session(session)
        else:
            self._free[session.session_id] = None
            self._serve_seekers()

    @override
    def _grant(self, message: QueuedMessage) -> Lock:
        session = self._session(message.content.session_id or "")
        lock = Lock(uuid4(), message, session.locked_until)
        self._locks[lock.token] = lock
        session.tokens[lock.token] = None
        self.store.move(message, State.LOCKED)
        return lock

    @override
    def _unlock(self, token: UUID) -> QueuedMessage:
        message = super()._unlock(token)
        self._session(message.content.session_id or "").tokens.pop(token, None)
        return message

    @override
    def _remove(self, message: QueuedMessage) -> None:
        super()._remove(message)
        session = self._session(message.content.session_id or "")
        session.size -= 1
        self._forget_if_empty(session)

    def _session(self, session_id: str) -> MessageSession:
        return self._sessions.setdefault(session_id, MessageSession(session_id))

    def _hold(self, session: MessageSession, consumer: Consumer) -> None:
        session.holder = consumer
        self._held[consumer] = session
        self._free.pop(session.session_id, None)
        self.renew_session(session)

    def _pump_session(self, session: MessageSession) -> None:
        while session.holder and session.holder.credit > 0 and session.line:
            self._hand_over(session.line.pop(), session.holder)

    def _serve_seekers(self) -> None:
        while self._seekers and self._free:
            session_id = next(iter(self._free))
            del self._free[session_id]
            session = self._sessions.get(session_id)
            if session and session.line and not session.holder:
                consumer = next(iter(self._seekers))
                found = self._seekers.pop(consumer)
                self._hold(session, consumer)
                found(session)

    def _let_go(self, session: MessageSession, *, failed: bool) -> None:
        if session.holder:
            del self._held[session.holder]
        session.holder = None
        self._session_deadlines.discard(session.session_id)
        for token in list(session.tokens):
            if failed:
                self.abandon(token)
            else:
                self.release(token)
        if session.line:
            self._free[session.session_id] = None
            self._serve_seekers()
        self._forget_if_empty(session)

    def _session_expired(self, session_id: str) -> None:
        session = self._sessions[session_id]
        holder = session.holder
        # https://learn.microsoft.com/azure/service-bus-messaging/message-sessions, "Impact of delivery count": an expired
        # session lock counts as a failed delivery of its locked messages, a closed session does not.
        self._let_go(session, failed=True)
        if holder:
            holder.fail(AmqpError(SESSION_LOCK_LOST, f"the lock of session '{session_id}' has expired"))

    def _forget_if_empty(self, session: MessageSession) -> None:
        if not session.size and session.holder is None and session.state is None:
            self._sessions.pop(session.session_id, None)
            self._free.pop(session.session_id, None)
