"""The words of the filter language.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.service_bus.filters.errors import FilterSyntaxError

KEYWORDS = frozenset(["AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "TRUE", "FALSE"])

_WORD = re.compile(
    r"""\s*(?:
      (?P<number>(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?)
    | '(?P<string>(?:[^']|'')*)'
    | \[(?P<bracketed>(?:[^\]]|\]\])*)\]
    | "(?P<quoted>(?:[^"]|"")*)"
    | (?P<word>[^\W\d_]\w*)
    | (?P<operator><>|!=|<=|>=|[=<>()+\-*/%,.])
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, its kind (keyword, name, number, string, operator or end) and where it stands."""

    kind: str
    text: str
    at: int


def tokens(expression: str) -> Iterator[Token]:
    """Cut an expression into words; the last one is the end.

    Raises:
        FilterSyntaxError: a character that begins no word.
    """
    at, end = 0, len(expression.rstrip())
    while at < end:
        match = _WORD.match(expression, at)
        if match is None:
            start = at + len(expression[at:]) - len(expression[at:].lstrip())
            raise FilterSyntaxError(f"unexpected {expression[start]!r} at position {start + 1}")
        yield _token(match)
        at = match.end()
    yield Token("end", "the end", end)


def _token(match: re.Match[str]) -> Token:
    kind = match.lastgroup or ""
    text = match[kind]
    at = match.end() - len(match.group().lstrip())
    match kind:
        case "string":
            return Token("string", text.replace("''", "'"), at)
        case "bracketed":
            return Token("name", text.replace("]]", "]"), at)
        case "quoted":
            return Token("name", text.replace('""', '"'), at)
        case "word" if text.upper() in KEYWORDS:
            return Token("keyword", text.upper(), at)
        case "word":
            return Token("name", text, at)
    return Token(kind, text, at)
