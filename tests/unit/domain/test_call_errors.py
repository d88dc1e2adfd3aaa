"""What an error of a call carries: it is logged, stored with the request, and told to Microsoft's support."""

from datetime import timedelta
from typing import Any

import pytest

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    PartnerCenterError,
    PersonNeeded,
    Throttled,
    Unavailable,
)
from tests.unit.builders import CORRELATION, NOW

IN_AN_HOUR = NOW + timedelta(hours=1)
IN_TWO_HOURS = NOW + timedelta(hours=2)
UNKNOWN: dict[str, Any] = {"http_status": None, "correlation_id": None, "remedy": "", "at": None, "retry_at": None}
ANSWER: dict[str, Any] = {"http_status": 403, "correlation_id": CORRELATION, "at": NOW}
NOBODY_ACTS = "Nothing to do: the service waits and goes on by itself."


def told(error: PartnerCenterError) -> dict[str, object]:
    """All that it carries, and how it reads in a log."""
    return vars(error) | {"log": str(error)}


@pytest.mark.parametrize(
    ("status", "log"), [(None, "unreachable: No connection."), (503, "HTTP 503 unreachable: No connection.")]
)
def test_what_is_not_known_of_an_error_is_left_open(status: int | None, log: str) -> None:
    """Nothing is made up for the operator: no status where nobody answered, and no remedy."""
    code, words = "unreachable", "No connection."
    expected = UNKNOWN | {"code": code, "description": words, "http_status": status, "log": log}
    assert told(Unavailable(code, words, http_status=status)) == expected


def test_a_cause_for_a_person_without_a_remedy_has_none() -> None:
    """An empty text, which each caller replaces by its own."""
    log = "no-token: Nobody has signed in."
    expected = UNKNOWN | {"code": "no-token", "description": "Nobody has signed in.", "partner_wide": True, "log": log}
    assert told(AccessLost("no-token", "Nobody has signed in.", partner_wide=True)) == expected


def test_a_pause_for_everybody_says_until_when() -> None:
    """With the ids that Microsoft's support asks for; the operator need not do anything."""
    words = "Partner Center asks to wait until 2026-03-02T10:30:00Z"
    answer = ANSWER | {"http_status": 429}
    assert told(Throttled(IN_AN_HOUR, **answer)) == answer | {
        "code": "throttled",
        "description": words,
        "remedy": NOBODY_ACTS,
        "retry_at": IN_AN_HOUR,
        "alone": False,
        "log": f"HTTP 429 throttled: {words}",
    }


def test_a_pause_for_one_customer_says_so_and_keeps_the_answer() -> None:
    """Otherwise the operator would think that everybody waits, or look for a call that nobody can trace."""
    words = "Partner Center asks this customer alone to wait until 2026-03-02T11:30:00Z"
    answer = ANSWER | {"http_status": 429}
    assert told(Throttled(IN_AN_HOUR, **answer).for_one_customer(IN_TWO_HOURS)) == answer | {
        "code": "throttled",
        "description": words,
        "remedy": NOBODY_ACTS,
        "retry_at": IN_TWO_HOURS,
        "alone": True,
        "log": f"HTTP 429 throttled: {words}",
    }


@pytest.mark.parametrize("kind", [AccessLost, CustomerUnreachable, Elsewhere])
def test_a_cause_that_turns_out_to_be_one_customers_stays_the_same_cause(kind: type[PersonNeeded]) -> None:
    """Only whom it is about changes: kind, words, remedy, and the answer by which support finds the call."""
    error = kind("900308", "No relationship.", partner_wide=True, remedy="Ask for it.", **ANSWER)
    again = error.for_one_customer()
    assert (type(again), told(again)) == (kind, told(error) | {"partner_wide": False})


@pytest.mark.parametrize("partner_wide", [True, False])
def test_a_cause_found_behind_an_answer_takes_its_status_and_time(partner_wide: bool) -> None:  # noqa: FBT001  a case
    """A 401 is told by its cause: what the sign-in said, at the moment by Partner Center's clock."""
    options: dict[str, Any] = {"partner_wide": partner_wide, "remedy": "Sign in again.", "correlation_id": CORRELATION}
    error = AccessLost("invalid_grant", "It has expired.", **options, http_status=400, at=NOW)
    expected = AccessLost("invalid_grant", "It has expired.", **options, http_status=401, at=IN_AN_HOUR)
    assert told(error.as_answered(401, IN_AN_HOUR)) == told(expected)
