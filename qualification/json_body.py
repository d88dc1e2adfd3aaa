"""Reads a JSON object from bytes that anybody may have sent."""

import json
from typing import Any

from qualification.errors import BodyTooLarge, UnreadableBody

LARGEST_BODY = 256 * 1024


def json_object(body: bytes, largest: int = LARGEST_BODY) -> dict[str, Any]:
    """The JSON object in `body`.

    Raises:
        BodyTooLarge: it has more than `largest` bytes.
        UnreadableBody: it is not a JSON object in UTF-8.
    """
    check_size(body, largest)
    try:
        content = json.loads(str(body, "utf-8-sig"))
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
