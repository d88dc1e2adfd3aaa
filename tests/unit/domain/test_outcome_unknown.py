"""A write of which nobody knows what came."""

from dataclasses import replace
from datetime import timedelta

from qualification.domain.waits import unknown
from tests.unit.builders import AT, NOW, submitting

LATER = replace(AT, now=NOW + timedelta(hours=1))


def test_each_write_that_nobody_knows_of_alerts_somebody_once() -> None:
    """The same write is no news after another read; one that a person confirmed meanwhile is."""
    first = unknown(submitting(writes=2), "Nobody has answered.", AT)
    assert (len(first.events), first.record.raised) == (1, frozenset({"outcome-unknown:2"}))
    assert not unknown(first.record, "Nobody has answered.", LATER).events
    again = unknown(first.record.changed(writes=3), "Nobody has answered.", LATER)
    assert (len(again.events), again.record.raised) == (1, frozenset({"outcome-unknown:2", "outcome-unknown:3"}))
