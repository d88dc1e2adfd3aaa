"""Which error an answer means: by status first, then by code, whatever the body is."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    PersonNeeded,
    Refused,
    Unavailable,
    UnderReview,
)
from qualification.partner_center.answer import Answer
from qualification.partner_center.failures import Asked, unreadable
from tests.unit.partner_center.error_answers import CORRELATION_ID, NOW, PAGE, decoded, documented


@pytest.mark.parametrize(
    ("body", "code", "description"),
    [
        (documented("3000", "Invalid property."), "3000", "Invalid property."),
        (documented(3000, "Invalid property."), "3000", "Invalid property."),
        (b"\xef\xbb\xbf" + documented("3000", "Invalid property."), "3000", "Invalid property."),
        (b'{"code":600099,"message":"No.","errorName":"X","isRetryable":false}', "600099", "No."),
        (b'{"code":600099,"errorName":"AccountLocked"}', "600099", "AccountLocked"),
        (b'"Customer tagging denied."', "http-400", "Customer tagging denied."),
        (b'{"statusCode":400,"message":"Bad gateway request."}', "http-400", "Bad gateway request."),
        (b"upstream request failed", "http-400", "upstream request failed"),
        (PAGE, "http-400", "Partner Center answered 400 Bad Request and did not say why."),
        (b"", "http-400", "Partner Center answered 400 Bad Request and did not say why."),
        (
            b'{"Message":"The request is invalid.","ModelState":{"qualification":["Error converting value"]}}',
            "http-400",
            "The request is invalid. Error converting value",
        ),
        (
            b'{"error":{"code":"Forbidden","message":"User does not have the required permissions"}}',
            "Forbidden",
            "User does not have the required permissions",
        ),
        (b'{"error":"invalid_token","error_description":"Expired."}', "invalid_token", "Expired."),
        (b'{"errors":[{"Code":3000,"Description":"Invalid property."}]}', "3000", "Invalid property."),
        (b'{"title":"Bad Request","status":400,"detail":"No website."}', "http-400", "No website."),
        (b"Authentication failed. MFA required. (10001)", "10001", "Authentication failed. MFA required. (10001)"),
        (b"[]", "http-400", "Partner Center answered 400 Bad Request and did not say why."),
        (b'{"code":true,"description":7}', "http-400", "Partner Center answered 400 Bad Request and did not say why."),
    ],
)
def test_every_known_shape_of_an_error_body_gives_its_code_and_its_words(
    body: bytes, code: str, description: str
) -> None:
    """The code is kept word for word, and the words are Partner Center's own where it has any."""
    error = decoded(400, body)
    assert (error.code, error.description) == (code, description)
    assert (error.http_status, error.correlation_id, error.at) == (400, CORRELATION_ID, NOW)


