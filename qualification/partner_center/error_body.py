"""What an error answer says, in any of the shapes seen on the wire ("Partner Center REST error codes")."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import JsonValue, SecretStr

from qualification.partner_center.answer import Answer, json_value
from qualification.partner_center.error_codes import IN_BRACKETS, meaning

LONGEST_TEXT = 1024
LONGEST_CODE = 64
DEEPEST = 4
REDACTED = "[redacted]"

CODES = ("code", "errorcode")
WORDS = ("description", "message", "errormessage", "error_description", "detail", "title", "errormessageextended")
LAST_WORDS = "errorname"
WITHIN = ("error", "errors", "innererror")
CHALLENGE = re.compile(r'(error|error_description)="([^"]*)"', re.IGNORECASE)
"""RFC 6750, section 3."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """The code and words of an error; empty where it has none.

    Attributes:
        code: word for word; a number becomes its digits.
        text: the description.
        is_retryable: the newer customer service's own opinion, or None.
        has_description: it has the `description` or the `source` of Partner Center's documented shape.
        meaning: the documented code that code or words stand for, or "".
    """

    code: str = ""
    text: str = ""
    is_retryable: bool | None = None
    has_description: bool = False
    meaning: str = ""

    @property
    def is_partner_centers(self) -> bool:
        """Partner Center itself speaks, not a gateway or a web page in front of it."""
        return bool(self.meaning) or self.has_description


def read_complaint(answer: Answer, secrets: Iterable[SecretStr] = ()) -> Complaint:
    """What an error answer says in its body, or else in its WWW-Authenticate; `secrets` that it repeats are blacked out."""
    secrets = tuple(secrets)
    found = _body(answer.body)
    if not found.code and not found.text:
        found = _challenge(answer.headers.get("www-authenticate", ""))
    known = meaning(found.code.strip(), found.text)
    code = found.code or (brackets[1] if (brackets := IN_BRACKETS.search(found.text)) else "")
    return Complaint(
        code=plain(code, secrets)[:LONGEST_CODE],
        text=plain(found.text, secrets),
        is_retryable=found.is_retryable,
        has_description=found.has_description,
        meaning=known,
    )


def plain(text: str, secrets: Iterable[SecretStr] = ()) -> str:
    """`text` on one line, without `secrets` and control characters, and no longer than LONGEST_TEXT."""
    for secret in secrets:
        shown = secret.get_secret_value()
        for form in {shown, quote(shown, safe="")} - {""}:
            text = re.sub(re.escape(form), REDACTED, text, flags=re.IGNORECASE)
    start = text[: 4 * LONGEST_TEXT]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in start).split())[:LONGEST_TEXT]


def folded(value: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """An object with its members' names in lower case: Microsoft has shown both `code` and `Code`."""
    return {name.lower(): member for name, member in value.items()}


def _body(body: bytes) -> Complaint:
    try:
        value = json_value(body)
    except ValueError:
        text = body.decode("utf-8-sig", errors="replace")
        return Complaint(text="" if text.lstrip().startswith("<") else text)
    return _of(value)


def _of(value: JsonValue, depth: int = 0) -> Complaint:
    match value:
        case str():
            return Complaint(text=value)
        case dict() if depth < DEEPEST:
            return _object(folded(value), depth)
        case list() if depth < DEEPEST:
            found = (_of(each, depth + 1) for each in value)
            return next((each for each in found if each.code or each.text), Complaint())
        case _:
            return Complaint()


def _object(value: dict[str, JsonValue], depth: int) -> Complaint:
    code = next((found for name in CODES if (found := _code(value.get(name)))), "")
    text = next((found for name in WORDS if (found := _text(value.get(name)))), "")
    error = value.get("error")
    if isinstance(error, str) and not code:
        # OAuth's shape: the code is the error itself.
        code = error
    if not text and not code:
        for name in WITHIN:
            if (inner := _of(value.get(name), depth + 1)).code or inner.text:
                return inner
    text = text or _text(value.get(LAST_WORDS))
    retryable = value.get("isretryable")
    return Complaint(
        code=code,
        text=_with_model_state(text, value.get("modelstate")),
        is_retryable=retryable if isinstance(retryable, bool) else None,
        has_description=bool(_text(value.get("description")) or _text(value.get("source"))),
    )


def _with_model_state(text: str, state: JsonValue) -> str:
    """With what ASP.NET found wrong with each property."""
    if not isinstance(state, dict):
        return text
    found = [each for faults in state.values() if isinstance(faults, list) for each in faults if isinstance(each, str)]
    return " ".join([text, *(each for each in found if each != text)])


def _code(value: JsonValue) -> str:
    return str(value) if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)) else ""


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _challenge(header: str) -> Complaint:
    said = {name.lower(): text for name, text in CHALLENGE.findall(header)}
    return Complaint(code=said.get("error", ""), text=said.get("error_description", ""))
