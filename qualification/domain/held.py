"""What holds everybody, each part of the hold row in words. Pure."""

from datetime import datetime

from qualification.domain.hold import Hold
from qualification.domain.request import CamelModel
from qualification.domain.waiting import Reason


class HoldPart(CamelModel):
    """One thing that holds everybody.

    Attributes:
        since: aware UTC.
        until: where that is known.
        reason: in one word, as in events.
        detail: what has happened.
        remedy: what a person can do.
        by: who has done it, where a person has.
    """

    since: datetime
    until: datetime | None
    reason: str
    detail: str
    remedy: str
    by: str | None = None


class Held(CamelModel):
    """What holds everybody, each part in the same form; null where there is none."""

    pause: HoldPart | None
    cause: HoldPart | None
    stop: HoldPart | None

    @classmethod
    def of(cls, hold: Hold, now: datetime) -> "Held":
        """The hold row, as a caller sees it; a pause that is over holds nobody."""
        pause, cause, stop = hold.pause if hold.pauses(now) else None, hold.cause, hold.stop
        return cls(
            pause=pause
            and HoldPart(
                since=pause.since,
                until=pause.until,
                reason=Reason.THROTTLED,
                detail=f"Partner Center asks everybody to wait until {pause.until:%Y-%m-%dT%H:%M:%SZ}.",
                remedy="Nothing to do: the service waits and goes on by itself.",
            ),
            cause=cause
            and HoldPart(since=cause.since, until=None, reason=cause.reason, detail=cause.detail, remedy=cause.remedy),
            stop=stop
            and HoldPart(
                since=stop.since,
                until=None,
                reason="stopped",
                detail=f"Writing to Partner Center was stopped by {stop.by}." + (f" {stop.note}" if stop.note else ""),
                remedy="Resume when it may go on: POST /api/hold/resume.",
                by=stop.by,
            ),
        )
