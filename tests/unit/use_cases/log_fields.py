"""What the structured lines of the log say, field by field."""

import logging

import pytest

EMPTY = set(vars(logging.makeLogRecord({}))) | {"message", "asctime"}


def fields(record: logging.LogRecord) -> dict[str, object]:
    """What the event added to an ordinary log record."""
    return {name: value for name, value in vars(record).items() if name not in EMPTY}


def events(caplog: pytest.LogCaptureFixture, event: str) -> list[dict[str, object]]:
    """The fields of each line of an event, in order."""
    return [found for found in map(fields, caplog.records) if found.get("event") == event]
