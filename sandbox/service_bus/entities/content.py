"""A message as its sender wrote it (AMQP 1.0 part 3, section 3.2)."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self
from uuid import UUID

from sandbox.service_bus.amqp.decode import decode, end_of
from sandbox.service_bus.amqp.encode import section
from sandbox.service_bus.amqp.errors import DECODE_ERROR, AmqpError
from sandbox.service_bus.amqp.types import Symbol, UInt

HEADER, DELIVERY_ANNOTATIONS, MESSAGE_ANNOTATIONS = 0x70, 0x71, 0x72
PROPERTIES, APPLICATION_PROPERTIES, DATA, SEQUENCE, VALUE, FOOTER = 0x73, 0x74, 0x75, 0x76, 0x77, 0x78
SCHEDULED_ENQUEUE_TIME = Symbol("x-opt-scheduled-enqueue-time")
_TTL, _DELIVERY_COUNT = 2, 4
_MESSAGE_ID, _GROUP_ID = 0, 10
_SECTION_HEAD = 3  # 0x00 0x53 and the section's code


@dataclass(frozen=True)
class Content:
    """Header and annotations decoded, because a broker rewrites them; every other section as the bytes it came in.

    Copies for several subscriptions share one instance.
    """

    header: list[Any] = field(default_factory=list)
    annotations: dict[Any, Any] = field(default_factory=dict)
    raw_properties: bytes = b""
    raw_application_properties: bytes = b""
    raw_body: bytes = b""

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Read an encoded message.

        Raises:
            AmqpError: it is not one.
        """
        decoded: dict[int, Any] = {HEADER: [], MESSAGE_ANNOTATIONS: {}}
        raw = dict.fromkeys((PROPERTIES, APPLICATION_PROPERTIES), b"")
        body = []
        for code, start, end in _sections(data):
            if code in decoded:
                decoded[code] = decode(data, start + _SECTION_HEAD)[0]
            elif code in raw:
                raw[code] = data[start:end]
            elif code != DELIVERY_ANNOTATIONS:
                body.append(data[start:end])
        properties, application_properties = raw.values()
        return cls(decoded[HEADER], decoded[MESSAGE_ANNOTATIONS], properties, application_properties, b"".join(body))

    @cached_property
    def properties(self) -> list[Any]:
        """The fields of the properties section; trailing ones may be missing."""
        found: list[Any] = decode(self.raw_properties, _SECTION_HEAD)[0] if self.raw_properties else []
        return found

    @cached_property
    def application_properties(self) -> dict[str, Any]:
        """The application properties."""
        raw = self.raw_application_properties
        found: dict[str, Any] = decode(raw, _SECTION_HEAD)[0] if raw else {}
        return found

    @property
    def value(self) -> Any:
        """The body, if it is an amqp-value section; None otherwise."""
        return next(
            (decode(self.raw_body, at + _SECTION_HEAD)[0] for code, at, _ in _sections(self.raw_body) if code == VALUE),
            None,
        )

    @property
    def message_id(self) -> str | UUID | bytes | int | None:
        """The message id, of whichever type the sender chose."""
        found: str | UUID | bytes | int | None = _at(self.properties, _MESSAGE_ID)
        return found

    @property
    def session_id(self) -> str | None:
        """The session id (AMQP's group-id)."""
        found: str | None = _at(self.properties, _GROUP_ID)
        return found

    @property
    def time_to_live(self) -> float | None:
        """Seconds from the enqueueing to the expiry, None if the sender set none."""
        milliseconds = _at(self.header, _TTL)
        return None if milliseconds is None else milliseconds / 1000

    @property
    def scheduled_for(self) -> float | None:
        """When it is to be enqueued, in seconds since the epoch; None for at once."""
        milliseconds = self.annotations.get(SCHEDULED_ENQUEUE_TIME)
        return None if milliseconds is None else milliseconds / 1000

    def with_application_properties(self, extra: dict[str, Any]) -> Self:
        """Return a copy with more application properties and without a time to live: it is kept for somebody to look at."""
        raw = section(APPLICATION_PROPERTIES, self.application_properties | extra)
        header = [None if at == _TTL else value for at, value in enumerate(self.header)]
        return replace(self, header=header, raw_application_properties=raw)

    def with_annotations(self, extra: dict[Symbol, Any]) -> Self:
        """Return a copy with more message annotations."""
        return replace(self, annotations=self.annotations | extra)

    def encode(self, *, delivery_count: int = 0, annotations: dict[Symbol, Any] | None = None) -> bytes:
        """Encode it for a delivery.

        Args:
            delivery_count: failed deliveries before this one.
            annotations: the broker's annotations, over the sender's.
        """
        header = [*(self.header + [None] * _DELIVERY_COUNT)[:_DELIVERY_COUNT], UInt(delivery_count)]
        both = self.annotations | (annotations or {})
        return b"".join(
            (
                section(HEADER, header),
                section(MESSAGE_ANNOTATIONS, both) if both else b"",
                self.raw_properties,
                self.raw_application_properties,
                self.raw_body,
            )
        )


def batch(data: bytes) -> list[Content]:
    """Read a batch: each data section holds a whole message, and the envelope's other sections say nothing.

    Raises:
        AmqpError: it is not one.
    """
    return [Content.parse(decode(data, start + _SECTION_HEAD)[0]) for code, start, _ in _sections(data) if code == DATA]


def reply(correlation_id: Any, application_properties: dict[str, Any], value: Any = None) -> bytes:
    """Encode the answer to a request: its id, its status, and a value as the body."""
    return b"".join(
        (
            section(PROPERTIES, [None, None, None, None, None, correlation_id]),
            section(APPLICATION_PROPERTIES, application_properties),
            section(VALUE, value),
        )
    )


def _sections(data: bytes) -> list[tuple[int, int, int]]:
    found, at = [], 0
    while at < len(data):
        end = end_of(data, at)
        if data[at : at + 2] != b"\x00\x53":
            raise AmqpError(DECODE_ERROR, f"no message section begins at byte {at}")
        found.append((data[at + 2], at, end))
        at = end
    return found


def _at(values: list[Any], at: int) -> Any:
    return values[at] if at < len(values) else None
