"""Frames and protocol headers (AMQP 1.0 part 2, sections 2.2 and 2.3)."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.service_bus.amqp.composites import Composite, named
from sandbox.service_bus.amqp.decode import decode
from sandbox.service_bus.amqp.errors import FRAMING_ERROR, AmqpError
from sandbox.service_bus.amqp.types import Described

AMQP_HEADER = b"AMQP\x00\x01\x00\x00"
SASL_HEADER = b"AMQP\x03\x01\x00\x00"
AMQP_FRAME, SASL_FRAME = 0, 1
_HEAD = 8  # the length of a protocol header and of a frame header alike
_LEAST_OFFSET = 2  # in words of 4 bytes


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame: a performative on a channel, with a payload behind it. An empty one (heartbeat) has no performative."""

    channel: int
    performative: Composite | None
    payload: bytes = b""


def write(performative: Composite, payload: bytes = b"", *, channel: int = 0, kind: int = AMQP_FRAME) -> bytes:
    """Build a frame."""
    body = performative.encode()
    size = _HEAD + len(body) + len(payload)
    return b"".join((size.to_bytes(4), bytes((_LEAST_OFFSET, kind)), channel.to_bytes(2), body, payload))


class FrameReader:
    """Cuts a byte stream into protocol headers and frames; a read may hold several or a part of one.

    Args:
        max_frame_size: the longest frame that was announced to the other side.
    """

    def __init__(self, max_frame_size: int) -> None:
        self._buffer = bytearray()
        self._max_frame_size = max_frame_size

    def feed(self, data: bytes) -> Iterator[Frame | bytes]:
        """Yield what is complete: frames, and protocol headers as they are.

        Raises:
            AmqpError: the stream is not AMQP.
        """
        self._buffer += data
        while len(self._buffer) >= _HEAD:
            if self._buffer.startswith(b"AMQP"):
                yield self._take(_HEAD)
                continue
            size = int.from_bytes(self._buffer[:4])
            if not _HEAD <= size <= self._max_frame_size:
                raise AmqpError(
                    FRAMING_ERROR, f"a frame of {size} bytes; {_HEAD} to {self._max_frame_size} are allowed"
                )
            if len(self._buffer) < size:
                return
            yield _parse(self._take(size))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _parse(raw: bytes) -> Frame:
    start, channel = 4 * raw[4], int.from_bytes(raw[6:8])
    if start < _HEAD or start > len(raw):
        raise AmqpError(FRAMING_ERROR, f"a data offset of {start} bytes in a frame of {len(raw)}")
    if start == len(raw):
        return Frame(channel, None)
    body, end = decode(raw, start)
    performative = named(body)
    if not isinstance(performative, Composite):
        what = body.descriptor if isinstance(body, Described) else body
        raise AmqpError(FRAMING_ERROR, f"no performative has the descriptor {what!r}")
    return Frame(channel, performative, raw[end:])
