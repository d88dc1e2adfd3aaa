"""The performatives of connections, sessions and links, and SASL's (AMQP 1.0 parts 2 and 5)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from sandbox.service_bus.amqp.composites import Composite, Error, Outcome
from sandbox.service_bus.amqp.types import Array, Described, Symbol, UByte, UInt, ULong, UShort


@dataclass(slots=True)
class Open(Composite):
    """Negotiates the connection (2.7.1)."""

    CODE: ClassVar[int] = 0x10
    WIRE: ClassVar = (str, str, UInt, UShort, UInt)
    container_id: str = ""
    hostname: str | None = None
    max_frame_size: int | None = None
    channel_max: int | None = None
    idle_time_out: int | None = None


@dataclass(slots=True)
class Begin(Composite):
    """Begins a session on a channel (2.7.2)."""

    CODE: ClassVar[int] = 0x11
    WIRE: ClassVar = (UShort, UInt, UInt, UInt, UInt)
    remote_channel: int | None = None
    next_outgoing_id: int = 0
    incoming_window: int = 0
    outgoing_window: int = 0
    handle_max: int | None = None


@dataclass(slots=True)
class Attach(Composite):
    """Attaches a link to a session (2.7.3); `role` is true for a receiver."""

    CODE: ClassVar[int] = 0x12
    WIRE: ClassVar = (str, UInt, bool, UByte, UByte, None, None, None, bool, UInt, ULong, None, None, None)
    name: str = ""
    handle: int = 0
    role: bool = False
    snd_settle_mode: int | None = None
    rcv_settle_mode: int | None = None
    source: Described | None = None
    target: Described | None = None
    unsettled: Any = None
    incomplete_unsettled: bool | None = None
    initial_delivery_count: int | None = None
    max_message_size: int | None = None
    offered_capabilities: Any = None
    desired_capabilities: Any = None
    properties: dict[Any, Any] | None = None


@dataclass(slots=True)
class Flow(Composite):
    """Updates the flow state of a session and, with a handle, of a link (2.7.4)."""

    CODE: ClassVar[int] = 0x13
    WIRE: ClassVar = (UInt, UInt, UInt, UInt, UInt, UInt, UInt, UInt, bool, bool)
    next_incoming_id: int | None = None
    incoming_window: int = 0
    next_outgoing_id: int = 0
    outgoing_window: int = 0
    handle: int | None = None
    delivery_count: int | None = None
    link_credit: int | None = None
    available: int | None = None
    drain: bool | None = None
    echo: bool | None = None


@dataclass(slots=True)
class Transfer(Composite):
    """Carries a message or a part of one (2.7.5)."""

    CODE: ClassVar[int] = 0x14
    WIRE: ClassVar = (UInt, UInt, bytes, UInt, bool, bool, UByte, None, bool, bool)
    handle: int = 0
    delivery_id: int | None = None
    delivery_tag: bytes | None = None
    message_format: int | None = None
    settled: bool | None = None
    more: bool | None = None
    rcv_settle_mode: int | None = None
    state: Outcome | None = None
    resume: bool | None = None
    aborted: bool | None = None


@dataclass(slots=True)
class Disposition(Composite):
    """Tells the state of deliveries (2.7.6); `role` is true if it comes from their receiver."""

    CODE: ClassVar[int] = 0x15
    WIRE: ClassVar = (bool, UInt, UInt, bool, None)
    role: bool = False
    first: int = 0
    last: int | None = None
    settled: bool | None = None
    state: Outcome | None = None


@dataclass(slots=True)
class Detach(Composite):
    """Detaches a link (2.7.7)."""

    CODE: ClassVar[int] = 0x16
    WIRE: ClassVar = (UInt, bool, None)
    handle: int = 0
    closed: bool | None = None
    error: Error | None = None


@dataclass(slots=True)
class End(Composite):
    """Ends a session (2.7.8)."""

    CODE: ClassVar[int] = 0x17
    WIRE: ClassVar = (None,)
    error: Error | None = None


@dataclass(slots=True)
class Close(Composite):
    """Closes the connection (2.7.9)."""

    CODE: ClassVar[int] = 0x18
    WIRE: ClassVar = (None,)
    error: Error | None = None


@dataclass(slots=True)
class SaslMechanisms(Composite):
    """Offers ways to sign in (5.3.3.1)."""

    CODE: ClassVar[int] = 0x40
    WIRE: ClassVar = (None,)
    mechanisms: Array | Symbol | None = None


@dataclass(slots=True)
class SaslInit(Composite):
    """Chooses one (5.3.3.2)."""

    CODE: ClassVar[int] = 0x41
    WIRE: ClassVar = (Symbol, bytes, str)
    mechanism: str = ""
    initial_response: bytes | None = None
    hostname: str | None = None


@dataclass(slots=True)
class SaslOutcome(Composite):
    """Tells whether it was right: 0 is success, 1 refusal (5.3.3.6)."""

    CODE: ClassVar[int] = 0x44
    WIRE: ClassVar = (UByte,)
    code: int = 0
