import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.errors import BodyTooLarge, UnreadableBody
from qualification.domain.json_body import LARGEST_BODY, check_size, json_object, json_value

FAULTS = {
    "it is empty": [b"", b" \n"],
    "Expecting property name enclosed in double quotes at line 1, column 2": [b"{", b"{'a': 1}"],
    "Illegal trailing comma before end of object at line 1, column 8": [b'{"a": 1,}'],
    "Expecting value at line 1, column 1": [b"a=1"],
    "Extra data at line 2, column 1": [b"{}\n{}"],
    "it is not in UTF-8, which no byte 0xff at position 0 is": ['{"a": 1}'.encode("utf-16")],
    "it is not in UTF-8, which no byte 0xfc at position 7 is": ['{"a": "ü"}'.encode("latin-1")],
    'the member "a\\u00e4" is named twice': ['{"x": [{"b": 2, "aä": 1, "aä": 3}]}'.encode()],
    "it is nested too deeply": [b"[" * 200_000],
    "it has a number with too many digits": [b'{"a": ' + b"9" * 5000 + b"}"],
    "NaN is no value of JSON": [b'{"a": NaN}'],
    "-Infinity is no value of JSON": [b'{"a": [-Infinity]}'],
    "the text at /x/1 holds half a character at position 2: it was cut in the middle of an emoji": [
        rb'{"x": ["ok", "ab\ud83d"]}'
    ],
    "the text at its top holds half a character at position 0: it was cut in the middle of an emoji": [rb'"\udfff"'],
    "the text at /y holds half a character at position 0: it was cut in the middle of an emoji": [
        rb'{"y": "\udfff", "x": ["ok"]}'
    ],
    "the name of a member at its top holds half a character at position 0: it was cut in the middle of an emoji": [
        rb'{"\udfff": 1}'
    ],
    "the name of a member at /x holds half a character at position 0: it was cut in the middle of an emoji": [
        rb'{"x": {"\udfff": 1}}'
    ],
}


def test_a_json_object_is_read() -> None:
    """In UTF-8, with or without a byte order mark, which some senders put there."""
    assert json_object('{"name": "学校"}'.encode()) == {"name": "学校"}
    assert json_object('\ufeff{"name": "学校"}'.encode()) == {"name": "学校"}
    assert json_object(rb'{"name": "\ud83d\ude00"}') == {"name": "\U0001f600"}


@pytest.mark.parametrize(("fault", "body"), [(fault, body) for fault, bodies in FAULTS.items() for body in bodies])
def test_each_fault_has_words_of_its_own_and_its_place(fault: str, body: bytes) -> None:
    """Whoever sent it finds it without a guess."""
    with pytest.raises(UnreadableBody) as refused:
        json_object(body)
    assert str(refused.value) == f"The body must be a JSON object: {fault}."


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7", b"true"])
def test_other_json_values_are_unreadable(body: bytes) -> None:
    """A request is an object."""
    with pytest.raises(UnreadableBody, match=r"^The body must be a JSON object, such as \{\.\.\.\}\.$"):
        json_object(body)
    assert json_value(body) == json.loads(body)


def test_half_a_character_may_stand_where_nobody_asks_for_it() -> None:
    """A CRM cuts a text in the middle of an emoji, in a column that nobody has mapped."""
    body = rb'{"MessageName": "Create", "x": "Contoso \ud83d"}'
    assert json_object(body, whole=False)["MessageName"] == "Create"
    with pytest.raises(UnreadableBody):
        json_object(body)


def test_a_long_name_does_not_fill_the_answer() -> None:
    """Nor a place that is nested deep in long names."""
    name = "n" * 5000
    with pytest.raises(UnreadableBody) as refused:
        json_object(f'{{"{name}": 1, "{name}": 2}}'.encode())
    assert len(str(refused.value)) < 300


def test_half_a_character_is_found_at_any_depth() -> None:
    """Deeper than Python's own calls may go."""
    depth = 2000
    with pytest.raises(UnreadableBody, match="half a character"):
        json_object(b'{"a":' + b"[" * depth + rb'"\ud83d"' + b"]" * depth + b"}")


def test_a_body_at_the_limit_is_read() -> None:
    """One byte more is refused before it is parsed, and nothing is made of it."""
    body = json.dumps({"a": "x" * (LARGEST_BODY - 9)}).encode()
    assert len(body) == LARGEST_BODY == 256 * 1024
    assert json_object(body)
    with pytest.raises(BodyTooLarge, match=str(LARGEST_BODY)):
        json_object(body + b" ")
    large = bytes(10 * LARGEST_BODY)
    tracemalloc.start()
    with pytest.raises(BodyTooLarge):
        check_size(large)
    assert tracemalloc.get_traced_memory()[1] < LARGEST_BODY
    tracemalloc.stop()


@given(st.binary() | st.text(st.characters(exclude_categories=[])).map(lambda text: json.dumps({"a": text}).encode()))
def test_any_bytes_are_an_object_or_are_refused(body: bytes) -> None:
    """Nothing that anybody may send raises anything else."""
    try:
        content = json_object(body)
    except UnreadableBody:
        return
    assert isinstance(content, dict)
    assert json.dumps(content, ensure_ascii=False).encode()
