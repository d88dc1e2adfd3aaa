"""AMQP values to bytes, each in its shortest encoding (AMQP 1.0 part 1, sections 1.2 and 1.6)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sandbox.service_bus.amqp import types

_SMALL = 255  # the longest length that fits one byte
_UNSIGNED, _SIGNED = range(256), range(-128, 128)  # what fits one byte


def encode(value: Any) -> bytes:
    """Encode a value of the types that `amqp.types` names.

    Raises:
        TypeError: AMQP has no type for the value.
    """
    chosen = _CHOICES.get(type(value))
    if chosen is None:
        raise TypeError(f"{type(value).__name__} has no AMQP type")
    return chosen(value)


def section(descriptor: int, value: Any) -> bytes:
    """Encode a described value whose descriptor is a small number: a performative, an outcome or a message section."""
    return bytes((types.DESCRIBED, 0x53, descriptor)) + encode(value)


def _boolean(value: bool) -> bytes:  # noqa: FBT001  the value to encode is a boolean
    return b"\x41" if value else b"\x42"


def _number(
    code: int, small: int | None = None, zero: int | None = None, fits_small: range = _UNSIGNED
) -> Callable[[Any], bytes]:
    layout = types.NUMBERS[code][1]

    def write(value: Any) -> bytes:
        if zero is not None and value == 0:
            return bytes((zero,))
        if small is not None and value in fits_small:
            return bytes((small,)) + types.NUMBERS[small][1].pack(value)
        return bytes((code,)) + layout.pack(value)

    return write


def _variable(small: int, large: int, convert: Callable[[Any], bytes]) -> Callable[[Any], bytes]:
    def write(value: Any) -> bytes:
        raw = convert(value)
        if len(raw) <= _SMALL:
            return bytes((small, len(raw))) + raw
        return bytes((large,)) + len(raw).to_bytes(4) + raw

    return write


def _compound(small: int, large: int, count: int, body: bytes) -> bytes:
    # The size field counts the bytes after itself, so the count field is part of it.
    if len(body) < _SMALL and count <= _SMALL:
        return bytes((small, len(body) + 1, count)) + body
    return bytes((large,)) + (len(body) + 4).to_bytes(4) + count.to_bytes(4) + body


def _list(value: list[Any]) -> bytes:
    if not value:
        return bytes((types.EMPTY_LIST,))
    return _compound(types.LIST8, types.LIST32, len(value), b"".join(map(encode, value)))


def _map(value: dict[Any, Any]) -> bytes:
    body = b"".join(encode(key) + encode(item) for key, item in value.items())
    return _compound(types.MAP8, types.MAP32, 2 * len(value), body)


def _array(value: types.Array) -> bytes:
    head = b"" if value.descriptor is None else b"\x00" + encode(value.descriptor)
    body = head + bytes((value.code,)) + b"".join(element(value.code, item) for item in value.items)
    return _compound(types.ARRAY8, types.ARRAY32, len(value.items), body)


def element(code: int, value: Any) -> bytes:
    """Encode a value as an array's element: with a given constructor that is not repeated.

    Raises:
        TypeError: the constructor is unknown.
    """
    if code in types.EMPTY or code == types.EMPTY_LIST:
        return b""
    if code in types.NUMBERS:
        return types.NUMBERS[code][1].pack(value)
    if code in _CONVERTERS:
        raw = _CONVERTERS[code](value)
        return (len(raw).to_bytes(1 if code < types.BINARY32 else 4)) + raw
    if code in (types.UUID16, types.CHAR, *types.DECIMALS):
        return encode(value)[1:]
    return _compound_element(code, value)


def _compound_element(code: int, value: Any) -> bytes:
    small, large = _COMPOUNDS.get(code, (0, 0))
    if not large:
        raise TypeError(f"an array cannot have elements of constructor 0x{code:02x}")
    if type(value) is types.Array:
        count, body = len(value.items), _array(value)
        body = body[3:] if body[0] == types.ARRAY8 else body[9:]
    elif type(value) is dict:
        count, body = 2 * len(value), b"".join(encode(key) + encode(item) for key, item in value.items())
    else:
        count, body = len(value), b"".join(map(encode, value))
    width = 1 if code == small else 4
    return (len(body) + width).to_bytes(width) + count.to_bytes(width) + body


def _ascii(value: str) -> bytes:
    return value.encode("ascii")


_CONVERTERS: dict[int, Callable[[Any], bytes]] = {
    types.BINARY8: bytes,
    types.BINARY32: bytes,
    types.STRING8: str.encode,
    types.STRING32: str.encode,
    types.SYMBOL8: _ascii,
    types.SYMBOL32: _ascii,
}
_COMPOUNDS: dict[int, tuple[int, int]] = {
    code: pair
    for pair in ((types.LIST8, types.LIST32), (types.MAP8, types.MAP32), (types.ARRAY8, types.ARRAY32))
    for code in pair
}
_DECIMAL_CODES = {size: code for code, size in types.DECIMALS.items()}

_CHOICES: dict[type, Callable[[Any], bytes]] = {
    type(None): lambda _: b"\x40",
    bool: _boolean,
    int: _number(0x81, 0x55, fits_small=_SIGNED),
    float: _number(0x82),
    str: _variable(types.STRING8, types.STRING32, str.encode),
    bytes: _variable(types.BINARY8, types.BINARY32, bytes),
    UUID: lambda value: bytes((types.UUID16,)) + value.bytes,
    list: _list,
    dict: _map,
    types.UByte: _number(0x50),
    types.UShort: _number(0x60),
    types.UInt: _number(0x70, 0x52, 0x43),
    types.ULong: _number(0x80, 0x53, 0x44),
    types.Byte: _number(0x51),
    types.Short: _number(0x61),
    types.Int: _number(0x71, 0x54, fits_small=_SIGNED),
    types.Timestamp: _number(0x83),
    types.Float: _number(0x72),
    types.Char: lambda value: bytes((types.CHAR,)) + value.encode("utf-32-be"),
    types.Symbol: _variable(types.SYMBOL8, types.SYMBOL32, _ascii),
    types.Decimal: lambda value: bytes((_DECIMAL_CODES[len(value.raw)],)) + value.raw,
    types.Described: lambda value: b"\x00" + encode(value.descriptor) + encode(value.value),
    types.Array: _array,
}
