"""What a person reads of an error: when it goes on, what can be done, no secret and nothing wicked."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from pydantic import SecretStr

from qualification.domain.call_errors import (
    AccessLost,
    OutcomeUnknown,
    Refused,
    Throttled,
    Unavailable,
    Unsent,
)
from qualification.partner_center.answer import NoAnswer, NotSent
from qualification.partner_center.failures import Asked, no_answer
from tests.unit.partner_center.error_answers import CORRELATION_ID, NOW, PAGE, decoded, documented


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
