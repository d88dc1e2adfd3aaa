"""What a link is, by its address and role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.service_bus import cbs
from sandbox.service_bus.addresses import CBS, MANAGEMENT, address_of, wants_session
from sandbox.service_bus.amqp.errors import NOT_ALLOWED, AmqpError
from sandbox.service_bus.entities.session_queue import SessionQueue
from sandbox.service_bus.links.consumer import ConsumerLink, SessionConsumerLink
from sandbox.service_bus.links.producer import ProducerLink
from sandbox.service_bus.links.requests import Answer, RequestLink, ResponseLink
from sandbox.service_bus.management import Management

if TYPE_CHECKING:
    from sandbox.service_bus.amqp.performatives import Attach
    from sandbox.service_bus.entities.namespace import Namespace
    from sandbox.service_bus.links.link import Link
    from sandbox.service_bus.session import Session


def attached(session: Session, attach: Attach, namespace: Namespace) -> Link:
    """Build the link that a client attaches.

    Raises:
        AmqpError: there is nothing at the address, or it is not for this use.
    """
    address = address_of(attach.source if attach.role else attach.target)
    if address.lower() == CBS:
        return _request(session, attach, address, cbs.answer)
    if address.lower().endswith(MANAGEMENT):
        management = Management(namespace, address[: -len(MANAGEMENT)], session)
        return _request(session, attach, address, management.answer)
    if not attach.role:
        return ProducerLink(session, attach, namespace.destination(address))
    queue = namespace.queue(address)
    if isinstance(queue, SessionQueue) and wants_session(attach.source):
        return SessionConsumerLink(session, attach, queue)
    if isinstance(queue, SessionQueue):
        raise AmqpError(NOT_ALLOWED, f"{queue.name} requires sessions: a receiver has to name one or ask for the next")
    if wants_session(attach.source):
        raise AmqpError(NOT_ALLOWED, f"{queue.name} has no sessions")
    return ConsumerLink(session, attach, queue)


def _request(session: Session, attach: Attach, address: str, answer: Answer) -> Link:
    if attach.role:
        return ResponseLink(session, attach, address)
    return RequestLink(session, attach, address, answer)
