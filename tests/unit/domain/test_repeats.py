"""A sender that names no events says the same again after the end of a request."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from qualification.domain.arrival import Arrival, arrive, take_back
from qualification.domain.request import QualificationRequest
from tests.unit.builders import NOW, in_review, queued, wanted
from tests.unit.domain.arrivals import CRM, LATER, NEW, arriving, customer, dated, denied

HOUR = timedelta(hours=1)
ELSEWHERE = wanted(website="fabrikam.edu")
ENDED = denied(in_review())


def test_a_moment_after_the_end_it_is_taken_for_a_repeat() -> None:
    """Somebody is alerted once, in case it was meant."""
    (step,) = arrive(arriving(named=False, lately=True), customer(ENDED), LATER).steps
    assert step.before is not None
    assert step.before.record == ENDED
    (event,) = step.transition.events
    assert [event.data[name] for name in ("reason", "detail", "remedy")] == [
        "request-repeated",
        "standard has sent the same again shortly after the request had ended as Denied.",
        "If that was meant, retry the request; the same content begins a new one an hour after the end.",
    ]
    assert event.time == LATER.now
    told = step.transition.record
    assert told.raised == {"request-repeated"}
    assert arrive(arriving(named=False, lately=True), customer(told), LATER) == Arrival((), told)


@pytest.mark.parametrize(
    ("content", "changes"),
    [
        (None, {"named": True, "lately": True}),
        (None, {"named": False, "lately": False}),
        (ELSEWHERE, {"named": False, "lately": True}),
    ],
    ids=["a sender that names its events", "an hour later", "other content"],
)
def test_else_it_begins_anew(content: QualificationRequest | None, changes: dict[str, Any]) -> None:
    """Nothing that was asked for is lost."""
    arrival = arrive(arriving(content, **changes), customer(ENDED), LATER)
    assert (arrival.begins, arrival.answered_by.request_id) == (True, NEW)


def test_what_its_sender_has_ended_begins_anew() -> None:
    """It knows that it asks again, whatever it said before."""
    corrected = arrive(arriving(), customer(queued(ELSEWHERE)), LATER).answered_by
    (step,) = take_back(customer(corrected), CRM, CRM, LATER)
    state = customer(step.transition.record)
    assert arrive(arriving(named=False, lately=True), state, LATER).begins


@pytest.mark.parametrize(("moment", "begins"), [(NOW, False), (NOW + HOUR, True)], ids=["once more", "anew"])
def test_its_own_moments_tell_what_came_once_more(moment: datetime, *, begins: bool) -> None:
    """However late it comes."""
    state = customer(ENDED, newest=dated(NOW))
    arrival = arrive(arriving(named=False, occurred_at=moment), state, LATER)
    assert arrival.begins is begins
    assert begins or arrival == Arrival((), ENDED)


def test_what_has_no_moment_is_told_by_the_time_alone() -> None:
    """Though other events of the sender had one."""
    state = customer(ENDED, newest=dated(NOW))
    assert not arrive(arriving(named=False, lately=True), state, LATER).begins
