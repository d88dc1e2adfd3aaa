"""The pause that Partner Center asks for with a 429, and how long it is."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from qualification.domain.errors import Throttled
from qualification.use_cases.ports import Clock

USUAL = timedelta(seconds=60)
SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(hours=1)
TRY_AGAIN = re.compile(r"try again in (\d{1,9}) second", re.IGNORECASE | re.ASCII)


class Pause:
    """Holds every call back until a moment that only moves on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until: datetime | None = None

    def begin(self, until: datetime) -> None:
        """Hold calls back until `until`, or longer where that was asked for before."""
        self._until = max(self._until or until, until)

    def check(self) -> None:
        """Let a call through.

        Raises:
            Throttled: the pause is not over.
        """
        if self._until and self._clock() < self._until:
            raise Throttled(self._until)


def retry_at(headers: Mapping[str, str], text: str, now: datetime) -> datetime:
    """When to call again after a 429.

    Args:
        headers: with Retry-After in seconds or as an HTTP date (RFC 9110, 10.2.3).
        text: the gateway's "Rate limit is exceeded. Try again in 57 seconds.", used where the header is missing.
        now: aware UTC.
    """
    wait = _retry_after(headers.get("retry-after", "").strip(), now)
    if wait is None:
        spoken = TRY_AGAIN.search(text)
        wait = timedelta(seconds=int(spoken[1])) if spoken else USUAL
    return now + min(max(wait, SHORTEST), LONGEST)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    if seconds := re.fullmatch(r"(\d{1,9})(\.\d+)?", value, re.ASCII):
        return timedelta(seconds=int(seconds[1]))
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
