"""Writes that take effect, or show, after their answer; and the one whose answer denied it."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
import pytest

from sandbox.partner_center import (
    Act,
    CustomerScript,
    Fault,
    LateEffect,
    Moment,
    Operation,
    PartnerCenterThread,
    ReplyName,
)
from sandbox.partner_center.refusals import Manner, Refusals

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}
SOON = httpx.Timeout(0.2)


def late(partner_center: PartnerCenterThread, then: Act | ReplyName, *, times: int = 1, **late: float) -> None:
    """Let POSTs be taken, be answered so, and take effect late."""
    fault = Fault(operation=Operation.POST, times=times, moment=Moment.AFTER, then=then, late=LateEffect(**late))
    partner_center.run(lambda state: state.fault(fault))


def spent(client: httpx.Client, customer: str) -> object:
    """How many Education verifications Partner Center counts."""
    return client.get(f"/_control/customers/{customer}").json()["educationRequests"]


def refusing(partner_center: PartnerCenterThread, in_review: Manner) -> None:
    """Say how a request is taken while one is in review."""
    script = CustomerScript(refusals=Refusals(in_review=in_review))
    partner_center.run(lambda state: state.script(script))


@pytest.mark.parametrize(
    ("then", "status"),
    [
        (Act.HANG, None),
        (Act.RESET, None),
        (ReplyName.REQUEST_TIMEOUT, 408),
        (ReplyName.INTERNAL_ERROR, 500),
        (ReplyName.GATEWAY_TIMEOUT, 504),
        (ReplyName.ACCEPTED_EMPTY, 202),
        (ReplyName.THROTTLED, 429),
    ],
)
@pytest.mark.parametrize("seconds", [90, 600, 3000])
def test_a_write_takes_effect_long_after_its_answer(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    then: Act | ReplyName,
    status: int | None,
    seconds: float,
) -> None:
    """Whatever the caller was told, looks show nothing until then, and the review afterwards."""
    late(partner_center, then, effect_after=seconds)
    if status is None:
        with pytest.raises(httpx.TransportError):
            user.post(qualifications, json=EDUCATION, timeout=SOON)
    else:
        answer = user.post(qualifications, json=EDUCATION)
        assert (answer.status_code, "InReview" in answer.text) == (status, False)
    partner_center.run(lambda state: state.advance(seconds - 5))
    assert user.get(qualifications).json() == []
    partner_center.run(lambda state: state.advance(5))
    assert [row["vettingStatus"] for row in user.get(qualifications).json()] == ["InReview"]


def test_an_accepted_write_shows_late(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """A look lags behind a 201, and rules do not: the second POST meets the review."""
    late(partner_center, Act.PROCEED, shows_after=60)
    assert user.post(qualifications, json=EDUCATION).json()["vettingStatus"] == "InReview"
    assert user.get(qualifications).json() == []
    assert user.post(qualifications, json=EDUCATION).status_code == 409
    partner_center.run(lambda state: state.advance(60))
    assert len(user.get(qualifications).json()) == 1


def test_an_old_row_shows_until_the_new_one_does(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """A denial stands in the looks while the next review runs already."""
    user.post(f"/_control/customers/{customer}/requests", json={"vetting": {"outcome": "denied", "after": 0}})
    late(partner_center, Act.PROCEED, shows_after=60)
    assert user.post(qualifications, json=EDUCATION).json()["vettingStatus"] == "InReview"
    assert [row["vettingStatus"] for row in user.get(qualifications).json()] == ["Denied"]


def test_the_second_is_refused_while_the_first_took_effect(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """A time-out, a refusal in words, and then the row of the first: one verification."""
    refusing(partner_center, Manner.INVALID)
    late(partner_center, ReplyName.GATEWAY_TIMEOUT, shows_after=600)
    assert user.post(qualifications, json=EDUCATION).status_code == 504
    second = user.post(qualifications, json=EDUCATION)
    assert (second.status_code, "in review" in second.json()["description"]) == (400, True)
    assert user.get(qualifications).json() == []
    partner_center.run(lambda state: state.advance(600))
    assert len(user.get(qualifications).json()) == 1
    assert spent(user, customer) == 1


def test_every_write_that_comes_before_the_effect_of_the_first_counts(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Nothing in the way of the second and third: all three verifications are spent, and a fourth is refused."""
    late(partner_center, ReplyName.GATEWAY_TIMEOUT, times=3, effect_after=250)
    assert [user.post(qualifications, json=EDUCATION).status_code for _ in range(3)] == [504] * 3
    assert spent(user, customer) == 3
    assert user.post(qualifications, json=EDUCATION).status_code == 400


def test_a_write_that_is_refused_takes_no_effect_later(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The rules are asked when it arrives, although the caller hears of a time-out."""
    late(partner_center, ReplyName.GATEWAY_TIMEOUT, effect_after=60)
    assert user.post(qualifications, json={"qualification": "Education"}).status_code == 504
    partner_center.run(lambda state: state.advance(60))
    assert user.get(qualifications).json() == []


def test_the_wait_after_a_429_can_be_a_date(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """It is told by Partner Center's own clock, like the answer's `Date`, however far off that is."""
    partner_center.run(lambda state: setattr(state.settings, "date_offset", -300))
    fault = Fault(operation=Operation.GET, then=ReplyName.SERVICE_UNAVAILABLE, retry_after=7200, retry_after_date=True)
    partner_center.run(lambda state: state.fault(fault))
    headers = app.get(qualifications).headers
    date, until = parsedate_to_datetime(headers["Date"]), parsedate_to_datetime(headers["Retry-After"])
    assert abs((until - date).total_seconds() - 7200) <= 1
    assert 240 < (datetime.now(UTC) - date).total_seconds() < 360


@pytest.mark.parametrize(
    "fault",
    [
        {"operation": "post", "late": {"effectAfter": 9}, "then": "badGateway"},
        {"operation": "get", "late": {"effectAfter": 9}, "then": "proceed"},
        {"operation": "post", "createsLost": 1, "then": "badGateway"},
        {"operation": "get", "look": {"nothing": True}},
        {"operation": "post", "look": {"nothing": True}, "then": "proceed"},
    ],
)
def test_a_fault_that_could_do_nothing_is_refused(anyone: httpx.Client, fault: dict[str, object]) -> None:
    """A late effect and a lost code need a POST that is taken, a wrong look a GET that is answered."""
    assert anyone.post("/_control/faults", json=fault).status_code == 422
