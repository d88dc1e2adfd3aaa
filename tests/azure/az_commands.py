"""The `az` commands in a script of a shell, with what other commands and variables give left open."""

import re
import shlex
from collections.abc import Iterator

_BEGINS = re.compile(r"(?:^|[;&|(]|\$\()\s*az\s", re.MULTILINE)
_COMMENT = re.compile(r"(?m)(^|\s)#[^\n]*$")
_VARIABLE = re.compile(r"\$\{?\w+\}?")
OPEN = "00000000-0000-0000-0000-000000000000"
"""Stands for whatever is only known when the command is run."""


def az_commands(script: str) -> Iterator[list[str]]:
    """The words behind `az` of each command, those inside of other commands too.

    Raises:
        ValueError: quotes or brackets do not close.
    """
    text = _COMMENT.sub(r"\1", script.replace("\\\n", " "))
    for found in _BEGINS.finditer(text):
        command = _until_its_end(text[found.end() :])
        yield shlex.split(_VARIABLE.sub(OPEN, _without_substitutions(command)))


def _until_its_end(text: str) -> str:
    """What belongs to a command: up to a line's end, an operator, or a bracket that it has not opened."""
    quote, depth = "", 0
    for place, letter in enumerate(text):
        if quote and (letter != "$" or text[place + 1 : place + 2] != "("):
            quote = "" if letter == quote and depth == 0 and text[place - 1] != "\\" else quote
        elif letter in "\"'" and depth == 0:
            quote = letter
        if letter == "(" and text[place - 1] == "$":
            depth += 1
        elif letter == ")" and depth:
            depth -= 1
        elif not quote and not depth and letter in ")\n;&|>":
            return text[:place]
    if quote or depth:
        raise ValueError(f"a quote or a bracket is not closed: {text[:80]}")
    return text


def _without_substitutions(text: str) -> str:
    """The same with each `$(...)`, from the innermost on, left open."""
    while "$(" in text:
        start = text.rindex("$(")
        end = _closing(text, start + 2)
        text = text[:start] + OPEN + text[end + 1 :]
    return text


def _closing(text: str, start: int) -> int:
    quote = ""
    for place in range(start, len(text)):
        letter = text[place]
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter == ")":
            return place
    raise ValueError(f"a bracket is not closed: {text[start : start + 80]}")
