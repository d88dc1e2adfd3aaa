"""Customers that are gone, not related yet, or under review; and a proxy that answers in Partner Center's place."""

import httpx
import pytest

from sandbox.partner_center import CustomerScript, Fault, Operation, PartnerCenterThread, ReplyName
from sandbox.partner_center.standing import Calls, Refused

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


def refused(partner_center: PartnerCenterThread, *spans: Refused) -> None:
    """Give everybody these spans."""
    partner_center.run(lambda state: state.script(CustomerScript(refused=spans)))


def test_a_customer_is_not_related_yet(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """404 60003 at first, and then it is known."""
    refused(partner_center, Refused(ends=600))
    answer = user.get(qualifications)
    assert (answer.status_code, answer.json()["code"]) == (404, "60003")
    partner_center.run(lambda state: state.advance(599))
    assert user.post(qualifications, json=EDUCATION).status_code == 404
    partner_center.run(lambda state: state.advance(1))
    assert user.post(qualifications, json=EDUCATION).status_code == 201


@pytest.mark.parametrize(
    ("reply", "status", "code"),
    [
        (ReplyName.TENANT_NOT_FOUND, 404, "60003"),
        (ReplyName.NO_RELATIONSHIP, 403, "20002"),
        (ReplyName.INVALID_CUSTOMER, 400, "900118"),
        (ReplyName.INSUFFICIENT_PRIVILEGES, 403, "900308"),
    ],
)
def test_a_customer_goes_after_its_approval(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    reply: ReplyName,
    status: int,
    code: str,
) -> None:
    """Each of the documented refusals, for every call, for ever."""
    refused(partner_center, Refused(reply=reply, begins=600))
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(599))
    assert user.get(qualifications).json()[0]["vettingStatus"] == "Approved"
    partner_center.run(lambda state: state.advance(1))
    for call in (user.get(qualifications), user.post(qualifications, json=EDUCATION)):
        assert (call.status_code, call.json()["code"]) == (status, code)
    partner_center.run(lambda state: state.advance(2000))
    assert user.get(qualifications).status_code == status


@pytest.mark.parametrize(
    ("calls", "statuses"), [(Calls.ALL, (403, 403)), (Calls.READS, (403, 201)), (Calls.WRITES, (200, 403))]
)
def test_a_state_of_business_lasts_for_days(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    calls: Calls,
    statuses: tuple[int, int],
) -> None:
    """For writes, for reads, or for both."""
    refused(partner_center, Refused(reply=ReplyName.ACCOUNT_UNDER_REVIEW, ends=3 * 86400, calls=calls))
    answers = user.get(qualifications), user.post(qualifications, json=EDUCATION)
    assert tuple(answer.status_code for answer in answers) == statuses
    assert {answer.json()["code"] for answer in answers if answer.status_code == 403} == {"800073"}


@pytest.mark.parametrize(
    ("then", "status"),
    [
        (ReplyName.PROXY_PAGE, 200),
        (ReplyName.PROXY_FORBIDDEN, 403),
        (ReplyName.PROXY_NOT_FOUND, 404),
        (ReplyName.METHOD_NOT_ALLOWED, 405),
        (ReplyName.PROXY_SIGN_IN, 407),
        (ReplyName.BAD_GATEWAY, 502),
    ],
)
def test_a_proxy_answers_in_html(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, then: ReplyName, status: int
) -> None:
    """A page, and nothing took effect behind it."""
    partner_center.run(lambda state: state.fault(Fault(operation=Operation.POST, then=then)))
    answer = user.post(qualifications, json=EDUCATION)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/html")
    assert answer.text.startswith("<html>")
    assert ("Proxy-Authenticate" in answer.headers) is (status == 407)
    assert user.get(qualifications).json() == []
