"""Scripted mishaps: whom they befall, how often, and what the caller sees."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from sandbox.partner_center import Act, Fault, Moment, Operation, PartnerCenterThread, Reply, ReplyName

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}
SOON = httpx.Timeout(0.2)


def script(partner_center: PartnerCenterThread, *faults: Fault) -> None:
    """Put faults in force."""
    partner_center.run(lambda state: [state.fault(fault) for fault in faults])


def test_throttling_tells_how_long_to_wait(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The gateway's body and `Retry-After`."""
    script(partner_center, Fault(operation=Operation.GET, then=ReplyName.THROTTLED, retry_after=57))
    answer = app.get(qualifications)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "57")
    assert answer.json()["statusCode"] == 429


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        (ReplyName.REQUEST_TIMEOUT, 408, ""),
        (ReplyName.INTERNAL_ERROR, 500, '"code": "800003"'),
        (ReplyName.INTERNAL_ERROR_TEXT, 500, '"An unexpected error occurred."'),
        (ReplyName.BAD_GATEWAY, 502, "<html>"),
        (ReplyName.SERVICE_UNAVAILABLE, 503, '"code": "900192"'),
        (ReplyName.GATEWAY_TIMEOUT, 504, ""),
        (ReplyName.NOT_RETRYABLE, 500, '"isRetryable": false'),
        (ReplyName.TAGGING_DENIED, 400, '"Customer tagging denied."'),
        (ReplyName.MFA_REQUIRED, 401, '"code": "900421"'),
        (ReplyName.AUTHORIZATION_FAILED, 403, '"code": 1002'),
        (ReplyName.NO_RELATIONSHIP, 403, '"code": "20002"'),
        (ReplyName.INSUFFICIENT_PRIVILEGES, 403, '"code": "900308"'),
        (ReplyName.CONFLICT, 409, '"code": "409"'),
        (ReplyName.REDIRECT, 302, ""),
    ],
)
def test_each_named_reply_has_the_body_that_was_seen(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    name: ReplyName,
    status: int,
    body: str,
) -> None:
    """Objects with a text or a number as code, bare strings, HTML, and nothing at all; none takes effect."""
    script(partner_center, Fault(operation=Operation.POST, then=name))
    answer = user.post(qualifications, json=EDUCATION)
    assert answer.status_code == status
    assert body in answer.text
    assert bool(body) == bool(answer.text)
    assert answer.headers["MS-CorrelationId"]
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == 0


def test_any_reply_can_be_scripted(app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread) -> None:
    """Status, body and headers."""
    reply = Reply(status=418, document={"code": 7}, headers={"X-Odd": "yes"})
    script(partner_center, Fault(then=reply))
    answer = app.get(qualifications)
    assert (answer.status_code, answer.json(), answer.headers["X-Odd"]) == (418, {"code": 7}, "yes")


