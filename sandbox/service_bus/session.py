"""AMQP sessions: links, deliveries and their numbers (AMQP 1.0 part 2, section 2.5)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sandbox.service_bus.amqp.composites import Composite, Error, Rejected
from sandbox.service_bus.amqp.errors import HANDLE_IN_USE, INTERNAL_ERROR, MESSAGE_LOCK_LOST, AmqpError
from sandbox.service_bus.amqp.performatives import Attach, Begin, Detach, Disposition, End, Flow, Transfer
from sandbox.service_bus.links.attachment import attached
from sandbox.service_bus.links.link import Link

if TYPE_CHECKING:
    from sandbox.service_bus.connection import Connection
    from sandbox.service_bus.entities.namespace import Namespace
    from sandbox.service_bus.links.consumer import ConsumerLink
    from sandbox.service_bus.links.requests import ResponseLink

# The SDK counts the window down and only asks for more at zero, so it gets the widest there is.
_WINDOW = 2**31 - 1
_TRANSFER_OVERHEAD = 64  # the most that frame header and transfer performative need
_logger = logging.getLogger(__name__)


class Session:
    """A session that a client has begun.

    Args:
        connection: carries the frames.
        channel: the channel of both directions.
        begin: how the client began it.
        namespace: what links can be attached to.

    Attributes:
        unsettled: deliveries to the client that it has not settled, by delivery id: the link and the lock token.
        responses: links that bring answers to requests, by address.
    """

    def __init__(self, connection: Connection, channel: int, begin: Begin, namespace: Namespace) -> None:
        self._connection = connection
        self._channel = channel
        self._namespace = namespace
        self._links: dict[int, Link] = {}
        self._next_incoming = begin.next_outgoing_id
        self._next_outgoing = 0
        self._next_delivery = 1
        self.unsettled: dict[int, tuple[ConsumerLink, UUID]] = {}
        self.responses: dict[str, ResponseLink] = {}
        self.send(Begin(channel, self._next_outgoing, _WINDOW, _WINDOW, begin.handle_max))

    def receive(self, performative: Composite, payload: bytes) -> bool:
        """Deal with a frame of this session; false once the session has ended."""
        match performative:
            case Attach():
                self._on_attach(performative)
            case Transfer():
                self._next_incoming += 1
                self._on_link(performative.handle, lambda link: link.on_transfer(performative, payload))
            case Disposition(role=True):
                self._on_disposition(performative)
            case Flow(handle=None):
                if performative.echo:
                    self.send_flow()
            case Flow(handle=int(handle)):
                self._on_link(handle, lambda link: link.on_flow(performative))
            case Detach():
                self._on_detach(performative)
            case End():
                self.closed()
                self.send(End())
                return False
        return True

    def send(self, performative: Composite, payload: bytes = b"") -> None:
        """Send a frame."""
        self._connection.send(self._channel, performative, payload)

    def send_flow(self, **link: Any) -> None:
        """Send the flow state of the session, and of a link."""
        self.send(Flow(self._next_incoming, _WINDOW, self._next_outgoing, _WINDOW, **link))

    def transfer(self, handle: int, tag: bytes, message: bytes, *, settled: bool) -> int:
        """Send a message in as many frames as it takes, and return its delivery id."""
        number = self._next_delivery
        self._next_delivery += 1
        size = self._connection.max_frame_size - _TRANSFER_OVERHEAD
        for start in range(0, len(message), size):
            more = start + size < len(message)
            self._next_outgoing += 1
            self.send(Transfer(handle, number, tag, 0, settled, more), message[start : start + size])
        return number

    def forget(self, link: Link) -> None:
        """Let go of a link. Its unsettled deliveries can be settled by their lock tokens only."""
        if self._links.get(link.handle) is link:
            del self._links[link.handle]
        self.unsettled = {number: each for number, each in self.unsettled.items() if each[0] is not link}
        link.closed()

    def closed(self) -> None:
        """Let go of everything; the session is gone."""
        for link in list(self._links.values()):
            self.forget(link)

    def _on_attach(self, attach: Attach) -> None:
        if attach.handle in self._links:
            raise AmqpError(HANDLE_IN_USE, f"handle {attach.handle} belongs to another link")
        link = Link(self, attach)
        try:
            link = attached(self, attach, self._namespace)
            self._links[attach.handle] = link
            link.open()
        except AmqpError as error:
            link.refuse(error)
        except Exception as error:
            _logger.exception("link '%s' cannot be attached", attach.name)
            link.refuse(AmqpError(INTERNAL_ERROR, f"{type(error).__name__}: {error}"))

    def _on_link(self, handle: int, act: Callable[[Link], None]) -> None:
        # A client may still send on a link that was refused or detached; such frames mean nothing.
        link = self._links.get(handle)
        if link is None:
            return
        try:
            act(link)
        except AmqpError as error:
            link.detach(error)
        except Exception as error:
            _logger.exception("link '%s' fails", link.attach.name)
            link.detach(AmqpError(INTERNAL_ERROR, f"{type(error).__name__}: {error}"))

    def _on_detach(self, detach: Detach) -> None:
        link = self._links.get(detach.handle)
        if link:
            self.forget(link)
            self.send(Detach(detach.handle, detach.closed))

    def _on_disposition(self, disposition: Disposition) -> None:
        last = disposition.first if disposition.last is None else disposition.last
        told = range(disposition.first, last + 1)
        # The range is the client's word: what is walked is never longer than what was delivered.
        known = told if len(told) <= len(self.unsettled) else [number for number in self.unsettled if number in told]
        for number in known or told[:1]:
            self._settle(number, disposition)

    def _unsettled(self, number: int) -> tuple[ConsumerLink, UUID]:
        if number not in self.unsettled:
            raise AmqpError(MESSAGE_LOCK_LOST, f"delivery {number} is settled already")
        return self.unsettled.pop(number)

    def _settle(self, number: int, disposition: Disposition) -> None:
        try:
            link, token = self._unsettled(number)
            outcome = link.settle(token, disposition.state)
        except AmqpError as error:
            outcome = Rejected(Error.from_exception(error))
        except Exception as error:
            _logger.exception("delivery %s cannot be settled", number)
            outcome = Rejected(Error(INTERNAL_ERROR, f"{type(error).__name__}: {error}", {}))
        if not disposition.settled:
            self.send(Disposition(False, number, settled=True, state=outcome))  # noqa: FBT003  the role is a boolean in AMQP
