"""How requests are taken that a rule forbids: each a scripted choice, because Microsoft does not say."""

from collections.abc import Mapping

import httpx
import pytest

from sandbox.partner_center import CustomerScript, PartnerCenterThread, ValidationCode
from sandbox.partner_center.refusals import Manner, Refusals
from sandbox.partner_center.replay import Replay, Replayed

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}
GOVERNMENT = {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"}
ANSWERS = {Manner.PASSES: 201, Manner.SAME: 201, Manner.CONFLICT: 409, Manner.INVALID: 400, Manner.TAGGING_DENIED: 400}


def answers(
    client: httpx.Client, path: str, partner_center: PartnerCenterThread, rule: str, manner: Manner
) -> list[int]:
    """Script a rule, break it, and return the statuses of all requests."""
    partner_center.run(lambda state: state.script(CustomerScript(refusals=Refusals(**{rule: manner}))))
    none_left = [ValidationCode(validation_id="123456", remaining_creates=0)]
    if rule == "code_used_up":
        partner_center.run(lambda state: state.set_codes(none_left))
    bodies: Mapping[str, list[dict[str, str]]] = {
        "in_review": [EDUCATION, EDUCATION],
        "government_approved": [GOVERNMENT, GOVERNMENT],
        "combination": [EDUCATION, GOVERNMENT],
        "code_missing": [{"qualification": "GovernmentCommunityCloud"}],
        "code_unknown": [GOVERNMENT | {"validationCode": "654321"}],
        "code_used_up": [GOVERNMENT],
    }
    return [client.post(path, json=body).status_code for body in bodies[rule]]


@pytest.mark.parametrize("manner", Manner)
@pytest.mark.parametrize(
    "rule", ["in_review", "government_approved", "combination", "code_missing", "code_unknown", "code_used_up"]
)
def test_each_rule_is_held_in_the_scripted_manner(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, rule: str, manner: Manner
) -> None:
    """The last request is accepted, ignored, or refused in one of three ways."""
    statuses = answers(user, qualifications, partner_center, rule, manner)
    assert statuses == [201] * (len(statuses) - 1) + [ANSWERS[manner]]


@pytest.mark.parametrize(
    ("manner", "spent"),
    [(Manner.PASSES, 2), (Manner.SAME, 1), (Manner.CONFLICT, 1), (Manner.INVALID, 1), (Manner.TAGGING_DENIED, 1)],
)
def test_a_second_request_while_in_review_costs_a_verification_only_if_it_passes(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    manner: Manner,
    spent: int,
) -> None:
    """`passes` begins a second review; `same` is answered with the first one."""
    answers(user, qualifications, partner_center, "in_review", manner)
    assert user.get(f"/_control/customers/{customer}").json()["educationRequests"] == spent
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == spent


@pytest.mark.parametrize(("manner", "status", "spent"), [(Manner.PASSES, 201, 2), (Manner.CONFLICT, 409, 1)])
def test_what_is_approved_is_asked_for_again_in_the_scripted_manner(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    manner: Manner,
    status: int,
    spent: int,
) -> None:
    """It passes and costs a verification, unless scripted otherwise."""
    partner_center.run(lambda state: state.script(CustomerScript(refusals=Refusals(approved=manner))))
    user.post(qualifications, json=EDUCATION)
    partner_center.run(lambda state: state.advance(2))
    assert user.post(qualifications, json=EDUCATION).status_code == status
    assert user.get(f"/_control/customers/{customer}").json()["educationRequests"] == spent


def test_a_fourth_verification_can_pass(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The page limits the requests, and says nothing of the answer to the fourth."""
    script = CustomerScript(education_requests=3, refusals=Refusals(spent=Manner.PASSES))
    partner_center.run(lambda state: state.script(script))
    assert user.post(qualifications, json=EDUCATION).status_code == 201


def test_a_refusal_is_replayed_by_its_id_if_so_scripted(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Right data under the old MS-RequestId meet the old refusal until its time is over; a new id is served."""
    replay = CustomerScript(replay=Replay(which=Replayed.ANSWERS, seconds=1800))
    partner_center.run(lambda state: state.script(replay))
    same = {"MS-RequestId": "one"}
    assert user.post(qualifications, json={"qualification": "Education"}, headers=same).status_code == 400
    assert user.post(qualifications, json=EDUCATION, headers=same).status_code == 400
    partner_center.run(lambda state: state.advance(1800))
    assert user.post(qualifications, json=EDUCATION, headers=same).status_code == 201


def test_a_scripted_refusal_is_replayed_too_and_a_proxys_page_is_not(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Only Partner Center's own words settle a request."""
    partner_center.run(lambda state: state.script(CustomerScript(replay=Replay(which=Replayed.ANSWERS))))
    for then in ("proxyNotFound", "throttled", "taggingDenied"):
        user.post("/_control/faults", json={"operation": "post", "then": then, "times": 1})
    same = {"MS-RequestId": "one"}
    statuses = [user.post(qualifications, json=EDUCATION, headers=same).status_code for _ in range(4)]
    assert statuses == [404, 429, 400, 400]


def test_refusals_are_not_replayed_where_only_successes_are(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """The same id succeeds once its data are right."""
    partner_center.run(lambda state: state.script(CustomerScript(replay=Replay(which=Replayed.ACCEPTED))))
    same = {"MS-RequestId": "one"}
    assert user.post(qualifications, json={"qualification": "Education"}, headers=same).status_code == 400
    assert user.post(qualifications, json=EDUCATION, headers=same).status_code == 201
