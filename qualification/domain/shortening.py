"""An event in few words, for where no message can carry all of them."""

from pydantic import JsonValue

from qualification.domain.event import Event

LONGEST_TEXT = 200
"""Characters."""
LONGEST_LIST = 50
SHORTENED = "shortened"
"""The member of `data` that says so."""


def shortened(event: Event) -> Event:
    """The event with its long texts and lists cut, about 80 KiB at most; `data.shortened` is true."""
    data = {name: _cut(value) for name, value in event.data.items()}
    return event.model_copy(update={"data": data | {SHORTENED: True}})


def _cut(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return value if len(value) <= LONGEST_TEXT else f"{value[: LONGEST_TEXT - 1]}…"
        case list():
            return [_cut(each) for each in value[:LONGEST_LIST]]
        case dict():
            return {name: _cut(each) for name, each in value.items()}
    return value
