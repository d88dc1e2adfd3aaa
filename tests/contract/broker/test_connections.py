from collections.abc import Callable
from typing import Any

from sandbox.service_bus.amqp import frames
from sandbox.service_bus.amqp.composites import Accepted
from sandbox.service_bus.amqp.performatives import (
    Attach,
    Begin,
    Close,
    Disposition,
    End,
    SaslInit,
    SaslMechanisms,
    SaslOutcome,
    Transfer,
)
from sandbox.service_bus.entities.content import Content
from tests.contract.broker.wire import text_message, text_of


def test_a_stranger_to_amqp_is_sent_away(wire: Callable[..., Any]) -> None:
    """A connection that begins with another protocol is closed, with a reason."""
    client = wire(header=b"\x16\x03\x01\x02\x00\x01\x00\x01")  # how TLS begins
    close, _ = client.next(Close)
    assert close.error.condition == "amqp:connection:framing-error"
    assert client.is_closed()


def test_a_frame_outside_any_session_closes_the_connection(client: Any) -> None:
    """The client is told which channel was meant."""
    client.send(Attach("lost", 0), channel=7)
    close, _ = client.next(Close)
    assert "channel 7" in close.error.description
    assert client.is_closed()


def test_sign_in_is_offered_and_must_be_one_of_the_offers(wire: Callable[..., Any]) -> None:
    """ANONYMOUS is accepted, an unknown mechanism is not."""
    for mechanism, code in (("ANONYMOUS", 0), ("TELEPATHY", 1)):
        client = wire(header=frames.SASL_HEADER)
        assert "ANONYMOUS" in client.next(SaslMechanisms)[0].mechanisms.items
        client.send(SaslInit(mechanism), channel=0, kind=1)
        assert client.next(SaslOutcome)[0].code == code


def test_frames_are_never_longer_than_the_client_allows(wire: Callable[..., Any]) -> None:
    """A message of 3 kB reaches a client with frames of 512 bytes in parts, each with the delivery's id and tag."""
    client = wire(512)
    client.attach(0, "wire", receive=False)
    client.transfer(0, text_message("x" * 3000))
    client.attach(1, "wire", receive=True)
    client.credit(1, 1)
    parts = [client.next(Transfer)]
    while parts[-1][0].more:
        parts.append(client.next(Transfer))
    assert len(parts) > 5
    assert len({(part.delivery_id, part.delivery_tag) for part, _ in parts}) == 1
    assert text_of(b"".join(payload for _, payload in parts)) == "x" * 3000
    client.settle(parts[0][0].delivery_id, Accepted())
    assert client.next(Disposition)[0].settled


def test_a_handle_cannot_be_used_twice(client: Any) -> None:
    """Two links of one number could not be told apart: the connection is closed."""
    client.attach(1, "wire", receive=True)
    client.attach(1, "wire", receive=True)
    assert client.next(Close)[0].error.condition == "amqp:session:handle-in-use"


def test_an_ended_session_can_be_begun_again(client: Any) -> None:
    """Its links are gone, the connection is not."""
    client.send(End())
    client.next(End)
    client.send(Begin(None, 0, 10, 10))
    client.next(Begin)
    client.send(Close(), channel=0)
    assert client.next(Close)[0].error is None


def test_a_lost_connection_gives_up_its_session_and_keeps_its_locks(wire: Callable[..., Any]) -> None:
    """A message stays locked until the lock expires; a session can be locked by somebody else at once."""
    client = wire()
    client.put("brief", "kept")
    client.attach(1, "brief", receive=True)
    client.credit(1, 1)
    client.next(Transfer)
    client.attach(2, "sessions", receive=True, session="mine")
    client.attached(2)
    client.close()

    other = wire()
    other.attach(1, "brief", receive=True, snd=1)
    other.credit(1, 1)
    transfer = Content.parse(other.next(Transfer)[1])
    assert transfer.header[4] == 1  # it came after the lock had expired: a failed delivery
    other.attach(2, "sessions", receive=True, session="mine")
    assert other.attached(2).source is not None
