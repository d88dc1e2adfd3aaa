"""PUT and GET of the synchronous resource, with the spellings of its page and of the retired SDKs."""

import httpx
import pytest

from sandbox.partner_center import CustomerScript, Outcome, PartnerCenterThread, Vetting, WireShape
from sandbox.partner_center.wire_shape import Spelling


@pytest.mark.parametrize("body", [1, "Education", "education", "EDUCATION"])
def test_education_is_set_at_once_by_integer_or_name(
    user: httpx.Client, qualification: str, qualifications: str, body: object
) -> None:
    """The answer is a bare JSON string, and there is no vetting."""
    answer = user.put(qualification, json=body)
    assert (answer.status_code, answer.json()) == (200, "education")
    assert [row["vettingStatus"] for row in user.get(qualifications).json()] == ["Approved"]


@pytest.mark.parametrize(
    "body", [3, "GovernmentCommunityCloud", "government_community_cloud", "governmentcommunitycloud"]
)
def test_gcc_takes_its_code_from_the_query(user: httpx.Client, qualification: str, body: object) -> None:
    """Without a code it is refused, with one it consumes it."""
    assert user.put(qualification, json=body).status_code == 400
    assert user.put(qualification, json=body, params={"code": "123456"}).json() == "governmentcommunitycloud"
    assert [code["remainingCreates"] for code in user.get("/v1/customers/all/validations").json()] == [19]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (0, "800002"),
        ("none", "800002"),
        (2, "800002"),
        (4, "800002"),
        (5, "900126"),
        (-1, "900126"),
        ("school", "900126"),
        (True, "900126"),
        (None, "900126"),
        ({"qualification": "Education"}, "900126"),
    ],
)
def test_other_bodies_are_refused(
    user: httpx.Client, qualification: str, customer: str, partner_center: PartnerCenterThread, body: object, code: str
) -> None:
    """None, Nonprofit and StateOwnedEntity can not be set here; anything else is no qualification."""
    answer = user.put(qualification, json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert partner_center.run(lambda state: state.books.effective_puts(customer)) == 0


def test_a_denied_customer_answers_a_bare_text(
    user: httpx.Client, qualification: str, partner_center: PartnerCenterThread, customer: str
) -> None:
    """The refusal that was seen in the field is a JSON string, not an object."""
    denied = CustomerScript(education=Vetting(outcome=Outcome.DENIED))
    partner_center.run(lambda state: state.script(denied, customer))
    answer = user.put(qualification, json="education")
    assert (answer.status_code, answer.json()) == (400, "Customer tagging denied.")


def test_reading_shows_what_was_granted(
    app: httpx.Client, user: httpx.Client, qualification: str, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """`none` until a vetting has ended well."""
    assert app.get(qualification).json() == "none"
    user.post(qualifications, json={"qualification": "Education", "educationSegment": "K12"})
    assert app.get(qualification).json() == "none"
    partner_center.run(lambda state: state.advance(2))
    assert app.get(qualification).json() == "education"


@pytest.mark.parametrize(
    ("spelling", "name"),
    [
        (Spelling.LOWER, "governmentcommunitycloud"),
        (Spelling.SNAKE, "government_community_cloud"),
        (Spelling.PASCAL, "GovernmentCommunityCloud"),
    ],
)
def test_the_spelling_of_the_answer_can_be_scripted(
    user: httpx.Client, qualification: str, partner_center: PartnerCenterThread, spelling: Spelling, name: str
) -> None:
    """The page and the SDKs disagree, so each of them can be had."""
    partner_center.run(lambda state: state.script(CustomerScript(shape=WireShape(spelling=spelling))))
    assert user.put(qualification, json=3, params={"code": "123456"}).json() == name


def test_a_put_while_in_review_conflicts(user: httpx.Client, qualification: str, qualifications: str) -> None:
    """The rules of the POST hold for the PUT."""
    user.post(qualifications, json={"qualification": "Education", "educationSegment": "K12"})
    assert user.put(qualification, json=1).status_code == 409
    assert user.put(qualification, json=3, params={"code": "123456"}).status_code == 400
