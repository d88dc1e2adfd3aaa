"""A link as seen from the broker (AMQP 1.0 part 2, section 2.6)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.service_bus.amqp.composites import Error
from sandbox.service_bus.amqp.performatives import Attach, Detach, Flow, Transfer

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.errors import AmqpError
    from sandbox.service_bus.session import Session


class Link:
    """One end of a link; the other end is a client's.

    Args:
        session: the AMQP session it belongs to.
        attach: how the client attached it.
    """

    def __init__(self, session: Session, attach: Attach) -> None:
        self.session = session
        self.attach = attach
        self.handle = attach.handle
        self.delivery_count = 0

    def open(self) -> None:
        """Answer the attach, at once or when there is something to attach to.

        Raises:
            AmqpError: the link is refused.
        """
        self.accept()

    def accept(self, **fields: Any) -> None:
        """Answer the attach with its own terms, except for the given fields."""
        attach = self.attach
        count = 0 if attach.role else None
        answer = Attach(
            attach.name,
            self.handle,
            not attach.role,
            attach.snd_settle_mode,
            attach.rcv_settle_mode,
            attach.source,
            attach.target,
            initial_delivery_count=count,
        )
        self.session.send(replace(answer, **fields))

    def refuse(self, error: AmqpError) -> None:
        """Answer the attach with an error: without a source and a target the client knows that there is no link."""
        self.accept(source=None, target=None)
        self.detach(error)

    def flow(self, credit: int, *, drain: bool | None = None) -> None:
        """Tell the client how many messages may travel."""
        self.session.send_flow(handle=self.handle, delivery_count=self.delivery_count, link_credit=credit, drain=drain)

    def detach(self, error: AmqpError | None = None) -> None:
        """Close the link and tell the client why."""
        self.session.forget(self)
        self.session.send(Detach(self.handle, closed=True, error=Error.from_exception(error) if error else None))

    def on_transfer(self, transfer: Transfer, payload: bytes) -> None:
        """Take a part of a message from the client."""

    def on_flow(self, flow: Flow) -> None:
        """Learn how many messages the client takes."""

    def closed(self) -> None:
        """Let go of everything; the link is gone."""
