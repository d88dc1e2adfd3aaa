"""The odd shapes in which qualifications have been seen."""

import re

import httpx
import pytest

from sandbox.partner_center import CustomerScript, PartnerCenterThread, WireShape
from sandbox.partner_center.letter_case import LetterCase
from sandbox.partner_center.wire_shape import DateField, DateFormat, EmptyShape, ListShape, PostShape

EDUCATION = {"qualification": "Education", "educationSegment": "K12"}


def shaped(partner_center: PartnerCenterThread, shape: WireShape) -> None:
    """Give everybody this shape."""
    partner_center.run(lambda state: state.script(CustomerScript(shape=shape)))


@pytest.mark.parametrize(
    ("empty", "body"),
    [
        (EmptyShape.EMPTY, []),
        (EmptyShape.NULL, None),
        (EmptyShape.NONE_ROW, [{"qualification": "None"}]),
    ],
)
def test_an_unqualified_customer_shows_as_scripted(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, empty: EmptyShape, body: object
) -> None:
    """An empty array by default, or null, or a row that says None."""
    shaped(partner_center, WireShape(empty=empty))
    answer = app.get(qualifications)
    assert (answer.status_code, answer.json()) == (200, body)


def test_the_rows_can_be_wrapped(app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread) -> None:
    """As the Swagger file has it, with or without rows."""
    shaped(partner_center, WireShape(rows=ListShape.WRAPPED))
    assert app.get(qualifications).json() == {"qualifications": []}


def test_the_answer_to_a_post_can_be_wrapped(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """200 with the Swagger file's object in place of 201 with one row."""
    shaped(partner_center, WireShape(post=PostShape.WRAPPED))
    answer = user.post(qualifications, json=EDUCATION)
    assert answer.status_code == 200
    assert [row["vettingStatus"] for row in answer.json()["qualifications"]] == ["InReview"]


@pytest.mark.parametrize(
    ("date_format", "pattern"),
    [
        (DateFormat.SECONDS, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"),
        (DateFormat.MILLISECONDS, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"),
        (DateFormat.SEVEN_DIGITS, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00"),
        (DateFormat.AMERICAN, r"\d\d/\d\d/\d{4}: \d\d:\d\d:\d\d"),
    ],
)
def test_dates_come_in_each_of_the_formats_seen(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    date_format: DateFormat,
    pattern: str,
) -> None:
    """Under either spelling of the field."""
    shaped(partner_center, WireShape(date_format=date_format, date_field=DateField.CREATED))
    row = user.post(qualifications, json=EDUCATION).json()
    assert re.fullmatch(pattern, row["vettingCreatedDate"])
    assert "vettingCreateDate" not in row


def test_dates_can_be_left_out(user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread) -> None:
    """As in the documented example of an approved customer."""
    shaped(partner_center, WireShape(date_field=DateField.OMITTED))
    assert set(user.post(qualifications, json=EDUCATION).json()) == {"qualification", "vettingStatus"}


@pytest.mark.parametrize(("empty", "status"), [(EmptyShape.NO_BODY, 200), (EmptyShape.NO_CONTENT, 204)])
def test_an_unqualified_customer_can_show_nothing_at_all(
    app: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, empty: EmptyShape, status: int
) -> None:
    """A body of no length, with or without the status that says so."""
    shaped(partner_center, WireShape(empty=empty))
    answer = app.get(qualifications)
    assert (answer.status_code, answer.content) == (status, b"")


def test_collections_can_come_as_items(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """As Partner Center's other collections do; the validation codes too."""
    shaped(partner_center, WireShape(rows=ListShape.ITEMS, post=PostShape.ITEMS))
    posted = user.post(qualifications, json=EDUCATION)
    assert (posted.status_code, posted.json()["totalCount"]) == (201, 1)
    assert user.get(qualifications).json()["items"] == posted.json()["items"]
    assert user.get("/v1/customers/all/validations").json()["items"][0]["validationId"] == "123456"


@pytest.mark.parametrize(("post", "status"), [(PostShape.ACCEPTED, 202), (PostShape.NO_CONTENT, 204)])
def test_a_post_can_be_accepted_without_a_word(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread, post: PostShape, status: int
) -> None:
    """It took effect all the same."""
    shaped(partner_center, WireShape(post=post))
    answer = user.post(qualifications, json=EDUCATION)
    assert (answer.status_code, answer.content) == (status, b"")
    assert [row["vettingStatus"] for row in user.get(qualifications).json()] == ["InReview"]


@pytest.mark.parametrize(
    ("letter_case", "names"),
    [
        (LetterCase.PASCAL, ["Qualification", "VettingStatus", "VettingCreateDate"]),
        (LetterCase.MIXED, ["qualification", "VettingStatus", "vettingCreateDate"]),
    ],
)
def test_members_come_in_other_letter_cases(
    user: httpx.Client,
    qualifications: str,
    partner_center: PartnerCenterThread,
    letter_case: LetterCase,
    names: list[str],
) -> None:
    """On POST and GET, and in the validation codes."""
    shaped(partner_center, WireShape(letter_case=letter_case))
    assert list(user.post(qualifications, json=EDUCATION).json()) == names
    assert list(user.get(qualifications).json()[0]) == names
    assert list(user.get("/v1/customers/all/validations").json()[0])[1] == "OrganizationName"


def test_a_byte_order_mark_comes_before_every_body(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """And none before a body that is not there."""
    shaped(partner_center, WireShape(bom=True, empty=EmptyShape.NO_BODY))
    assert user.get(qualifications).content == b""
    assert user.post(qualifications, json=EDUCATION).content.startswith(b"\xef\xbb\xbf{")
    assert user.get(qualifications).content.startswith(b"\xef\xbb\xbf[")


def test_a_sign_in_can_have_one_too(
    anyone: httpx.Client, token_path: str, credentials: dict[str, str], partner_center: PartnerCenterThread
) -> None:
    """A token, and a refusal of one."""
    partner_center.run(lambda state: setattr(state.settings, "sign_in_bom", True))
    for grant in ("client_credentials", "password"):
        answer = anyone.post(token_path, data=credentials | {"grant_type": grant})
        assert answer.content.startswith(b"\xef\xbb\xbf{")


def test_dates_can_be_by_the_day_alone(
    user: httpx.Client, qualifications: str, partner_center: PartnerCenterThread
) -> None:
    """As in the change log that shows PascalCase: two reviews of one day have the same date."""
    shaped(partner_center, WireShape(date_format=DateFormat.AMERICAN_DAY))
    assert re.fullmatch(
        r"\d\d/\d\d/\d{4}: 00:00:00", user.post(qualifications, json=EDUCATION).json()["vettingCreateDate"]
    )
