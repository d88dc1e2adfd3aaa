import logging
from datetime import timedelta

import pytest

from qualification.use_cases.refusals import EVERY, Refusals
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.use_cases.log_fields import events


def counts(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    """What was written: source, cause and count of each line."""
    found = [vars(record) for record in caplog.records]
    return [(each["source"], each["cause"], each["count"]) for each in found if each["event"] == "sender_refused"]


def test_a_flood_is_a_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """The first at once, and none is forgotten."""
    caplog.set_level(logging.INFO)
    clock = StandInClock()
    refusals = Refusals(clock=clock)
    for _ in range(1000):
        refusals.count("hubspot", "sender-not-proven", "no")
    assert counts(caplog) == [("hubspot", "sender-not-proven", 1)]
    clock.advance(EVERY)
    refusals.count("hubspot", "sender-not-proven", "no")
    assert counts(caplog)[1:] == [("hubspot", "sender-not-proven", 1000)]


def test_each_source_and_cause_has_a_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    """One does not hide another."""
    refusals = Refusals(clock=StandInClock())
    for source in ("hubspot", "salesforce"):
        for cause in ("sender-not-proven", "body-too-large"):
            refusals.count(source, cause, "no")
            refusals.count(source, cause, "no")
    assert len(counts(caplog)) == 4


def test_what_is_left_is_written_when_its_minute_is_over(caplog: pytest.LogCaptureFixture) -> None:
    """A flood that stops is counted to its end by the timer, once."""
    clock = StandInClock()
    refusals = Refusals(clock=clock)
    for _ in range(3):
        refusals.count("hubspot", "sender-not-proven", "no")
    clock.advance(EVERY - timedelta(seconds=1))
    refusals.flush()
    assert len(counts(caplog)) == 1
    clock.advance(timedelta(seconds=1))
    refusals.flush()
    refusals.flush()
    assert counts(caplog)[1:] == [("hubspot", "sender-not-proven", 2)]


def test_a_line_says_what_the_last_caller_was_told(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever sets the CRM up finds the reason of today there, not that of an hour ago."""
    clock = StandInClock()
    refusals = Refusals(clock=clock)
    for told in ("The signature is missing.", "It is stale.", "It is forged."):
        refusals.count("hubspot", "sender-not-proven", told)
    clock.advance(EVERY)
    refusals.flush()
    assert [each["detail"] for each in events(caplog, "sender_refused")] == [
        "The signature is missing.",
        "It is forged.",
    ]
