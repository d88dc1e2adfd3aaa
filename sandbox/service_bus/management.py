"""The management node of an entity, `<entity>/$management`.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-request-response
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sandbox.service_bus.amqp import types
from sandbox.service_bus.amqp.errors import (
    INTERNAL_ERROR,
    MESSAGE_LOCK_LOST,
    MESSAGE_NOT_FOUND,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_IMPLEMENTED,
    SESSION_LOCK_LOST,
    AmqpError,
)
from sandbox.service_bus.amqp.types import Array, Int, Symbol, Timestamp
from sandbox.service_bus.entities.content import Content, reply
from sandbox.service_bus.entities.session_queue import SessionQueue

if TYPE_CHECKING:
    from sandbox.service_bus.entities.namespace import Namespace
    from sandbox.service_bus.entities.queue import Queue

_OK, _NO_CONTENT, _BAD_REQUEST, _SERVER_ERROR = 200, 204, 400, 500
_STATUSES = {
    MESSAGE_LOCK_LOST: 410,
    SESSION_LOCK_LOST: 410,
    MESSAGE_NOT_FOUND: 404,
    NOT_FOUND: 404,
    NOT_IMPLEMENTED: 501,
}
_EVERY_SESSION = 253_402_300_800_000  # .NET's DateTime.MaxValue in milliseconds: no regard to when the state was set
_logger = logging.getLogger(__name__)

type Body = dict[str, Any]


class Management:
    """Answers the requests that a client sends to an entity's management node.

    Args:
        namespace: where the entity is.
        path: the entity's path.
        owner: the AMQP session of the requests; it may speak for the message sessions that its links have locked.

    Raises:
        AmqpError: there is no such entity.
    """

    def __init__(self, namespace: Namespace, path: str, owner: object) -> None:
        if path.lower() not in (namespace.queues | namespace.topics):
            raise AmqpError(NOT_FOUND, f"the messaging entity '{path}' could not be found")
        self._namespace = namespace
        self._path = path
        self._owner = owner
        self._operations: dict[str, Callable[[Body], Body | None]] = {
            "schedule-message": self._schedule,
            "cancel-scheduled-message": self._cancel,
            "renew-lock": self._renew,
            "peek-message": self._peek,
            "receive-by-sequence-number": self._receive,
            "update-disposition": self._settle,
            "get-session-state": self._get_state,
            "set-session-state": self._set_state,
            "renew-session-lock": self._renew_session,
            "get-message-sessions": self._list_sessions,
        }

    def answer(self, request: Content) -> bytes:
        """Answer a request; what goes wrong is part of the answer."""
        name = str(request.application_properties.get("operation", "")).removeprefix("com.microsoft:")
        status: Body
        body: Body | None = None
        try:
            body = self._operation(name)(request.value or {})
            status = {"statusCode": Int(_OK if body is not None else _NO_CONTENT), "statusDescription": "OK"}
        except AmqpError as error:
            status = _failure(_STATUSES.get(error.condition, _BAD_REQUEST), error)
        except Exception as error:
            _logger.exception("operation %s of %s failed", name, self._path)
            status = _failure(_SERVER_ERROR, AmqpError(INTERNAL_ERROR, f"{type(error).__name__}: {error}"))
        return reply(request.message_id, status, body)

    def _operation(self, name: str) -> Callable[[Body], Body | None]:
        operation = self._operations.get(name)
        if operation is None:
            raise AmqpError(NOT_IMPLEMENTED, f"there is no operation '{name}'")
        return operation

    @property
    def _queue(self) -> Queue:
        return self._namespace.queue(self._path)

    @property
    def _session_queue(self) -> SessionQueue:
        queue = self._queue
        if not isinstance(queue, SessionQueue):
            raise AmqpError(NOT_ALLOWED, f"{queue.name} has no sessions")
        return queue

    def _schedule(self, body: Body) -> Body:
        contents = [Content.parse(entry["message"]) for entry in body["messages"]]
        return {"sequence-numbers": Array(types.LONG64, self._namespace.destination(self._path).accept(contents))}

    def _cancel(self, body: Body) -> Body:
        self._namespace.destination(self._path).cancel(list(body["sequence-numbers"].items))
        return {}

    def _renew(self, body: Body) -> Body:
        expirations = self._queue.renew(list(body["lock-tokens"].items))
        return {"expirations": Array(types.TIMESTAMP64, [Timestamp(until * 1000) for until in expirations])}

    def _peek(self, body: Body) -> Body | None:
        wanted = body.get("session-id")
        messages = self._queue.store.browse(body["from-sequence-number"])
        found = (each for each in messages if wanted is None or each.content.session_id == wanted)
        entries = [{"message": message.encode()} for message in islice(found, body["message-count"])]
        return {"messages": entries} if entries else None

    def _receive(self, body: Body) -> Body:
        queue = self._queue
        numbers = list(body["sequence-numbers"].items)
        if isinstance(queue, SessionQueue):
            session = queue.session_of(str(body.get("session-id")), self._owner)
            found = [queue.store.get(number) for number in numbers]
            if any(each and each.content.session_id != session.session_id for each in found):
                raise AmqpError(MESSAGE_NOT_FOUND, f"not all of {numbers} belong to session '{session.session_id}'")
        delete = body["receiver-settle-mode"] == 0
        return {
            "messages": [
                {"lock-token": lock.token, "message": message.encode(None if delete else lock.until)}
                for message, lock in queue.fetch(numbers, delete=delete)
            ]
        }

    def _settle(self, body: Body) -> Body:
        queue = self._queue
        reason, description = body.get("deadletter-reason") or "", body.get("deadletter-description") or ""
        settlements: dict[str, Callable[[UUID], None]] = {
            "completed": queue.complete,
            "abandoned": queue.abandon,
            "defered": queue.defer,
            "suspended": partial(queue.dead_letter, reason=reason, description=description),
        }
        settle = settlements[body["disposition-status"]]
        for token in body["lock-tokens"].items:
            settle(token)
        return {}

    def _get_state(self, body: Body) -> Body:
        return {"session-state": self._session_queue.session_of(body["session-id"], self._owner).state}

    def _set_state(self, body: Body) -> Body:
        session = self._session_queue.session_of(body["session-id"], self._owner)
        self._session_queue.set_state(session.session_id, body["session-state"])
        return {}

    def _renew_session(self, body: Body) -> Body:
        session = self._session_queue.session_of(body["session-id"], self._owner)
        return {"expiration": Timestamp(self._session_queue.renew_session(session) * 1000)}

    def _list_sessions(self, body: Body) -> Body | None:
        updated, skip = body["last-updated-time"], body["skip"]
        after = None if updated >= _EVERY_SESSION else updated / 1000
        names = self._session_queue.list_sessions(after)[skip : skip + body["top"]]
        return {"skip": Int(skip + len(names)), "sessions-ids": Array(types.STRING32, names)} if names else None


def _failure(status: int, error: AmqpError) -> Body:
    return {
        "statusCode": Int(status),
        "statusDescription": error.description,
        "errorCondition": Symbol(error.condition),
    }
