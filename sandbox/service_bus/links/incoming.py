"""Links on which the client sends."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, override

from sandbox.service_bus.amqp.composites import Accepted, Error, Outcome, Rejected
from sandbox.service_bus.amqp.errors import MESSAGE_SIZE_EXCEEDED, AmqpError
from sandbox.service_bus.amqp.performatives import Disposition
from sandbox.service_bus.links.link import Link

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.performatives import Attach, Transfer
    from sandbox.service_bus.session import Session

# Standard tier: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-quotas
MAX_MESSAGE_SIZE = 262_144
_CREDIT = 10_000


class IncomingLink(Link, ABC):
    """Puts the parts of messages together, and settles each message with what `take` makes of it."""

    def __init__(self, session: Session, attach: Attach) -> None:
        super().__init__(session, attach)
        self._parts = bytearray()
        self._first: Transfer | None = None

    @override
    def on_transfer(self, transfer: Transfer, payload: bytes) -> None:
        first = self._first = self._first or transfer
        if len(self._parts) <= MAX_MESSAGE_SIZE:
            self._parts += payload
        if transfer.more and not transfer.aborted:
            return
        data = bytes(self._parts)
        self._parts.clear()
        self._first = None
        self.delivery_count += 1
        if transfer.aborted:
            return
        settled = first.settled or transfer.settled
        self.receive(data, first.message_format or 0, None if settled else first.delivery_id)
        if self.delivery_count % (_CREDIT // 2) == 0:
            self.grant()

    def receive(self, data: bytes, message_format: int, delivery_id: int | None) -> None:
        """Take a whole message and settle its delivery; None where the client has settled it itself."""
        self.settle(delivery_id, self.outcome(data, message_format))

    def settle(self, delivery_id: int | None, outcome: Outcome) -> None:
        """Tell the client what came of a delivery."""
        if delivery_id is not None:
            self.session.send(Disposition(True, delivery_id, settled=True, state=outcome))  # noqa: FBT003  the role is a boolean in AMQP

    @abstractmethod
    def take(self, data: bytes, message_format: int) -> None:
        """Take a message.

        Raises:
            AmqpError: it is rejected.
        """

    def grant(self) -> None:
        """Let the client send on."""
        self.flow(_CREDIT)

    def outcome(self, data: bytes, message_format: int) -> Outcome:
        """Take a whole message; what came of it."""
        if len(data) > MAX_MESSAGE_SIZE:
            return Rejected(Error(MESSAGE_SIZE_EXCEEDED, f"the message is longer than {MAX_MESSAGE_SIZE} bytes", {}))
        try:
            self.take(data, message_format)
        except AmqpError as error:
            return Rejected(Error.from_exception(error))
        return Accepted()
