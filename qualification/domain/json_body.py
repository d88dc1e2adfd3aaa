"""Reads a JSON object from bytes that anybody may have sent."""

import json
import re
from typing import Any

from qualification.domain.errors import BodyTooLarge, UnreadableBody

LARGEST_BODY = 256 * 1024
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""An escape that is half a character, unless the other half follows."""


def json_object(body: bytes, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
        UnreadableBody: it is not a JSON object in UTF-8, names a member twice, or holds half a character (RFC 7493,
            "Internet JSON": what two readers may read differently).
    """
    check_size(body, largest)
    try:
        content = json.loads(str(body, "utf-8-sig"), object_pairs_hook=_each_once)
        if SURROGATE.search(body):
            json.dumps(content, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "it is not JSON in UTF-8"
        raise UnreadableBody(f"The body must be a JSON object: {reason}.") from None
    if not isinstance(content, dict):
        raise UnreadableBody("The body must be a JSON object, such as {...}.")
    return content


def check_size(body: bytes, largest: int = LARGEST_BODY) -> None:
    """Refuse a body over the limit before anything is done with it.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
    """
    if len(body) > largest:
        raise BodyTooLarge(f"The body has {len(body)} bytes; {largest} are the most that is taken.")


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(members)
    if len(content) < len(members):
        raise ValueError("a member is named twice")
    return content
