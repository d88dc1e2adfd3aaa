"""The bodies of the qualification API, in every shape that its pages and SDKs have shown."""

import json
import logging
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from qualification.domain.look import CustomerQualification, Word
from qualification.domain.request import Qualification
from qualification.partner_center import wire

IN_REVIEW = CustomerQualification(
    qualification="Education", vetting_status="InReview", vetting_created="2020-12-04T20:54:24Z"
)
IN_REVIEW_ROW: dict[str, JsonValue] = {
    "qualification": "Education",
    "vettingStatus": "InReview",
    "vettingCreateDate": "2020-12-04T20:54:24Z",
}


def encoded(value: JsonValue) -> bytes:
    """`value` as it goes over the wire."""
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    "body",
    [
        [IN_REVIEW_ROW],
        {"qualifications": [IN_REVIEW_ROW]},
        IN_REVIEW_ROW,
        [{**IN_REVIEW_ROW, "vettingLastUpdateDate": "x", "attributes": {"objectType": "y"}}],
        [{"qualification": "Education", "vettingStatus": "InReview", "vettingCreatedDate": "2020-12-04T20:54:24Z"}],
        [{**IN_REVIEW_ROW, "qualification": "education"}],
        [{**IN_REVIEW_ROW, "qualification": 1}],
        [{"qualification": "None"}, IN_REVIEW_ROW],
        {"totalCount": 1, "items": [IN_REVIEW_ROW], "links": {"self": {"uri": "/x"}}},
        {"TotalCount": 1, "Items": [IN_REVIEW_ROW]},
        {"Qualifications": [IN_REVIEW_ROW]},
        {"value": [IN_REVIEW_ROW]},
        {"Qualification": "Education", "VettingStatus": "InReview", "VettingCreatedDate": "2020-12-04T20:54:24Z"},
        [{"qualification": "Education", "VettingStatus": "InReview", "VETTINGCREATEDATE": "2020-12-04T20:54:24Z"}],
    ],
)
def test_every_shape_of_an_answer_reads_the_same(body: JsonValue) -> None:
    """An array, a wrapped array, one object, both spellings of the date, unknown fields, any case, a BOM."""
    for bom in (b"", b"\xef\xbb\xbf"):
        assert wire.read_qualifications(bom + encoded(body)) == [IN_REVIEW]
        assert wire.read_created(bom + encoded(body), Qualification.EDUCATION) == IN_REVIEW


def test_names_in_two_cases_at_once_are_read() -> None:
    """A denial whose status is spelled VettingStatus is no grant."""
    body: JsonValue = [
        {"qualification": "Education", "VettingStatus": "Denied", "VettingReason": "Not an education customer"}
    ]
    (row,) = wire.read_qualifications(encoded(body))
    assert (row.vetting_status, row.vetting_reason) == ("Denied", "Not an education customer")


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        {"qualifications": []},
        {"qualifications": None},
        {"totalCount": 0, "items": []},
        [{"qualification": "None"}],
        [{"qualification": None}],
    ],
)
def test_a_customer_without_a_qualification_has_none(body: JsonValue) -> None:
    """Nobody says which of these Partner Center sends."""
    assert wire.read_qualifications(encoded(body)) == []


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\xef\xbb\xbf"])
def test_nothing_at_all_shows_no_qualification(body: bytes) -> None:
    """As 204 has it."""
    assert wire.read_qualifications(body) == []


@pytest.mark.parametrize(
    "date",
    ["2020-12-03T10:37:38.885Z", "2021-05-06T19:59:56.6832021+00:00", "2020-12-04T20:54:24Z", "07/09/2020: 00:00:00"],
)
def test_a_date_is_kept_as_the_text_it_came_in(date: str) -> None:
    """No format is ever the reason to lose a row."""
    rows = wire.read_qualifications(encoded([{**IN_REVIEW_ROW, "vettingCreateDate": date}]))
    assert rows[0].vetting_created == date


@pytest.mark.parametrize("status", [None, "Approved", "Denied", "OnHold", "in review"])
def test_a_vetting_status_is_kept_word_for_word(status: str | None) -> None:
    """The set of statuses is open, and StateOwnedEntity has none."""
    rows = wire.read_qualifications(encoded([{"qualification": "StateOwnedEntity", "vettingStatus": status}]))
    assert rows == [CustomerQualification(qualification="StateOwnedEntity", vetting_status=status)]


def test_words_of_another_type_are_kept_as_text() -> None:
    """A number or an object where a word belongs does not lose the row."""
    row: dict[str, JsonValue] = {"qualification": "New", "vettingStatus": 3, "vettingCreateDate": {"at": 1}}
    expected = CustomerQualification(qualification="New", vetting_status="3", vetting_created='{"at":1}')
    assert wire.read_qualifications(encoded([row])) == [expected]


