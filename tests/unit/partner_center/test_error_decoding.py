"""Which error an answer means: by status first, then by code, whatever the body is."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, SecretStr

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    PersonNeeded,
    Refused,
    Throttled,
    Unavailable,
    UnderReview,
    Unsent,
)
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.failures import Asked, failure, no_answer, unreadable

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CORRELATION_ID = UUID("11111111-2222-4333-8444-555555555555")
PAGE = b"<html><head><title>Forbidden</title></head></html>"


def documented(code: JsonValue, description: str = "It said so.", **more: JsonValue) -> bytes:
    """An error body as Microsoft's error code page has it."""
    return json.dumps({"code": code, "description": description, "data": [], "source": "PartnerFD", **more}).encode()


def decoded(
    status: int,
    body: bytes = b"",
    *,
    writes: bool = False,
    headers: dict[str, str] | None = None,
    retired: bool = False,
    secrets: tuple[SecretStr, ...] = (),
) -> PartnerCenterError:
    """The error of one answer."""
    answer = Answer(status, headers or {}, body)
    asked = Asked(writes=writes, correlation_id=CORRELATION_ID, retired=retired, secrets=secrets)
    return failure(answer, asked, at=NOW)


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


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "57"}, b"", 57),
        ({"retry-after": " 57 "}, b"", 57),
        ({"retry-after": "1.5"}, b"", 1),
        ({"retry-after": "0"}, b"", 1),
        ({"retry-after": format_datetime(NOW + timedelta(minutes=2), usegmt=True)}, b"", 120),
        ({"retry-after": "Fri, 20 Nov 2026 12:02:00"}, b"", 120),
        ({"retry-after": format_datetime(NOW - timedelta(days=9), usegmt=True)}, b"", 1),
        ({"retry-after": "7200"}, b"", 7200),
        ({"retry-after": "86401"}, b"", 86400),
        ({"retry-after": "soon"}, b"", 60),
        ({"retry-after": "-5"}, b"", 60),
        ({"retry-after": "Fri, 20 Nov 99999 12:02:00 GMT"}, b"", 60),
        ({}, b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}', 57),
        ({"retry-after": "9"}, b'{"statusCode":429,"message":"Rate limit is exceeded. Try again in 57 seconds."}', 9),
        ({}, PAGE, 60),
    ],
)
def test_throttling_names_the_moment_to_go_on(headers: dict[str, str], body: bytes, seconds: int) -> None:
    """Retry-After counts, else the gateway's words, else a minute; at least a second and at most a day."""
    error = decoded(429, body, headers=headers, writes=True)
    assert isinstance(error, Throttled)
    assert error.retry_at == NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [404, 405, 410, 501])
@pytest.mark.parametrize("body", [b"", PAGE, documented("1000")])
def test_the_retired_synchronous_api_refuses_whatever_it_says(status: int, body: bytes) -> None:
    """Nobody is at fault and no other customer is held: the request goes again without its mode."""
    error = decoded(status, body, writes=True, retired=True)
    assert type(error) is Refused
    assert "without 'mode'" in error.remedy


@pytest.mark.parametrize("writes", [False, True])
def test_an_outage_that_names_its_end_is_not_asked_before(*, writes: bool) -> None:
    """Retry-After is for 503, too (RFC 9110, 10.2.3)."""
    headers = {"retry-after": format_datetime(NOW + timedelta(hours=3), usegmt=True)}
    assert decoded(503, headers=headers, writes=writes).retry_at == NOW + timedelta(hours=3)


def test_the_header_is_heard_where_the_body_says_nothing() -> None:
    """RFC 6750, section 3."""
    headers = {"www-authenticate": 'Bearer realm="x", error="invalid_token", error_description="It has expired."'}
    error = decoded(401, headers=headers)
    assert (error.code, error.description) == ("invalid_token", "It has expired.")


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 408, 409, 429, 500, 501, 503])
@pytest.mark.parametrize("writes", [False, True])
def test_every_error_says_what_a_person_can_do(status: int, *, writes: bool) -> None:
    """A remedy is one plain sentence."""
    assert decoded(status, writes=writes).remedy.endswith(".")


@pytest.mark.parametrize("body", [documented("900421"), b"Authentication failed. MFA required. (10001)"])
def test_a_missing_mfa_claim_says_how_to_sign_in_again(body: bytes) -> None:
    """The remedy of a known code wins over the general one, be it in brackets."""
    error = decoded(401, body)
    assert isinstance(error, AccessLost)
    assert "python -m qualification sign-in" in error.remedy


def test_long_and_wicked_words_become_one_short_line() -> None:
    """Line breaks, control characters and direction marks cannot forge a log entry."""
    error = decoded(400, documented("3000\n", "first\r\nsecond\u2028third\u202e\x1b[31m" + "x" * 5000))
    assert error.code == "3000"
    assert error.description.startswith("first second third [31mxxx")
    assert len(error.description) == 1024
    assert str(error).isprintable()


@pytest.mark.parametrize("body", [documented("s3cr3t/+", "The code S3CR3T/+ (s3cr3t%2F%2B) is used up."), b"s3cr3t/+"])
def test_a_secret_that_the_answer_repeats_is_blacked_out(body: bytes) -> None:
    """Neither a token nor a validation code may reach a log through Partner Center's words."""
    error = decoded(400, body, secrets=(SecretStr("s3cr3t/+"),))
    assert "s3cr3t" not in f"{error} {error.code} {error.description}".lower()
    assert "[redacted]" in error.description


def test_a_request_that_never_left_has_no_unknown_outcome() -> None:
    """Only a write that may have arrived must be looked up."""
    read, write = (Asked(writes=writes, correlation_id=CORRELATION_ID) for writes in (False, True))
    assert type(no_answer(NotSent("x"), write)) is Unsent
    assert type(no_answer(NoAnswer("x"), write)) is OutcomeUnknown
    assert type(no_answer(NotSent("x"), read)) is Unavailable
    assert type(no_answer(NoAnswer("x"), read)) is Unavailable
    assert no_answer(NoAnswer("x"), write).at is None


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