@pytest.mark.parametrize(
    ("status", "body", "read", "write"),
    [
        (302, b"", Unavailable, OutcomeUnknown),
        (400, documented("900126"), Refused, Refused),
        (400, documented("no such code is documented"), Refused, Refused),
        (400, documented("900118"), CustomerUnreachable, CustomerUnreachable),
        (400, documented("600001", isRetryable=True), UnderReview, UnderReview),
        (400, b"", Elsewhere, Elsewhere),
        (400, PAGE, Elsewhere, Elsewhere),
        (400, b'{"code":400,"message":"Bad Request"}', Elsewhere, Elsewhere),
        (401, documented("900421"), AccessLost, AccessLost),
        (401, PAGE, AccessLost, AccessLost),
        (403, documented("1002"), AccessLost, AccessLost),
        (403, documented("20002"), CustomerUnreachable, CustomerUnreachable),
        (403, documented("900308"), CustomerUnreachable, CustomerUnreachable),
        (403, documented("2032"), Refused, Refused),
        (403, documented("900416"), Refused, Refused),
        (403, documented("987654"), Refused, Refused),
        (403, b'"Customer tagging denied."', Refused, Refused),
        (
            403,
            b'"The supplied role does not have the rights to perform the requested operation."',
            AccessLost,
            AccessLost,
        ),
        (403, documented("800073"), UnderReview, UnderReview),
        (403, documented("800075"), UnderReview, UnderReview),
        (403, documented("600001", isRetryable=True), UnderReview, UnderReview),
        (403, PAGE, Elsewhere, Elsewhere),
        (403, b"", Elsewhere, Elsewhere),
        (403, b'{"statusCode":403,"message":"Forbidden"}', Elsewhere, Elsewhere),
        (404, documented("60003"), CustomerUnreachable, CustomerUnreachable),
        (404, documented("1000"), Refused, Refused),
        (404, documented("987654"), Elsewhere, Elsewhere),
        (404, b"", Elsewhere, Elsewhere),
        (405, documented("405"), Elsewhere, Elsewhere),
        (407, b"", Elsewhere, Elsewhere),
        (408, b"", Unavailable, OutcomeUnknown),
        (409, documented("409"), Unavailable, InTheWay),
        (409, documented("409", isRetryable=False), Unavailable, InTheWay),
        (409, documented("800060"), UnderReview, UnderReview),
        (409, b"", Unavailable, InTheWay),
        (417, documented("800036"), Refused, Refused),
        (500, documented("800003"), Unavailable, OutcomeUnknown),
        (500, documented("800003", isRetryable=True), Unavailable, OutcomeUnknown),
        (500, documented("600099", isRetryable=False), Unavailable, OutcomeUnknown),
        (501, documented(0), Refused, Refused),
        (501, b"", Elsewhere, Elsewhere),
        (502, PAGE, Unavailable, OutcomeUnknown),
        (503, documented("900192"), Unavailable, OutcomeUnknown),
        (504, b"", Unavailable, OutcomeUnknown),
        (599, b"", Unavailable, OutcomeUnknown),
    ],
)
def test_status_and_code_decide_what_is_to_be_done(
    status: int, body: bytes, read: type[PartnerCenterError], write: type[PartnerCenterError]
) -> None:
    """A read may be asked again; a write whose end is unclear must be looked up first."""
    assert type(decoded(status, body)) is read
    assert type(decoded(status, body, writes=True)) is write


@pytest.mark.parametrize(
    ("status", "body", "partner_wide"),
    [
        (401, b"", True),
        (401, documented("900308"), True),
        (403, documented(1002), True),
        (403, documented("800039"), True),
        (403, documented("900149"), True),
        (403, documented("900150"), True),
        (403, documented("900309"), True),
        (403, documented("900329"), True),
        (403, PAGE, True),
        (403, documented("900308"), False),
        (404, documented("60003"), False),
    ],
)
def test_an_error_for_a_person_tells_whether_every_customer_is_affected(
    status: int, body: bytes, *, partner_wide: bool
) -> None:
    """The sign-in, the role, the programme and a proxy concern all customers, a relationship and GDAP one."""
    error = decoded(status, body, writes=True)
    assert isinstance(error, PersonNeeded)
    assert error.partner_wide is partner_wide


def test_a_success_that_cannot_be_read_shows_nothing() -> None:
    """It is asked again."""
    error = unreadable(Answer(200, {}, PAGE), Asked(writes=False, correlation_id=CORRELATION_ID), at=NOW)
    assert (type(error), error.at) == (Unavailable, NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.sampled_from(["code", "Code", "description", "message", "error", "errors", "x"]), inner)
    ),
    max_leaves=8,
)


@given(
    status=st.integers(300, 599),
    body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()),
    retry_after=st.text(),
    writes=st.booleans(),
)
def test_any_answer_at_all_becomes_one_printable_error(
    status: int, body: bytes, retry_after: str, *, writes: bool
) -> None:
    """Decoding never raises anything, whatever comes."""
    headers = {"retry-after": retry_after}
    error = decoded(status, body, headers=headers, writes=writes)
    assert isinstance(error, PartnerCenterError)
    assert str(error).isprintable()
    assert len(error.description) <= 1024
