"""What a request waits for, as its caller sees it."""

from datetime import datetime

from qualification.domain.held import Held
from qualification.domain.hold import Hold
from qualification.domain.record import Record
from qualification.domain.request import CamelModel
from qualification.domain.waiting import Kind
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
