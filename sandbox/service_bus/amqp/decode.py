"""Bytes to AMQP values (AMQP 1.0 part 1, sections 1.2 and 1.6)."""

import struct
from collections.abc import Callable
from typing import Any
from uuid import UUID

from sandbox.service_bus.amqp import types
from sandbox.service_bus.amqp.errors import DECODE_ERROR, AmqpError

type Reader = Callable[[bytes, int], tuple[Any, int]]

_U32 = struct.Struct(">I")
# The size in bytes of a value by the upper half of its constructor byte; from 0xA0 on a length of 1 or 4 bytes leads.
_FIXED_WIDTHS = {0x4: 0, 0x5: 1, 0x6: 2, 0x7: 4, 0x8: 8, 0x9: 16}
_LENGTH_WIDTHS = {0xA: 1, 0xB: 4, 0xC: 1, 0xD: 4, 0xE: 1, 0xF: 4}
_LONGEST_EMPTY_ARRAY = 65_536  # elements without bytes cost the sender nothing and the receiver memory


def decode(data: bytes, at: int = 0) -> tuple[Any, int]:
    """Decode the value that starts at an offset.

    Returns:
        the value, and the offset after it.

    Raises:
        AmqpError: the bytes are not a complete AMQP value.
    """
    try:
        return _read(data, at)
    except (IndexError, KeyError, ValueError, TypeError, struct.error, RecursionError) as error:
        raise AmqpError(DECODE_ERROR, f"malformed AMQP value at byte {at}") from error


def end_of(data: bytes, at: int) -> int:
    """Tell where the value that starts at an offset ends, without decoding it.

    Raises:
        AmqpError: the bytes are not a complete AMQP value.
    """
    try:
        code = data[at]
        if code == types.DESCRIBED:
            return end_of(data, end_of(data, at + 1))
        half = code >> 4
        if half in _FIXED_WIDTHS:
            end = at + 1 + _FIXED_WIDTHS[half]
        else:
            length, start = _length(data, at + 1, _LENGTH_WIDTHS[half])
            end = start + length
    except (IndexError, KeyError, struct.error) as error:
        raise AmqpError(DECODE_ERROR, f"malformed AMQP value at byte {at}") from error
    if end > len(data):
        raise AmqpError(DECODE_ERROR, f"AMQP value at byte {at} is cut off")
    return end


def _read(data: bytes, at: int) -> tuple[Any, int]:
    code = data[at]
    if code == types.DESCRIBED:
        descriptor, at = _read(data, at + 1)
        value, at = _read(data, at)
        return types.Described(descriptor, value), at
    return _READERS[code](data, at + 1)


def _length(data: bytes, at: int, width: int) -> tuple[int, int]:
    if width == 1:
        return data[at], at + 1
    return _U32.unpack_from(data, at)[0], at + width


def _number(kind: type, layout: struct.Struct) -> Reader:
    size = layout.size
    if kind in (int, float, bool):
        return lambda data, at: (layout.unpack_from(data, at)[0], at + size)
    return lambda data, at: (kind(layout.unpack_from(data, at)[0]), at + size)


def _bytes(data: bytes, at: int, length: int) -> bytes:
    value = data[at : at + length]
    if len(value) != length:
        raise IndexError
    return value


def _fixed(convert: Callable[[bytes], Any], size: int) -> Reader:
    return lambda data, at: (convert(_bytes(data, at, size)), at + size)


def _variable(convert: Callable[[bytes], Any], width: int) -> Reader:
    def read(data: bytes, at: int) -> tuple[Any, int]:
        length, at = _length(data, at, width)
        return convert(_bytes(data, at, length)), at + length

    return read


def _compound_head(data: bytes, at: int, width: int) -> tuple[int, int, int]:
    size, at = _length(data, at, width)
    end = at + size
    count, at = _length(data, at, width)
    if end > len(data) or count > size:
        raise IndexError
    return count, at, end


def _list(width: int) -> Reader:
    def read(data: bytes, at: int) -> tuple[list[Any], int]:
        count, at, end = _compound_head(data, at, width)
        items = []
        for _ in range(count):
            item, at = _read(data, at)
            items.append(item)
        return items, end

    return read


def _map(width: int) -> Reader:
    def read(data: bytes, at: int) -> tuple[dict[Any, Any], int]:
        count, at, end = _compound_head(data, at, width)
        items = {}
        for _ in range(count // 2):
            key, at = _read(data, at)
            items[key], at = _read(data, at)
        return items, end

    return read


def _array(width: int) -> Reader:
    def read(data: bytes, at: int) -> tuple[types.Array, int]:
        size, at = _length(data, at, width)
        end = at + size
        count, at = _length(data, at, width)
        if end > len(data) or count > max(size, _LONGEST_EMPTY_ARRAY):
            raise IndexError
        descriptor = None
        if data[at] == types.DESCRIBED:
            descriptor, at = _read(data, at + 1)
        code, at = data[at], at + 1
        items = []
        for _ in range(count):
            item, at = _READERS[code](data, at)
            items.append(item)
        return types.Array(code, items, descriptor), end

    return read


def _empty(value: Any) -> Reader:
    return lambda _, at: (value, at)


def _utf8(raw: bytes) -> str:
    return raw.decode()


def _symbol(raw: bytes) -> types.Symbol:
    return types.Symbol(raw.decode("ascii"))


def _char(raw: bytes) -> types.Char:
    return types.Char(raw.decode("utf-32-be"))


def _uuid(raw: bytes) -> UUID:
    return UUID(bytes=raw)


_READERS: dict[int, Reader] = {
    **{code: _empty(value) for code, value in types.EMPTY.items()},
    types.EMPTY_LIST: lambda _, at: ([], at),
    **{code: _number(kind, layout) for code, (kind, layout) in types.NUMBERS.items()},
    **{code: _fixed(types.Decimal, size) for code, size in types.DECIMALS.items()},
    types.CHAR: _fixed(_char, 4),
    types.UUID16: _fixed(_uuid, 16),
    types.BINARY8: _variable(bytes, 1),
    types.BINARY32: _variable(bytes, 4),
    types.STRING8: _variable(_utf8, 1),
    types.STRING32: _variable(_utf8, 4),
    types.SYMBOL8: _variable(_symbol, 1),
    types.SYMBOL32: _variable(_symbol, 4),
    types.LIST8: _list(1),
    types.LIST32: _list(4),
    types.MAP8: _map(1),
    types.MAP32: _map(4),
    types.ARRAY8: _array(1),
    types.ARRAY32: _array(4),
}
