"""The moment that an answer names for the next call."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from qualification.partner_center.answer import http_date

USUAL = timedelta(seconds=60)
SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(days=1)
TRY_AGAIN = re.compile(r"try again in (\d{1,9}) second", re.IGNORECASE | re.ASCII)


def throttled_until(headers: Mapping[str, str], text: str, at: datetime) -> datetime:
    """When to call again after a 429.

    Args:
        headers: with Retry-After.
        text: the gateway's "Rate limit is exceeded. Try again in 57 seconds.", used where the header is missing.
        at: when it was answered (aware UTC), by the clock that a date in Retry-After is of.
    """
    moment = retry_after(headers, at)
    if moment is None:
        spoken = TRY_AGAIN.search(text)
        moment = at + _bounded(timedelta(seconds=int(spoken[1])) if spoken else USUAL)
    return moment


def retry_after(headers: Mapping[str, str], at: datetime) -> datetime | None:
    """What Retry-After names, in seconds or as a date (RFC 9110, 10.2.3), at most a day on; None where there is none.

    Args:
        headers: of the answer.
        at: when it was answered, in aware UTC.
    """
    value = headers.get("retry-after", "").strip()
    if seconds := re.fullmatch(r"(\d{1,9})(\.\d+)?", value, re.ASCII):
        return at + _bounded(timedelta(seconds=int(seconds[1])))
    moment = http_date(value)
    return None if moment is None else at + _bounded(moment - at)


def _bounded(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST), LONGEST)
