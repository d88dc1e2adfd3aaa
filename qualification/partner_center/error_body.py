"""What the body of an error says, in any of the shapes seen on the wire ("Partner Center REST error codes")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import JsonValue, SecretStr

from qualification.partner_center.answer import json_value

LONGEST_TEXT = 1024
LONGEST_CODE = 64
REDACTED = "[redacted]"


@dataclass(frozen=True, slots=True)
class Complaint:
    """The code and words of an error body; empty where it has none.

    Attributes:
        code: word for word; a number becomes its digits.
        text: the description.
        is_retryable: the newer customer service's own opinion, or None.
        is_documented: the API itself speaks, not a gateway or a web page in front of it.
    """

    code: str = ""
    text: str = ""
    is_retryable: bool | None = None
    is_documented: bool = False


def read_complaint(body: bytes, secrets: Iterable[SecretStr] = ()) -> Complaint:
    """What an error body says, whatever it is; `secrets` that it repeats are blacked out."""
    try:
        value = json_value(body)
    except ValueError:
        text = body.decode(errors="replace")
        return Complaint(text="" if text.lstrip().startswith("<") else plain(text, secrets))
    match value:
        case str():
            return Complaint(text=plain(value, secrets), is_documented=bool(value))
        case dict():
            return _object(value, secrets)
        case _:
            return Complaint()


def plain(text: str, secrets: Iterable[SecretStr] = ()) -> str:
    """`text` on one line, without `secrets` and control characters, and no longer than LONGEST_TEXT."""
    for secret in secrets:
        shown = secret.get_secret_value()
        for form in {shown, quote(shown, safe="")} - {""}:
            text = re.sub(re.escape(form), REDACTED, text, flags=re.IGNORECASE)
    start = text[: 4 * LONGEST_TEXT]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in start).split())[:LONGEST_TEXT]


def _object(value: dict[str, JsonValue], secrets: Iterable[SecretStr]) -> Complaint:
    code = value.get("code")
    known = code if isinstance(code, str) or (isinstance(code, int) and not isinstance(code, bool)) else ""
    words = (value.get(name) for name in ("description", "message", "errorMessageExtended", "errorName"))
    text = next((word for word in words if isinstance(word, str) and word), "")
    retryable = value.get("isRetryable")
    return Complaint(
        code=plain(str(known), secrets)[:LONGEST_CODE],
        text=plain(text, secrets),
        is_retryable=retryable if isinstance(retryable, bool) else None,
        is_documented=bool(known or text) and "statusCode" not in value,
    )
