"""Reads a JSON object from bytes that anybody may have sent."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

from qualification.domain.errors import BodyTooLarge, UnreadableBody
from qualification.domain.half_character import half_character

LARGEST_BODY = 256 * 1024
LONGEST_NAME = 100
"""Of a member, in a message."""
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""An escape that is half a character, unless the other half follows."""


class _Reason(ValueError):
    """What is wrong with a body that Python's own reader would take."""


def json_object(body: bytes, largest: int = LARGEST_BODY, *, whole: bool = True) -> dict[str, Any]:
    """The JSON object in `body`.

    Args:
        body: what was sent.
        largest: how many bytes it may have.
        whole: whether half a character is refused wherever it stands. A CRM cuts texts that nobody here asks for.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
        UnreadableBody: it is not a JSON object in UTF-8, names a member twice, or holds half a character (RFC 7493,
            "Internet JSON": what two readers may read differently). Says what is wrong, and where.
    """
    content = json_value(body, largest)
    if whole and SURROGATE.search(body):
        for place in _halves(content):
            raise UnreadableBody(f"The body must be a JSON object: {place}.")
    if not isinstance(content, dict):
        raise UnreadableBody("The body must be a JSON object, such as {...}.")
    return content


def json_value(body: bytes, largest: int = LARGEST_BODY) -> Any:
    """The JSON value in `body`, whatever it is; half a character in it stays.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
        UnreadableBody: it is not JSON in UTF-8, or names a member twice.
    """
    check_size(body, largest)
    try:
        return json.loads(str(body, "utf-8-sig"), object_pairs_hook=_each_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise UnreadableBody(f"The body must be a JSON object: {_reason(error, body)}.") from None


def check_size(body: bytes, largest: int = LARGEST_BODY) -> None:
    """Refuse a body over the limit before anything is done with it.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
    """
    if len(body) > largest:
        raise BodyTooLarge(f"The body has {len(body)} bytes; {largest} are the most that is taken.")


def _reason(error: ValueError | RecursionError, body: bytes) -> str:
    match error:
        case _ if not body.strip():
            return "it is empty"
        case RecursionError():
            return "it is nested too deeply"
        case UnicodeDecodeError():
            return f"it is not in UTF-8, which no byte {error.object[error.start]:#04x} at position {error.start} is"
        case json.JSONDecodeError():
            return f"{error.msg} at line {error.lineno}, column {error.colno}"
        case _Reason():
            return str(error)
        case _:
            return "it has a number with too many digits"


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(members)
    if len(content) < len(members):
        count = Counter(name for name, _ in members)
        twice = next(name for name in content if count[name] > 1)
        raise _Reason(f"the member {json.dumps(twice[:LONGEST_NAME])} is named twice")
    return content


def _no_constant(name: str) -> NoReturn:
    raise _Reason(f"{name} is no value of JSON")


def _halves(content: Any) -> Iterator[str]:
    """Where half a character stands; the nesting may be deeper than Python's own calls."""
    open_values = [("", content)]
    while open_values:
        pointer, value = open_values.pop()
        if isinstance(value, str) and (half := half_character(value)):
            yield f"the text at {pointer or 'its top'} {half}"
        elif isinstance(value, dict):
            for name, inner in value.items():
                if half := half_character(name):
                    yield f"the name of a member at {pointer or 'its top'} {half}"
                open_values.append((f"{pointer}/{name[:LONGEST_NAME]}", inner))
        elif isinstance(value, list):
            open_values += [(f"{pointer}/{index}", inner) for index, inner in enumerate(value)]
