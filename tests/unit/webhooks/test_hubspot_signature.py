from datetime import timedelta

import pytest

from qualification.webhooks.hubspot.signature import (
    Signed,
    decoded,
    is_fresh,
    is_signed_v2,
    is_signed_v3,
    signature_v2,
    signature_v3,
)
from tests.unit.builders import NOW

SECRET = b"yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"
URL = "https://www.example.com/webhook_uri"
BODY = b"{'example_field':'example_value'}"
SIGNED = Signed("POST", URL, BODY)


@pytest.mark.parametrize(
    ("timestamp", "signature"),
    [
        ("1693657560000", b"K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y="),
        ("1700000300000", b"RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw="),
    ],
)
def test_version_3_is_what_hubspot_publishes(timestamp: str, signature: bytes) -> None:
    """The vectors in the tests of HubSpot's own clients for Python and Ruby."""
    assert signature_v3(SECRET, SIGNED, timestamp) == signature


@pytest.mark.parametrize(
    ("signed", "signature"),
    [
        (SIGNED, b"4fe4e3a7d3cf09db53be39d0a58130e2aaba074ec123a9e355b876a689a1c383"),
        (Signed("GET", URL, b""), b"eee2dddcc73c94d699f5e395f4b9d454a069a6855fbfa152e91e88823087200e"),
    ],
)
def test_version_2_is_what_hubspot_publishes(signed: Signed, signature: bytes) -> None:
    """The vectors in HubSpot's client for Python and on its page "v2 request validation"."""
    assert signature_v2(SECRET, signed) == signature


def test_twelve_percent_codes_are_decoded_and_no_others() -> None:
    """In either case of letters; a space or an ampersand stays as it was sent."""
    assert decoded("%3A%2F%3F%40%21%24%27%28%29%2A%2C%3B") == ":/?@!$'()*,;"
    assert decoded("%3a%2f%2c") == ":/,"
    assert decoded("https://x.example/a%20b?c=%26%3D%25%2B%23") == "https://x.example/a%20b?c=%26%3D%25%2B%23"
    assert decoded("%253A") == "%253A"


def test_only_version_3_decodes() -> None:
    """Version 2 signs the URL as it is."""
    coded, plain = Signed("POST", f"{URL}?a=%3A", BODY), Signed("POST", f"{URL}?a=:", BODY)
    assert signature_v3(SECRET, coded, "1693657560000") == signature_v3(SECRET, plain, "1693657560000")
    assert signature_v2(SECRET, coded) != signature_v2(SECRET, plain)


@pytest.mark.parametrize("shown", ["", "=", "\u00e4", "\ud800", "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y"])
def test_a_malformed_signature_is_wrong_and_no_crash(shown: str) -> None:
    """Compared as bytes, whatever was sent."""
    assert not is_signed_v3(shown, SECRET, SIGNED, "1693657560000")
    assert not is_signed_v2(shown, SECRET, SIGNED)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_fresh(seconds: int) -> None:
    """HubSpot's tolerance."""
    assert is_fresh(milliseconds(seconds), NOW)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_older_or_later_is_stale(seconds: int) -> None:
    """A replay, or a clock that is wrong."""
    assert not is_fresh(milliseconds(seconds), NOW)


@pytest.mark.parametrize(
    "timestamp",
    ["", str(int(NOW.timestamp())), "yesterday", "-772443800000", "1e12", "\u0661" * 13, f" {int(NOW.timestamp())}000"],
)
def test_a_timestamp_is_thirteen_digits(timestamp: str) -> None:
    """Seconds where milliseconds are due are refused, and so is whatever is no number."""
    assert not is_fresh(timestamp, NOW)


def milliseconds(seconds: int) -> str:
    """So many seconds from now."""
    return str(int((NOW + timedelta(seconds=seconds)).timestamp() * 1000))
