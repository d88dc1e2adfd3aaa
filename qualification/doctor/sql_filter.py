"""Which events an SQL filter can never match, as far as its words tell; this is no parser and evaluates nothing.

https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messaging-sql-filter
"""

import re
from collections.abc import Iterator

from qualification.doctor.vocabulary import Property, application_property, system_property

KEYWORDS = frozenset(["AND", "OR", "NOT", "IN", "LIKE", "ESCAPE", "IS", "NULL", "EXISTS", "TRUE", "FALSE"])
NEVER = re.compile(r"\s*(1\s*=\s*0|0\s*=\s*1)\s*")

STRING = r"'(?:[^']|'')*'"
NAME = r"""\[(?:[^\]]|\]\])+\]|"(?:[^"]|"")+"|[^\W\d]\w*"""
REFERENCE = re.compile(
    rf"""
      {STRING}                                                                       # what is quoted is no name
    | \d[\w.]*                                                                       # nor is a number
    | @\w+                                                                           # nor is a parameter
    | (?:(?P<scope>sys|user)\s*\.\s*)?(?P<name>(?>{NAME}))(?!\s*\()                       # nor a function
      (?:\s*=\s*(?P<equal>{STRING})|\s+IN\s*\(\s*(?P<any>{STRING}(?:\s*,\s*{STRING})*)\s*\))?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def sql_doubts(expression: str) -> Iterator[str]:
    """A sentence for each property, or value that it is compared with, that no event has."""
    if NEVER.fullmatch(expression):
        yield "it matches nothing"
    said = set[str]()
    for reference in REFERENCE.finditer(expression):
        named = _property(reference)
        for doubt in named.doubts(_values(reference)) if named else ():
            if doubt not in said:
                said.add(doubt)
                yield doubt


def _property(reference: re.Match[str]) -> Property | None:
    name = reference["name"]
    if name is None or name.upper() in KEYWORDS:
        return None
    if name[0] in '["':
        closing = name[-1]
        name = name[1:-1].replace(closing * 2, closing)
    return system_property(name) if (reference["scope"] or "").lower() == "sys" else application_property(name)


def _values(reference: re.Match[str]) -> list[str]:
    quoted = reference["equal"] or reference["any"] or ""
    return [text[1:-1].replace("''", "'") for text in re.findall(STRING, quoted)]
