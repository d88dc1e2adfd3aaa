"""Pairs of links for requests and their answers: `$cbs`, and `$management` of each entity."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, override
from uuid import uuid4

from sandbox.service_bus.addresses import CBS
from sandbox.service_bus.amqp.errors import NOT_ALLOWED, AmqpError
from sandbox.service_bus.entities.content import Content
from sandbox.service_bus.links.incoming import IncomingLink
from sandbox.service_bus.links.link import Link

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.performatives import Attach
    from sandbox.service_bus.session import Session

type Answer = Callable[[Content], bytes]


class ResponseLink(Link):
    """Brings answers to the client. They are few and small: no credit is asked for."""

    def __init__(self, session: Session, attach: Attach, address: str) -> None:
        super().__init__(session, attach)
        self._address = address
        session.responses[address.lower()] = self

    def respond(self, answer: bytes) -> None:
        """Send an answer."""
        self.delivery_count += 1
        self.session.transfer(self.handle, uuid4().bytes, answer, settled=True)

    @override
    def closed(self) -> None:
        if self.session.responses.get(self._address.lower()) is self:
            del self.session.responses[self._address.lower()]


class RequestLink(IncomingLink):
    """Takes requests; each is answered on the response link of the same session and address."""

    def __init__(self, session: Session, attach: Attach, address: str, answer: Answer) -> None:
        super().__init__(session, attach)
        self._address = address
        self._answer = answer

    @override
    def open(self) -> None:
        self.accept()
        # The SDK sends without waiting for credit, and takes one frame in 50 ms while it opens: on `$cbs`, which every
        # sender and receiver opens first, the credit would only cost it time.
        if self._address.lower() != CBS:
            self.grant()

    @override
    def take(self, data: bytes, message_format: int) -> None:
        response = self.session.responses.get(self._address.lower())
        if response is None:
            raise AmqpError(NOT_ALLOWED, f"nothing receives the answers of {self._address} in this session")
        response.respond(self._answer(Content.parse(data)))
