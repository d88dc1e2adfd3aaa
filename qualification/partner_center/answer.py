"""An HTTP answer, read to its end, and the two ways of getting none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from pydantic import JsonValue
from pydantic_core import from_json

LONGEST_BODY = 1024 * 1024
"""Bytes. A customer has at most a handful of qualifications, so a longer body is not an answer to us."""

BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and body; one longer than LONGEST_BODY is left out, so it is not whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_whole: bool = True

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def date(self) -> datetime | None:
        """When the other side answered, by its own clock, in aware UTC (RFC 9110, 6.6.1 "Date"); None where it tells none."""
        return http_date(self.headers.get("date", ""))


class NotSent(Exception):
    """No connection came about, so the other side has seen nothing of the request."""


class NoAnswer(Exception):
    """The request may have arrived, yet no complete answer came back."""


def http_date(text: str) -> datetime | None:
    """A date of HTTP (RFC 9110, 5.6.7) in aware UTC; None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def json_value(body: bytes) -> JsonValue:
    """The JSON value in `body`; ASP.NET may put a byte order mark before it.

    Raises:
        ValueError: it is not JSON.
    """
    value: JsonValue = from_json(body.removeprefix(BYTE_ORDER_MARK), allow_inf_nan=False)
    return value
