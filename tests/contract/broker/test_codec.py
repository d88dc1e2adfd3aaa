import contextlib
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.service_bus.amqp import frames, types
from sandbox.service_bus.amqp.composites import Error, Rejected
from sandbox.service_bus.amqp.decode import decode, end_of
from sandbox.service_bus.amqp.encode import encode
from sandbox.service_bus.amqp.errors import AmqpError
from sandbox.service_bus.amqp.performatives import Disposition, Transfer
from sandbox.service_bus.amqp.types import Array, Described, Symbol
from sandbox.service_bus.entities.content import Content


def _number(kind: type, bits: int, *, signed: bool) -> st.SearchStrategy[Any]:
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return st.integers(low, high).map(kind)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
ASCII = st.text(st.characters(max_codepoint=127), max_size=300)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    _number(types.UByte, 8, signed=False),
    _number(types.UShort, 16, signed=False),
    _number(types.UInt, 32, signed=False),
    _number(types.ULong, 64, signed=False),
    _number(types.Byte, 8, signed=True),
    _number(types.Short, 16, signed=True),
    _number(types.Int, 32, signed=True),
    _number(int, 64, signed=True),
    _number(types.Timestamp, 64, signed=True),
    st.floats(allow_nan=False),
    st.floats(width=32, allow_nan=False).map(types.Float),
    st.characters(exclude_categories=["Cs"]).map(types.Char),
    st.sampled_from([4, 8, 16]).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(types.Decimal),
    st.uuids(),
    st.binary(max_size=300),
    TEXT,
    ASCII.map(Symbol),
)
KEYS = st.one_of(TEXT, ASCII.map(Symbol), _number(types.ULong, 64, signed=False))
ARRAYS = st.one_of(
    st.lists(_number(int, 64, signed=True)).map(lambda items: Array(types.LONG64, items)),
    st.lists(st.uuids()).map(lambda items: Array(types.UUID16, items)),
    st.lists(TEXT).map(lambda items: Array(types.STRING32, items)),
    st.lists(ASCII.map(Symbol)).map(lambda items: Array(types.SYMBOL32, items, Symbol("described"))),
    st.lists(st.booleans()).map(lambda items: Array(0x56, items)),
    st.lists(st.lists(SCALARS, max_size=3), max_size=3).map(lambda items: Array(types.LIST32, items)),
    st.lists(st.dictionaries(KEYS, SCALARS, max_size=3), max_size=3).map(lambda items: Array(types.MAP32, items)),
)
VALUES = st.recursive(
    SCALARS | ARRAYS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=5),
        st.dictionaries(KEYS, inner, max_size=5),
        st.builds(Described, KEYS, inner),
    ),
    max_leaves=20,
)


def _typed(value: Any) -> Any:
    """A value with the type of each part, because Python takes an Int for equal to a ULong."""
    if isinstance(value, list):
        return [_typed(item) for item in value]
    if isinstance(value, dict):
        return [(_typed(key), _typed(item)) for key, item in value.items()]
    if isinstance(value, Array):
        return (value.code, _typed(list(value.items)), _typed(value.descriptor))
    if isinstance(value, Described):
        return (_typed(value.descriptor), _typed(value.value))
    return (type(value), value)


@given(VALUES)
def test_every_value_comes_back_with_its_type(value: Any) -> None:
    """Encoding and decoding changes nothing, so annotations and properties can be echoed as they came."""
    data = encode(value)
    decoded, end = decode(data)
    assert _typed(decoded) == _typed(value)
    assert end == len(data)


@given(VALUES, st.binary(max_size=4))
def test_a_value_can_be_skipped_without_decoding_it(value: Any, rest: bytes) -> None:
    """The end of a value is known from its constructor and size."""
    data = encode(value)
    assert end_of(b"before" + data + rest, len(b"before")) == len(b"before") + len(data)


@given(VALUES, st.data())
def test_a_value_that_is_cut_off_is_an_error(value: Any, draw: st.DataObject) -> None:
    """Never an endless loop, a wrong value or another exception."""
    data = encode(value)
    cut = data[: draw.draw(st.integers(0, len(data) - 1))]
    with pytest.raises(AmqpError):
        end_of(cut, 0)
    with pytest.raises(AmqpError):
        decode(cut)


@given(st.binary(max_size=200))
def test_noise_is_a_value_or_an_error(noise: bytes) -> None:
    """Nothing but an AMQP error comes out of bytes that are no AMQP."""
    for read in (decode, lambda data: end_of(data, 0), Content.parse):
        with contextlib.suppress(AmqpError):
            read(noise)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, "40"),
        (types.UInt(0), "43"),
        (types.UInt(255), "52ff"),
        (types.ULong(256), "800000000000000100"),
        (-1, "55ff"),
        (128, "810000000000000080"),
        (Symbol("a"), "a30161"),
        ("ä", "a102c3a4"),
        ([], "45"),
        ([True], "c0020141"),
        ({"k": types.Int(1)}, "c10602a1016b5401"),
        (UUID(int=1), "98" + "00" * 15 + "01"),
        (Array(types.SYMBOL8, [Symbol("x"), Symbol("y")]), "e00602a301780179"),
        (Described(types.ULong(0x24), []), "00532445"),
    ],
)
def test_values_have_the_encodings_of_the_standard(value: Any, data: str) -> None:
    """Written by hand from AMQP 1.0 part 1, so that an error on both sides of the codec is seen."""
    assert encode(value).hex() == data


def test_a_value_of_no_amqp_type_is_refused() -> None:
    """A set, for one."""
    with pytest.raises(TypeError, match="set"):
        encode({1, 2})


def test_a_described_list_with_a_name_comes_back_as_such() -> None:
    """Performatives, outcomes and errors are classes; fields that are not set at the end are not sent."""
    sent = Disposition(first=4, settled=True, state=Rejected(Error("a:b", "why", {})))
    (frame,) = frames.FrameReader(512).feed(frames.write(sent, channel=3))
    assert isinstance(frame, frames.Frame)
    assert (frame.channel, frame.performative) == (3, sent)
    assert Transfer(handle=1).encode().hex() == "005314c003015201"


@given(st.lists(st.binary(max_size=100), min_size=1, max_size=6), st.integers(1, 50))
def test_frames_are_found_however_the_stream_is_cut(payloads: list[bytes], step: int) -> None:
    """A read may end anywhere: in a header, in a frame's size, in a payload."""
    stream = frames.AMQP_HEADER + b"".join(frames.write(Transfer(), payload) for payload in payloads)
    reader = frames.FrameReader(512)
    units = [unit for at in range(0, len(stream), step) for unit in reader.feed(stream[at : at + step])]
    assert units[0] == frames.AMQP_HEADER
    assert [unit.payload for unit in units[1:] if isinstance(unit, frames.Frame)] == payloads


@pytest.mark.parametrize(
    "data", [b"\x00\x00\x00\x07\x02\x00\x00\x00", b"\x00\x00\x02\x01\x02\x00\x00\x00", b"HTTP/1.1"]
)
def test_a_frame_of_an_impossible_size_is_an_error(data: bytes) -> None:
    """Shorter than its own header, longer than allowed, or something else altogether."""
    with pytest.raises(AmqpError, match="framing-error"):
        list(frames.FrameReader(512).feed(data))


def test_an_empty_frame_is_a_heartbeat() -> None:
    """It has a channel and no performative."""
    assert list(frames.FrameReader(512).feed(b"\x00\x00\x00\x08\x02\x00\x00\x05")) == [frames.Frame(5, None)]
