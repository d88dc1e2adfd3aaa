"""What a request waits for, as its caller sees it."""

from datetime import datetime

from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import CamelModel
from qualification.domain.waiting import Kind, Reason
from qualification.domain.work import WorkAction


class WaitingFor(CamelModel):
    """A decision that a person must make, or a cause that ends by itself."""

    reason: str
    kind: Kind
    detail: str
    remedy: str
    since: datetime

    @classmethod
    def of(cls, record: Record, hold: Hold, now: datetime) -> "WaitingFor | None":
        """Its own reason, or else what keeps everybody from writing; None where it waits for nothing but its turn.

        Args:
            record: the request.
            hold: what holds everybody.
            now: aware UTC.
        """
        own = record.waiting
        if own is not None and record.status.is_active:
            return cls(reason=own.reason, kind=own.reason.kind, detail=own.detail, remedy=own.remedy, since=own.since)
        if record.work is None or record.work.action is not WorkAction.QUEUE or not record.status.is_active:
            return None
        held = Held.of(hold, now)
        # A person's stop first, and a cause before a pause: the longer it may take, the more there is to do.
        part = held.stop or held.cause or held.pause
        if part is None:
            return None
        return cls(reason=part.reason, kind=Kind.CAUSE, detail=part.detail, remedy=part.remedy, since=part.since)


class Held(CamelModel):
    """What holds everybody, each part in the same form; null where there is none."""

    pause: "HoldPart | None"
    cause: "HoldPart | None"
    stop: "HoldPart | None"

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
