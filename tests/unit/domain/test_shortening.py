"""An event that is too large for a message, in few words."""

import pytest
from pydantic import JsonValue

from qualification.domain.event import Event, EventType
from qualification.domain.shortening import LONGEST_LIST, LONGEST_TEXT, shortened
from tests.unit.builders import CUSTOMER, NOW, REQUEST

FITS = "x" * LONGEST_TEXT
TOO_LONG = FITS + "y"
CUT = "x" * (LONGEST_TEXT - 1) + "…"


def event(**data: JsonValue) -> Event:
    """An event that says this."""
    return Event(
        type=EventType.STATUS_CHANGED, stream=REQUEST, sequence=3, subject=CUSTOMER, time=NOW, due=NOW, data=data
    )


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        ("Denied", "Denied"),
        (FITS, FITS),
        (TOO_LONG, CUT),
        (["a", TOO_LONG], ["a", CUT]),
        (["a"] * (LONGEST_LIST + 1), ["a"] * LONGEST_LIST),
        ({"code": "2000", "description": TOO_LONG}, {"code": "2000", "description": CUT}),
        ([{"detail": TOO_LONG, "allowed": [TOO_LONG]}], [{"detail": CUT, "allowed": [CUT]}]),
        (7, 7),
        (True, True),
        (None, None),
    ],
)
def test_long_texts_and_lists_are_cut_wherever_they_are(value: JsonValue, cut: JsonValue) -> None:
    """A subscriber sees by the last character that a text went on; what is short enough is left as it is."""
    assert shortened(event(value=value)).data["value"] == cut


def test_the_rest_of_a_shortened_event_is_as_it_was() -> None:
    """Subscribers know it by its id and its order, and `shortened` tells them to read the request itself."""
    long = event(status="Denied", vettingReason=TOO_LONG, sequence=3)
    assert shortened(long) == event(status="Denied", vettingReason=CUT, sequence=3, shortened=True)
