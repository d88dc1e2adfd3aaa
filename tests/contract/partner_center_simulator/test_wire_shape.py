"""The odd shapes in which qualifications have been seen."""

import re

import httpx
import pytest

from sandbox.partner_center import CustomerScript, PartnerCenterThread, WireShape
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
