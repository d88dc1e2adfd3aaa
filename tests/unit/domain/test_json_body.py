import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.errors import BodyTooLarge, UnreadableBody
from qualification.domain.json_body import LARGEST_BODY, check_size, json_object


def test_a_json_object_is_read() -> None:
    """In UTF-8, with or without a byte order mark, which some senders put there."""
    assert json_object('{"name": "学校"}'.encode()) == {"name": "学校"}
    assert json_object('\ufeff{"name": "学校"}'.encode()) == {"name": "学校"}


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b" ", b"{", b'{"a": 1,}', b"{'a': 1}", b"a=1", b"\xff\xfe", b'{"a": "\xff"}', b"[" * 200_000),
        b'{"a": ' + b"9" * 5000 + b"}",
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-32"),
    ],
    ids=lambda body: repr(body[:12]),
)
def test_what_is_not_json_in_utf_8_is_unreadable(body: bytes) -> None:
    """Nothing else can be told about it."""
    with pytest.raises(UnreadableBody):
        json_object(body)


@pytest.mark.parametrize("body", [b"null", b"[]", b'"text"', b"7", b"true"])
def test_other_json_values_are_unreadable(body: bytes) -> None:
    """A request is an object."""
    with pytest.raises(UnreadableBody, match="must be a JSON object"):
        json_object(body)


def test_a_body_at_the_limit_is_read() -> None:
    """One byte more is refused before it is parsed."""
    body = json.dumps({"a": "x" * (LARGEST_BODY - 9)}).encode()
    assert len(body) == LARGEST_BODY == 256 * 1024
    assert json_object(body)
    with pytest.raises(BodyTooLarge, match=str(LARGEST_BODY)):
        json_object(body + b" ")
    with pytest.raises(BodyTooLarge):
        check_size(bytes(LARGEST_BODY + 1))


@given(st.binary())
def test_any_bytes_are_an_object_or_are_refused(body: bytes) -> None:
    """Nothing that anybody may send raises anything else."""
    try:
        content = json_object(body)
    except UnreadableBody:
        return
    assert isinstance(content, dict)