def test_a_row_that_cannot_be_read_does_not_hide_the_others(caplog: pytest.LogCaptureFixture) -> None:
    """It is passed over, and the log says so without its content."""
    with caplog.at_level(logging.WARNING):
        rows = wire.read_qualifications(
            encoded([7, {"vettingStatus": "secret"}, {"qualification": True}, IN_REVIEW_ROW])
        )
    assert rows == [IN_REVIEW]
    assert "passed over 3 qualification row(s)" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "body", [b"<html>", b"7", b'"Education"', b"{}", b'{"qualifications":7}', b'{"totalCount":1}', b"[7]", b"[NaN]"]
)
def test_what_is_no_list_of_qualifications_is_not_taken_for_an_empty_one(body: bytes) -> None:
    """To read nothing as "no qualification" would POST a second time."""
    with pytest.raises(ValueError, match=r"."):
        wire.read_qualifications(body)


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b'[{"qualification":"StateOwnedEntity"}]', b'"Education"']
)
def test_a_post_that_is_not_answered_with_its_qualification_is_not_read(body: bytes) -> None:
    """Another qualification's row, or none, does not tell what became of this one."""
    with pytest.raises(ValueError, match=r"."):
        wire.read_created(body, Qualification.EDUCATION)


@pytest.mark.parametrize(
    "body", [b'"GovernmentCommunityCloud"', b'"governmentcommunitycloud"', b'"government_community_cloud"', b"3"]
)
def test_the_synchronous_answer_is_a_grant_without_regard_to_case_and_underscores(body: bytes) -> None:
    """The page and three SDKs each spell it another way."""
    row = wire.read_updated(body, Qualification.GOVERNMENT_COMMUNITY_CLOUD)
    assert (row.qualification, row.word) == ("GovernmentCommunityCloud", Word.APPROVED)


@pytest.mark.parametrize(
    "body", [b'{"qualification":"GovernmentCommunityCloud"}', b'[{"Qualification":"GovernmentCommunityCloud"}]']
)
def test_a_row_in_the_synchronous_answer_is_read_as_any_other(body: bytes) -> None:
    """A row without a status is no grant."""
    expected = CustomerQualification(qualification="GovernmentCommunityCloud")
    assert wire.read_updated(body, Qualification.GOVERNMENT_COMMUNITY_CLOUD) == expected


@pytest.mark.parametrize(
    "body",
    [
        *(b'"None"', b'"none"', b"0", b"null", b'{"qualification":"None"}', b""),
        *(b'"Customer tagging denied."', b"9", b"true", b"1.5", b"{}", b"<html>"),
    ],
)
def test_a_synchronous_answer_that_names_another_or_no_qualification_is_not_read(body: bytes) -> None:
    """Words of refusal are not a qualification."""
    with pytest.raises(ValueError, match=r"."):
        wire.read_updated(body, Qualification.EDUCATION)


def test_validation_codes_are_read_with_text_and_numbers_alike(caplog: pytest.LogCaptureFixture) -> None:
    """The table says int, the example says string; a code without an id is passed over, and none is ever shown."""
    rows: list[JsonValue] = [
        {"validationId": "111111", "remainingCreates": 0, "maxCreates": 5, "eTag": "W/x", "partnerId": "p"},
        {"validationId": 222222, "remainingCreates": 2, "organizationName": "City"},
        {"ValidationId": "333333"},
        {"remainingCreates": "111111"},
    ]
    codes = wire.read_validation_codes(encoded(rows))
    assert [code.validation_id.get_secret_value() for code in codes] == ["111111", "222222", "333333"]
    assert [code.has_creates_left for code in codes] == [False, True, True]
    assert "111111" not in f"{codes} {caplog.text}"


@pytest.mark.parametrize(("body", "count"), [(b"null", 0), (b"[]", 0)])
def test_a_partner_may_have_no_validation_codes(body: bytes, count: int) -> None:
    """Then there is none to take."""
    assert len(wire.read_validation_codes(body)) == count


@pytest.mark.parametrize("body", [b"{}", b'""', b"0", b"[1]", b""])
def test_what_is_no_list_of_codes_is_not_taken_for_an_empty_one(body: bytes) -> None:
    """No codes left is news for a person, so it must be true."""
    with pytest.raises(ValueError, match=r"."):
        wire.read_validation_codes(body)


@given(
    body=st.binary()
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["qualification", "qualifications", "vettingStatus", "validationId"]), inner
            )
        ),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode())
)
def test_reading_anything_at_all_gives_rows_or_a_value_error(body: bytes) -> None:
    """The client turns that one error into one of the service's own."""
    for read in (
        wire.read_qualifications,
        partial(wire.read_updated, qualification=Qualification.EDUCATION),
        wire.read_validation_codes,
    ):
        try:
            read(body)
        except ValueError:
            continue
