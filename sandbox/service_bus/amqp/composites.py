"""Composite types: described lists whose fields have names (AMQP 1.0 part 1, section 1.4), outcomes and errors first."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from sandbox.service_bus.amqp.encode import encode
from sandbox.service_bus.amqp.errors import AmqpError
from sandbox.service_bus.amqp.types import Described, Symbol, UInt, ULong


class Composite:
    """A described list with named fields; subclasses are dataclasses.

    Attributes:
        CODE: the descriptor.
        WIRE: the AMQP type of each field in order, None where a field holds an AMQP value or a composite as it is.
    """

    __slots__ = ()
    CODE: ClassVar[int]
    WIRE: ClassVar[tuple[Callable[[Any], Any] | None, ...]]
    KINDS: ClassVar[dict[int, type["Composite"]]] = {}
    __match_args__: ClassVar[tuple[str, ...]]

    def __init_subclass__(cls) -> None:
        # With slots a dataclass is made twice; the second class is the one that stays.
        Composite.KINDS[cls.CODE] = cls

    @classmethod
    def of(cls, values: list[Any]) -> Self:
        """Build it from decoded fields: trailing ones may be missing, unknown ones are dropped."""
        return cls(*map(named, values[: len(cls.WIRE)]))

    def described(self) -> Described:
        """Turn it into the AMQP value that goes over the wire, without trailing fields that are not set."""
        values = [getattr(self, name) for name in self.__match_args__]
        while values and values[-1] is None:
            values.pop()
        for at, value in enumerate(values):
            kind = self.WIRE[at]
            if isinstance(value, Composite):
                values[at] = value.described()
            elif kind is not None and value is not None:
                values[at] = kind(value)
        # The SDK takes every descriptor for one byte after 0x53, which is what a ULong from 1 to 255 encodes to.
        return Described(ULong(self.CODE), values)

    def encode(self) -> bytes:
        """Encode it."""
        return encode(self.described())


def named(value: Any) -> Any:
    """Turn a described list into the composite it stands for; any other value stays what it is."""
    if isinstance(value, Described) and isinstance(value.value, list):
        kind = Composite.KINDS.get(value.descriptor) if isinstance(value.descriptor, ULong) else None
        return kind.of(value.value) if kind else value
    return value


@dataclass(slots=True)
class Error(Composite):
    """An error (2.8.14). The info map is always sent: the SDK hangs on a rejected send without it."""

    CODE: ClassVar[int] = 0x1D
    WIRE: ClassVar = (Symbol, str, None)
    condition: str = ""
    description: str | None = None
    info: dict[Any, Any] | None = None

    @classmethod
    def from_exception(cls, error: AmqpError) -> Self:
        """Tell the other side what was refused."""
        return cls(error.condition, error.description, {})


@dataclass(slots=True)
class Received(Composite):
    """How far a delivery has come (3.4.1)."""

    CODE: ClassVar[int] = 0x23
    WIRE: ClassVar = (UInt, ULong)
    section_number: int = 0
    section_offset: int = 0


@dataclass(slots=True)
class Accepted(Composite):
    """The delivery was processed (3.4.2)."""

    CODE: ClassVar[int] = 0x24
    WIRE: ClassVar = ()


@dataclass(slots=True)
class Rejected(Composite):
    """The delivery was invalid (3.4.3)."""

    CODE: ClassVar[int] = 0x25
    WIRE: ClassVar = (None,)
    error: Error | None = None


@dataclass(slots=True)
class Released(Composite):
    """The delivery was not processed and nothing speaks against another try (3.4.4)."""

    CODE: ClassVar[int] = 0x26
    WIRE: ClassVar = ()


@dataclass(slots=True)
class Modified(Composite):
    """The delivery was not processed and something has changed (3.4.5)."""

    CODE: ClassVar[int] = 0x27
    WIRE: ClassVar = (bool, bool, None)
    delivery_failed: bool | None = None
    undeliverable_here: bool | None = None
    message_annotations: dict[Any, Any] | None = None


type Outcome = Received | Accepted | Rejected | Released | Modified
