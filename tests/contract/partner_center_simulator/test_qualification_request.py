"""POST qualifications: what is accepted, and how a wrong request is refused."""

import httpx
import pytest

from sandbox.partner_center import PartnerCenterThread, ValidationCode

EDUCATION = {"qualification": "Education", "educationSegment": "K12", "website": "contoso.edu"}
GOVERNMENT = {"qualification": "GovernmentCommunityCloud", "validationCode": "123456"}
STATE_OWNED = {"qualification": "StateOwnedEntity"}


def test_education_goes_into_review(user: httpx.Client, qualifications: str) -> None:
    """An Education request answers 201 with one object, and a GET shows it in a bare array."""
    answer = user.post(qualifications, json=EDUCATION)
    row = answer.json()
    assert answer.status_code == 201
    assert (row["qualification"], row["vettingStatus"]) == ("Education", "InReview")
    assert user.get(qualifications).json() == [row]


def test_state_owned_entity_has_no_vetting_status(user: httpx.Client, qualifications: str) -> None:
    """A StateOwnedEntity row says nothing of a vetting."""
    assert user.post(qualifications, json=STATE_OWNED).json() == STATE_OWNED
    assert user.get(qualifications).json() == [STATE_OWNED]


def test_gcc_is_approved_at_once_and_consumes_a_code(user: httpx.Client, qualifications: str) -> None:
    """GCC comes back Approved, and the code has one use less."""
    assert user.post(qualifications, json=GOVERNMENT).json()["vettingStatus"] == "Approved"
    assert [code["remainingCreates"] for code in user.get("/v1/customers/all/validations").json()] == [19]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "800002"),
        (b"{", "800002"),
        (b"[]", "800002"),
        (b"{}", "3000"),
        (b'{"qualification":1}', "3000"),
        (b'{"qualification":"Kindergarten"}', "900126"),
        (b'{"qualification":"education","educationSegment":"K12"}', "900126"),
        (b'{"qualification":"None"}', "800002"),
        (b'{"qualification":"Nonprofit"}', "800002"),
        (b'{"qualification":"Education"}', "3000"),
        (b'{"qualification":"Education","educationSegment":null}', "3000"),
        (b'{"qualification":"Education","educationSegment":"Library"}', "900126"),
        (b'{"qualification":"Education","educationSegment":"K12","website":5}', "3000"),
        (b'{"qualification":"GovernmentCommunityCloud"}', "800002"),
        (b'{"qualification":"GovernmentCommunityCloud","validationCode":"654321"}', "800002"),
    ],
)
def test_a_wrong_body_is_refused_with_its_code_and_takes_no_effect(
    user: httpx.Client,
    qualifications: str,
    customer: str,
    partner_center: PartnerCenterThread,
    body: bytes,
    code: str,
) -> None:
    """Each fault has the documented code, or the general one where none is documented."""
    answer = user.post(qualifications, content=body, headers={"Content-Type": "application/json"})
    document = answer.json()
    assert (answer.status_code, document["code"]) == (400, code)
    assert set(document) == {"code", "description", "data", "source"}
    assert partner_center.run(lambda state: state.books.effective_posts(customer)) == 0
    assert user.get(qualifications).json() == []


def test_a_used_up_code_is_refused(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """A code without creates left is refused, and without a number there is no limit."""
    codes = [
        ValidationCode(validation_id="used", max_creates=1, remaining_creates=0),
        ValidationCode(validation_id="free"),
    ]
    partner_center.run(lambda state: state.set_codes(codes))
    answer = user.post(qualifications, json=GOVERNMENT | {"validationCode": "used"})
    assert (answer.status_code, "used up" in answer.json()["description"]) == (400, True)
    assert user.post(qualifications, json=GOVERNMENT | {"validationCode": "free"}).status_code == 201


@pytest.mark.parametrize(("first", "second"), [(EDUCATION, GOVERNMENT), (GOVERNMENT, EDUCATION)])
def test_gcc_and_education_exclude_each_other(
    user: httpx.Client, qualifications: str, first: dict[str, str], second: dict[str, str]
) -> None:
    """Whichever comes second is refused."""
    assert user.post(qualifications, json=first).status_code == 201
    answer = user.post(qualifications, json=second)
    assert (answer.status_code, "combined" in answer.json()["description"]) == (400, True)


@pytest.mark.parametrize("first", [EDUCATION, GOVERNMENT])
def test_state_owned_entity_goes_beside_either(user: httpx.Client, qualifications: str, first: dict[str, str]) -> None:
    """A customer may hold StateOwnedEntity and one of the others."""
    user.post(qualifications, json=first)
    assert user.post(qualifications, json=STATE_OWNED).status_code == 201
    names = [row["qualification"] for row in user.get(qualifications).json()]
    assert names == [first["qualification"], "StateOwnedEntity"]


def test_a_request_while_one_is_in_review_conflicts(user: httpx.Client, qualifications: str, customer: str) -> None:
    """The second of two Education requests answers 409 and does not count as a verification."""
    user.post(qualifications, json=EDUCATION)
    assert user.post(qualifications, json=EDUCATION).status_code == 409
    assert user.get(f"/_control/customers/{customer}").json()["educationRequests"] == 1


def test_a_second_gcc_request_conflicts_and_consumes_no_code(user: httpx.Client, qualifications: str) -> None:
    """GCC is for customers that do not hold it yet."""
    user.post(qualifications, json=GOVERNMENT)
    assert user.post(qualifications, json=GOVERNMENT).status_code == 409
    assert [code["remainingCreates"] for code in user.get("/v1/customers/all/validations").json()] == [19]


def test_a_fourth_education_request_is_refused(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """Education is verified three times for a customer, and never again."""
    for _ in range(3):
        assert user.post(qualifications, json=EDUCATION).status_code == 201
        partner_center.run(lambda state: state.advance(2))
    answer = user.post(qualifications, json=EDUCATION)
    assert (answer.status_code, "requested 3 times" in answer.json()["description"]) == (400, True)
