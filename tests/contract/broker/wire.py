"""A client that works frame by frame, to see what the SDK does not show."""

import socket
from collections import deque
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from sandbox.service_bus.amqp import frames
from sandbox.service_bus.amqp.composites import Accepted, Composite, Outcome
from sandbox.service_bus.amqp.decode import decode
from sandbox.service_bus.amqp.encode import section
from sandbox.service_bus.amqp.performatives import Attach, Begin, Detach, Disposition, Flow, Open, Transfer
from sandbox.service_bus.amqp.types import Described, Symbol, ULong
from sandbox.service_bus.entities.content import APPLICATION_PROPERTIES, DATA, PROPERTIES, VALUE, Content

PATIENCE = 20.0  # seconds to wait for a frame


def text_message(text: str) -> bytes:
    """Encode a message with a text as its body."""
    return section(DATA, text.encode())


def text_of(payload: bytes) -> str:
    """The text in a message."""
    body: Described = decode(Content.parse(payload).raw_body)[0]
    assert body.descriptor == DATA
    return str(body.value.decode())


def request(operation: str, body: Any, identity: UUID) -> bytes:
    """Encode a management request."""
    properties = {"operation": f"com.microsoft:{operation}"}
    return section(PROPERTIES, [identity]) + section(APPLICATION_PROPERTIES, properties) + section(VALUE, body)


class Wire:
    """Says exactly what a test wants to say."""

    def __init__(self, port: int, max_frame_size: int = 65_536, *, header: bytes = frames.AMQP_HEADER) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._reader = frames.FrameReader(65_536)
        self._arrived: deque[frames.Frame | bytes] = deque()
        self._tags = count()
        self._socket.sendall(header)
        if header == frames.AMQP_HEADER:
            self.send(Open("wire", max_frame_size=max_frame_size), channel=0)
            self.send(Begin(None, 0, 1000, 1000))
            self.next(Begin)

    def send(self, performative: Composite, payload: bytes = b"", *, channel: int = 1, kind: int = 0) -> None:
        """Send a frame."""
        self._socket.sendall(frames.write(performative, payload, channel=channel, kind=kind))

    def attach(self, handle: int, address: str, *, receive: bool, session: Any = "none", snd: int = 0) -> None:
        """Attach a link; `session` asks for a message session, `snd=1` for receive-and-delete."""
        filters = None if session == "none" else {Symbol("com.microsoft:session-filter"): session}
        ends = [[address, None, None, None, None, None, None, filters], ["here"]]
        source, target = ends if receive else reversed(ends)
        count_ = None if receive else 0
        described = (Described(ULong(0x28), source), Described(ULong(0x29), target))
        self.send(Attach(f"link-{handle}", handle, receive, snd, 1, *described, initial_delivery_count=count_))

    def transfer(self, handle: int, message: bytes, **fields: Any) -> None:
        """Send a message."""
        number = next(self._tags)
        self.send(Transfer(handle, number, number.to_bytes(4), **({"message_format": 0} | fields)), message)

    def credit(self, handle: int, credit: int, delivery_count: Any = 0, **fields: Any) -> None:
        """Give credit to the broker."""
        self.send(Flow(0, 1000, 0, 1000, handle, delivery_count, credit, **fields))

    def settle(self, first: int, state: Outcome, *, last: int | None = None, settled: bool = False) -> None:
        """Decide about deliveries."""
        self.send(Disposition(True, first, last, settled, state))  # noqa: FBT003  the role is a boolean in AMQP

    def put(self, queue: str, *texts: str) -> None:
        """Send messages to a queue on handle 0 and see them accepted."""
        self.attach(0, queue, receive=False)
        for text in texts:
            self.transfer(0, text_message(text))
            assert self.next(Disposition)[0].state == Accepted()

    def ask(self, entity: str, operation: str, body: Any) -> Content:
        """Send a management request on handles 8 and 9 and return the answer."""
        self.attach(8, f"{entity}/$management", receive=True)
        self.attach(9, f"{entity}/$management", receive=False)
        identity = uuid4()
        self.transfer(9, request(operation, body, identity))
        answer = Content.parse(self.next(Transfer)[1])
        assert answer.properties[5] == identity
        for handle in (8, 9):
            self.send(Detach(handle, closed=True))
            self.next(Detach)
        return answer

    def attached(self, handle: int) -> Attach:
        """The broker's answer to an attach."""
        attach, _ = self.next(Attach)
        while attach.handle != handle:
            attach, _ = self.next(Attach)
        return attach

    def next[Kind: Composite](self, kind: type[Kind]) -> tuple[Kind, bytes]:
        """The next frame of a kind and its payload; others are passed over."""
        while True:
            unit = self._next()
            if isinstance(unit, frames.Frame) and isinstance(unit.performative, kind):
                return unit.performative, unit.payload

    def is_closed(self) -> bool:
        """Wait until the broker hangs up."""
        while self._socket.recv(4096):
            pass
        return True

    def close(self) -> None:
        """Hang up without a word."""
        self._socket.close()

    def _next(self) -> frames.Frame | bytes:
        while not self._arrived:
            data = self._socket.recv(65_536)
            assert data, "the broker hung up"
            self._arrived.extend(self._reader.feed(data))
        return self._arrived.popleft()
