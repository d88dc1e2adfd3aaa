"""AMQP 1.0 primitive types that Python has no type for (AMQP 1.0 part 1, section 1.6).

A decoded value encodes to the same AMQP type again: null is None, boolean bool, long int, double float, string str,
binary bytes, uuid UUID, list list, map dict, and the rest are the classes below.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class UByte(int):
    """An unsigned integer of 8 bits."""


class UShort(int):
    """An unsigned integer of 16 bits."""


class UInt(int):
    """An unsigned integer of 32 bits."""


class ULong(int):
    """An unsigned integer of 64 bits."""


class Byte(int):
    """A signed integer of 8 bits."""


class Short(int):
    """A signed integer of 16 bits."""


class Int(int):
    """A signed integer of 32 bits."""


class Timestamp(int):
    """Milliseconds since the Unix epoch, UTC."""


class Float(float):
    """A floating point number of 32 bits."""


class Char(str):
    """One Unicode character."""

    __slots__ = ()


class Symbol(str):
    """An ASCII name from a constrained domain."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Decimal:
    """A decimal floating point number, kept as its 4, 8 or 16 bytes because nobody here calculates with it."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Described:
    """A value with a descriptor that tells what it stands for."""

    descriptor: Any
    value: Any


@dataclass(frozen=True, slots=True)
class Array:
    """Elements of one type.

    Attributes:
        code: the elements' constructor byte as on the wire.
        items: the elements.
        descriptor: the elements' common descriptor, None where they are plain.
    """

    code: int
    items: Sequence[Any]
    descriptor: Any = None


# Constructor byte -> (type, layout) of every number of fixed width that is sent as it is.
NUMBERS: dict[int, tuple[type, struct.Struct]] = {
    0x50: (UByte, struct.Struct(">B")),
    0x51: (Byte, struct.Struct(">b")),
    0x52: (UInt, struct.Struct(">B")),
    0x53: (ULong, struct.Struct(">B")),
    0x54: (Int, struct.Struct(">b")),
    0x55: (int, struct.Struct(">b")),
    0x56: (bool, struct.Struct(">?")),
    0x60: (UShort, struct.Struct(">H")),
    0x61: (Short, struct.Struct(">h")),
    0x70: (UInt, struct.Struct(">I")),
    0x71: (Int, struct.Struct(">i")),
    0x72: (Float, struct.Struct(">f")),
    0x80: (ULong, struct.Struct(">Q")),
    0x81: (int, struct.Struct(">q")),
    0x82: (float, struct.Struct(">d")),
    0x83: (Timestamp, struct.Struct(">q")),
}

# Constructor bytes whose value needs no byte at all.
EMPTY: dict[int, Any] = {0x40: None, 0x41: True, 0x42: False, 0x43: UInt(0), 0x44: ULong(0)}
EMPTY_LIST = 0x45

STRING8, STRING32 = 0xA1, 0xB1
SYMBOL8, SYMBOL32 = 0xA3, 0xB3
BINARY8, BINARY32 = 0xA0, 0xB0
LIST8, LIST32 = 0xC0, 0xD0
MAP8, MAP32 = 0xC1, 0xD1
ARRAY8, ARRAY32 = 0xE0, 0xF0
CHAR, UUID16, LONG64, TIMESTAMP64 = 0x73, 0x98, 0x81, 0x83
DECIMALS: dict[int, int] = {0x74: 4, 0x84: 8, 0x94: 16}
DESCRIBED = 0x00
