"""What the books tell, and what a repeated MS-RequestId does."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from sandbox.partner_center import Caller, CustomerScript, Fault, Moment, Operation, PartnerCenterThread, ReplyName
from sandbox.partner_center.replay import Replay, Replayed

STATE_OWNED = {"qualification": "StateOwnedEntity"}


def replays(partner_center: PartnerCenterThread, which: Replayed) -> None:
    """Let everybody's writes be taken once by their MS-RequestId."""
    partner_center.run(lambda state: state.script(CustomerScript(replay=Replay(which=which))))


def test_a_call_is_entered_with_everything_that_tells_it_from_others(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """Method, path, customer, ids, caller, body, status and effect."""
    ids = {"MS-RequestId": str(uuid4()), "MS-CorrelationId": str(uuid4())}
    user.post(qualifications, json=STATE_OWNED, headers=ids)
    (call,) = partner_center.run(lambda state: state.books.calls(customer=customer))
    assert (call.operation, call.method, call.path) == (Operation.POST, "POST", qualifications)
    assert (call.request_id, call.correlation_id) == tuple(ids.values())
    assert (call.caller, call.status, call.effect) == (Caller.APP_USER, 201, True)
    assert b"StateOwnedEntity" in call.body


def test_calls_that_fail_are_entered_too(
    app: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """A refusal and a mishap are calls without effect."""
    app.post(qualifications, json=STATE_OWNED)
    partner_center.run(lambda state: state.fault(Fault(then=ReplyName.THROTTLED)))
    app.get(qualifications)
    calls = partner_center.run(lambda state: state.books.calls(customer=customer))
    assert [(call.status, call.effect, call.caller) for call in calls] == [
        (403, False, Caller.APP_ONLY),
        (429, False, Caller.APP_ONLY),
    ]


def test_a_sign_ins_body_is_not_kept(app: httpx.Client, partner_center: PartnerCenterThread) -> None:
    """It is all secrets; the client that this test asked for has signed in already."""
    assert app.headers["Authorization"]
    (call,) = partner_center.run(lambda state: state.books.calls(Operation.TOKEN))
    assert (call.status, call.body) == (200, b"")


@pytest.mark.parametrize(("which", "effects"), [(Replayed.NOTHING, 2), (Replayed.ACCEPTED, 1), (Replayed.ANSWERS, 1)])
def test_a_repeated_request_id_is_replayed_if_so_set(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    which: Replayed,
    effects: int,
) -> None:
    """Off by default, because Microsoft does not say; the effects are counted either way."""
    replays(partner_center, which)
    same = {"MS-RequestId": str(uuid4())}
    answers = [user.post(qualifications, json=STATE_OWNED, headers=same) for _ in range(2)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(201, STATE_OWNED)] * 2
    books = partner_center.run(lambda state: state.books)
    assert books.posts(customer) == 2
    assert books.effective_posts(customer) == effects
    assert books.effective_by_request_id() == {same["MS-RequestId"]: effects}
    assert books.effective_by_customer() == {customer: effects}


def test_a_replay_needs_the_same_customer(user: httpx.Client, partner_center: PartnerCenterThread) -> None:
    """The same MS-RequestId for two customers takes effect for both."""
    replays(partner_center, Replayed.ANSWERS)
    same = {"MS-RequestId": str(uuid4())}
    for customer in (uuid4(), uuid4()):
        user.post(f"/v1/customers/{customer}/qualifications", json=STATE_OWNED, headers=same)
    assert partner_center.run(lambda state: state.books.effective_by_request_id()) == {same["MS-RequestId"]: 2}


def test_a_refused_caller_is_not_replayed(
    app: httpx.Client, user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The same MS-RequestId may come again with a better token."""
    replays(partner_center, Replayed.ANSWERS)
    same = {"MS-RequestId": str(uuid4())}
    statuses = [client.post(qualifications, json=STATE_OWNED, headers=same).status_code for client in (app, user)]
    assert statuses == [403, 201]


def test_the_answer_that_never_arrived_is_replayed(
    user: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """A repeat after a lost answer gets the answer that was lost."""
    replays(partner_center, Replayed.ANSWERS)
    lost = Fault(operation=Operation.POST, moment=Moment.AFTER, then=ReplyName.GATEWAY_TIMEOUT, times=1)
    partner_center.run(lambda state: state.fault(lost))
    same = {"MS-RequestId": str(uuid4())}
    education = {"qualification": "Education", "educationSegment": "K12"}
    statuses = [user.post(qualifications, json=education, headers=same).status_code for _ in range(2)]
    assert statuses == [504, 201]
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == 1


def test_the_peak_tells_how_many_calls_were_open_at_once(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Four callers that wait for slow answers at the same time, and never more."""
    partner_center.run(lambda state: setattr(state.settings, "latency", 0.3))
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: app.get(qualifications).status_code, range(4)))
    assert answers == [200] * 4
    assert partner_center.run(lambda state: (state.books.api.now, state.books.api.peak)) == (0, 4)
    assert partner_center.run(lambda state: state.books.sign_in.peak) == 1
