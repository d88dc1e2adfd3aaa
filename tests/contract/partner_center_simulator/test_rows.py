"""Which rows a customer's reviews leave behind, and looks that show something else."""

from typing import Any

import httpx
import pytest

from sandbox.partner_center import Act, CustomerScript, Fault, Look, Operation, PartnerCenterThread, WireShape
from sandbox.partner_center.rows import Dates, History, Order, Rows, Undated
from sandbox.partner_center.wire_shape import DateFormat

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


def denied_and_asked_again(
    client: httpx.Client, path: str, customer: str, partner_center: PartnerCenterThread, **script: Any
) -> list[dict[str, str]]:
    """Give a customer an old denial and a new review, and return the rows of a look."""
    partner_center.run(lambda state: state.script(CustomerScript(**script)))
    denial = {"vetting": {"outcome": "denied", "after": 60}, "ago": 86400}
    client.post(f"/_control/customers/{customer}/requests", json=denial)
    assert client.post(path, json=EDUCATION).status_code == 201
    rows: list[dict[str, str]] = client.get(path).json()
    return rows


def statuses(rows: list[dict[str, str]]) -> list[str]:
    """The words of the rows."""
    return [row["vettingStatus"] for row in rows]


def befall(partner_center: PartnerCenterThread, look: Look, *, times: int = 1) -> None:
    """Let looks go wrong."""
    fault = Fault(operation=Operation.GET, times=times, then=Act.PROCEED, look=look)
    partner_center.run(lambda state: state.fault(fault))


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        (Rows(), ["InReview"]),
        (Rows(history=History.ALL), ["Denied", "InReview"]),
        (Rows(history=History.ALL, order=Order.NEWEST_FIRST), ["InReview", "Denied"]),
        (Rows(copies=2), ["InReview", "InReview"]),
    ],
)
def test_earlier_reviews_leave_rows_as_scripted(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    rows: Rows,
    shown: list[str],
) -> None:
    """The newest only by default, or all of them, in either order, or twice."""
    assert statuses(denied_and_asked_again(user, qualifications, customer, partner_center, rows=rows)) == shown


@pytest.mark.parametrize(
    ("undated", "dated"),
    [
        (Undated.NONE, [True, True]),
        (Undated.OLDER, [False, True]),
        (Undated.NEWEST, [True, False]),
        (Undated.DENIED, [False, True]),
    ],
)
def test_some_rows_come_without_a_date(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    undated: Undated,
    dated: list[bool],
) -> None:
    """The older ones, the newest, or the denials."""
    rows = Rows(history=History.ALL, undated=undated)
    shown = denied_and_asked_again(user, qualifications, customer, partner_center, rows=rows)
    assert ["vettingCreateDate" in row for row in shown] == dated


@pytest.mark.parametrize(
    ("dates", "apart"), [(Dates.OWN, [True, False]), (Dates.FIRST, [False, False]), (Dates.DECIDED, [True, True])]
)
def test_a_date_is_the_reviews_own_or_the_first_ones_or_the_decisions(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    dates: Dates,
    apart: list[bool],
) -> None:
    """Compared: the denial's with the review's, and the denial's with that of its own beginning."""
    partner_center.run(lambda state: state.script(CustomerScript(rows=Rows(history=History.ALL))))
    own = denied_and_asked_again(
        user, qualifications, customer, partner_center, rows=Rows(history=History.ALL, dates=Dates.OWN)
    )[0]["vettingCreateDate"]
    befall(partner_center, Look(rows=Rows(history=History.ALL, dates=dates)))
    denied, review = (row["vettingCreateDate"] for row in user.get(qualifications).json())
    assert [denied != review, denied != own] == apart


def test_one_moment_is_spelled_in_two_ways(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """In the two rows of one review, and from one look to the next."""
    shape = WireShape(second_date_format=DateFormat.SEVEN_DIGITS)
    first, second = denied_and_asked_again(
        user, qualifications, customer, partner_center, rows=Rows(copies=2), shape=shape
    )
    assert first["vettingCreateDate"].endswith("Z")
    assert second["vettingCreateDate"].startswith(first["vettingCreateDate"].removesuffix("Z"))
    assert second["vettingCreateDate"].endswith("+00:00")
    befall(partner_center, Look(rows=Rows(), shape=WireShape(date_format=DateFormat.SEVEN_DIGITS)))
    assert user.get(qualifications).json() == [second]
    assert user.get(qualifications).json() == [first, second]


def test_one_look_is_empty(user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread) -> None:
    """Before and after it the customer is approved."""
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(2))
    befall(partner_center, Look(nothing=True))
    answers = [user.get(qualifications) for _ in range(2)]
    assert [(answer.status_code, len(answer.json())) for answer in answers] == [(200, 0), (200, 1)]


def test_a_look_shows_what_was_true_before(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """An age of ten seconds shows the review, of twenty nothing, while the approval stands."""
    partner_center.run(lambda state: setattr(state.settings, "vetting_seconds", 5))
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(12))
    befall(partner_center, Look(age=10))
    befall(partner_center, Look(age=20))
    looks = [statuses(user.get(qualifications).json()) for _ in range(3)]
    assert looks == [["InReview"], [], ["Approved"]]


@pytest.mark.parametrize("outcome", ["denied", "never"])
def test_a_row_vanishes(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread, outcome: str
) -> None:
    """A denial, or a review, is gone for looks and rules; the verification stays spent."""
    vetting = {"outcome": outcome, "after": 0, "vanishesAfter": 60}
    user.patch(f"/_control/customers/{customer}", json={"education": vetting})
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(59))
    assert len(user.get(qualifications).json()) == 1
    partner_center.run(lambda state: state.advance(1))
    assert user.get(qualifications).json() == []
    assert user.post(qualifications, json=EDUCATION).status_code == 201
    assert user.get(f"/_control/customers/{customer}").json()["educationRequests"] == 2


def test_a_request_made_elsewhere_spends_a_verification_and_leaves_its_row(
    user: httpx.Client, qualifications: str, customer: str
) -> None:
    """No call of ours shows it; the row that nobody can explain is its only trace."""
    path = f"/_control/customers/{customer}/requests"
    denied = {"vetting": {"outcome": "denied", "after": 0}, "ago": 864000}
    counts = [user.post(path, json=denied).json() for _ in range(2)][-1]
    assert (counts["posts"], counts["educationRequests"]) == (0, 2)
    assert statuses(user.get(qualifications).json()) == ["Denied"]
    assert [user.post(qualifications, json=EDUCATION).status_code for _ in range(2)] == [201, 409]


def test_a_wrong_look_comes_by_chance(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Some looks and not others, and the same ones again from the same seed."""
    fault = {"operation": "get", "chance": 0.5, "then": "proceed", "look": {"nothing": True}}

    def looks(seed: int) -> list[int]:
        partner_center.run(lambda state: setattr(state.settings, "seed", seed))
        return [len(user.get(qualifications).json()) for _ in range(40)]

    user.post(qualifications, json=EDUCATION)
    user.post("/_control/faults", json=fault)
    first, other = looks(1), looks(2)
    assert 5 < sum(first) < 35
    assert first != other
    customer_again = user.post("/_control/reset")
    assert customer_again.status_code == 204
    user.post(qualifications, json=EDUCATION)
    user.post("/_control/faults", json=fault)
    assert looks(1) == first
