"""Links on which the client sends messages to a queue or a topic."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, override

from sandbox.service_bus.amqp.types import Symbol, ULong
from sandbox.service_bus.entities.content import Content, batch
from sandbox.service_bus.entities.hold import Moment
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
        self._gone = False

    @override
    def open(self) -> None:
        self.accept(
            max_message_size=MAX_MESSAGE_SIZE,
            properties={Symbol("com.microsoft:max-message-batch-size"): ULong(MAX_MESSAGE_SIZE)},
        )
        self._destination.traffic.senders += 1
        self.grant()

    @override
    def receive(self, data: bytes, message_format: int, delivery_id: int | None) -> None:
        self._destination.traffic.transfers += 1
        hold = self._destination.hold
        if hold is None:
            super().receive(data, message_format, delivery_id)
        elif hold.moment is Moment.BEFORE:
            hold.keep(partial(self._go_on, data, message_format, delivery_id))
        else:
            outcome = self.outcome(data, message_format)
            hold.keep(lambda: None if self._gone else self.settle(delivery_id, outcome))

    @override
    def closed(self) -> None:
        self._gone = True

    def _go_on(self, data: bytes, message_format: int, delivery_id: int | None) -> None:
        if not self._gone:
            super().receive(data, message_format, delivery_id)

    @override
    def take(self, data: bytes, message_format: int) -> None:
        self._destination.accept(batch(data) if message_format == _BATCH_FORMAT else [Content.parse(data)])