def test_a_fault_befalls_its_operation_and_customer_only(
    app: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Other customers and other operations go on."""
    script(partner_center, Fault(operation=Operation.GET, customer=customer))
    assert app.get(qualifications).status_code == 503
    assert app.get(f"/v1/customers/{uuid4()}/qualifications").status_code == 200
    assert app.get(f"/v1/customers/{customer}/qualification").status_code == 200


def test_a_fault_with_a_count_uses_it_up(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Two calls fail, the third is served."""
    script(partner_center, Fault(operation=Operation.GET, times=2))
    assert [app.get(qualifications).status_code for _ in range(3)] == [503, 503, 200]
    assert partner_center.run(lambda state: state.faults.in_force()) == {}


def test_faults_of_the_same_scope_come_one_after_the_other(
    app: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """In the order they were scripted, a customer's own before everybody's."""
    script(
        partner_center,
        Fault(then=ReplyName.CONFLICT, times=1),
        Fault(customer=customer, then=ReplyName.THROTTLED, times=1),
        Fault(customer=customer, then=ReplyName.BAD_GATEWAY, times=1),
    )
    assert [app.get(qualifications).status_code for _ in range(4)] == [429, 502, 409, 200]


def test_the_token_endpoint_can_fail_too(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """Sign-in has faults of its own."""
    script(partner_center, Fault(operation=Operation.TOKEN, times=1, then=ReplyName.BAD_GATEWAY))
    form = credentials | {"grant_type": "client_credentials"}
    assert [anyone.post(token_path, data=form).status_code for _ in range(2)] == [502, 200]


@pytest.mark.parametrize(("moment", "effects"), [(Moment.BEFORE, 0), (Moment.AFTER, 1)])
@pytest.mark.parametrize(("act", "failure"), [(Act.HANG, httpx.ReadTimeout), (Act.RESET, httpx.ReadError)])
def test_a_call_without_an_answer_may_have_taken_effect_or_not(  # noqa: PLR0913, PLR0917  one column a parameter
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    moment: Moment,
    effects: int,
    act: Act,
    failure: type[httpx.TransportError],
) -> None:
    """A time-out and a reset connection, before and after the effect: the caller can not tell them apart."""
    script(partner_center, Fault(operation=Operation.POST, moment=moment, then=act, times=1))
    with pytest.raises(failure):
        user.post(qualifications, json=EDUCATION, timeout=SOON)
    assert len(user.get(qualifications).json()) == effects
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == effects
    assert partner_center.run(lambda state: state.books.posts(customer)) == 1


@pytest.mark.parametrize("fault", [Fault(then=Act.HANG), Fault(then=Act.PROCEED, delay=3600)])
def test_a_reset_ends_the_wait(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread, fault: Fault
) -> None:
    """A call that waits gets its connection reset, takes no effect, and is not counted as open in the new books."""
    script(partner_center, fault)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(user.post, qualifications, json=EDUCATION)
        deadline = time.monotonic() + 30
        while not partner_center.run(lambda state: state.books.api.now):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        partner_center.reset()
        with pytest.raises(httpx.TransportError):
            call.result(30)
    assert partner_center.run(lambda state: (state.books.api.now, state.books.api.peak)) == (0, 0)
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == 0


def test_an_answer_can_be_an_error_although_the_call_took_effect(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """A gateway time-out in front of a service that did its work."""
    gateway = Fault(operation=Operation.POST, moment=Moment.AFTER, then=ReplyName.GATEWAY_TIMEOUT, times=1)
    script(partner_center, gateway)
    assert user.post(qualifications, json=EDUCATION).status_code == 504
    assert [row["vettingStatus"] for row in user.get(qualifications).json()] == ["InReview"]


def test_a_call_can_take_effect_after_its_caller_gave_up_and_looked(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The worst of all: a look shows nothing, and the effect comes later."""
    script(partner_center, Fault(operation=Operation.POST, delay=0.6, then=Act.PROCEED, times=1))
    with pytest.raises(httpx.ReadTimeout):
        user.post(qualifications, json=EDUCATION, timeout=SOON)
    assert user.get(qualifications).json() == []
    deadline = time.monotonic() + 30
    while not user.get(qualifications).json():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_late_answer_without_effect(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """An error after some seconds, for which nothing was done."""
    script(partner_center, Fault(operation=Operation.POST, delay=0.1, then=ReplyName.REQUEST_TIMEOUT))
    before = time.monotonic()
    assert user.post(qualifications, json=EDUCATION).status_code == 408
    assert time.monotonic() - before >= 0.1
    assert user.get(qualifications).json() == []


def test_an_outage_befalls_everything_and_uses_no_fault_up(
    app: httpx.Client,
    qualifications: str,
    token_path: str,
    credentials: dict[str, str],
    partner_center: PartnerCenterThread,
) -> None:
    """API and sign-in answer 503 until it is over."""
    script(partner_center, Fault(operation=Operation.GET, then=ReplyName.CONFLICT, times=1))
    partner_center.run(lambda state: setattr(state.settings, "outage", True))
    form = credentials | {"grant_type": "client_credentials"}
    assert app.get(qualifications).status_code == 503
    assert app.post(token_path, data=form).status_code == 503
    partner_center.run(lambda state: setattr(state.settings, "outage", False))
    assert [app.get(qualifications).status_code for _ in range(2)] == [409, 200]


def test_a_redirect_leads_to_where_the_books_would_show_it(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """A client that follows it carries its token to another address."""
    script(partner_center, Fault(operation=Operation.GET, then=ReplyName.REDIRECT))
    assert app.get(qualifications, follow_redirects=True).status_code == 404
    (call,) = partner_center.run(lambda state: state.books.calls(Operation.OTHER))
    assert (call.path, call.caller) == ("/elsewhere", "appOnly")
