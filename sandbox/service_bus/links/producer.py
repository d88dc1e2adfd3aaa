"""Links on which the client sends messages to a queue or a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from sandbox.service_bus.amqp.types import Symbol, ULong
from sandbox.service_bus.entities.content import Content, batch
from sandbox.service_bus.links.incoming import MAX_MESSAGE_SIZE, IncomingLink

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.performatives import Attach
    from sandbox.service_bus.entities.destination import Destination
    from sandbox.service_bus.session import Session

# Service Bus's own message format for several messages in one transfer.
_BATCH_FORMAT = 0x80013700


class ProducerLink(IncomingLink):
    """Passes messages and batches of them on."""

    def __init__(self, session: Session, attach: Attach, destination: Destination) -> None:
        super().__init__(session, attach)
        self._destination = destination

    @override
    def open(self) -> None:
        self.accept(
            max_message_size=MAX_MESSAGE_SIZE,
            properties={Symbol("com.microsoft:max-message-batch-size"): ULong(MAX_MESSAGE_SIZE)},
        )
        self.grant()

    @override
    def take(self, data: bytes, message_format: int) -> None:
        self._destination.accept(batch(data) if message_format == _BATCH_FORMAT else [Content.parse(data)])
