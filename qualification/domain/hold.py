"""What holds everybody: a pause that Partner Center asks for, a cause outside, a person's stop. Pure.

One row for the whole service. Its moments are in Partner Center's time; times are aware UTC.
"""

from datetime import datetime, timedelta
from uuid import UUID

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError, PersonNeeded, Throttled
from qualification.domain.lone_throttle import LoneThrottle, throttled_again
from qualification.domain.request import CamelModel
from qualification.domain.waiting import Reason

ROUNDING = timedelta(seconds=1)
"""`Date`, from which Retry-After is counted, names whole seconds (RFC 9110, 5.6.7): the pause may end so much later."""
LONGEST_PAUSE = timedelta(days=1)
PAUSE_ALERT = timedelta(hours=1)
DOUBTS = 3
"""Writes in doubt in a row, of so many requests, say that Partner Center is out of reach."""
REMEMBERED = 50
"""Causes of single customers, at most."""
NO_ANSWER, IN_DOUBT = "no-answer", "writes-in-doubt"
SILENT_CALLS = 3
SILENT_FOR = timedelta(hours=3)
"""So long nobody has answered; with an hour at most between two tries somebody is alerted within four."""


class Pause(CamelModel):
    """No call before a moment.

    Attributes:
        since: when it began.
        until: no call before this.
        times: how often the first call after it was answered 429 again.
        alerted: whether somebody was alerted, because it lasts.
    """

    since: datetime
    until: datetime
    times: int = 1
    alerted: bool = False


class Cause(CamelModel):
    """What a person must resolve outside: no write but one probe an hour.

    Attributes:
        reason: in one word.
        code: Partner Center's own code, or ours.
        detail: what has happened.
        remedy: what a person can do.
        since: when it was raised.
        next_probe: the next write that may go.
        met_by: the customers whose writes have met it, in the order of their last ones.
    """

    reason: Reason
    code: str
    detail: str
    remedy: str
    since: datetime
    next_probe: datetime
    met_by: tuple[UUID, ...] = ()

    def waits(self, customer_id: UUID) -> int:
        """How long a customer lets others probe first: 0 if its writes never met it, 2 if they were the last to."""
        return (customer_id in self.met_by) + (self.met_by[-1:] == (customer_id,))


class Personal(CamelModel):
    """A cause that only one customer's writes meet."""

    customer_id: UUID
    code: str


class Stop(CamelModel):
    """A person's: no write leaves any instance."""

    since: datetime
    by: str
    note: str | None = None


class Hold(CamelModel):
    """What holds everybody now.

    Attributes:
        pause: no call at all.
        cause: no write but a probe.
        stop: no write.
        personal: causes that hold only the customer who meets them.
        lone: answers 429 in a row, all to one customer.
        doubts: requests whose writes were in doubt, in a row.
        silent: calls in a row that nobody answered.
        silent_since: the first of them.
    """

    pause: Pause | None = None
    cause: Cause | None = None
    stop: Stop | None = None
    personal: tuple[Personal, ...] = ()
    lone: LoneThrottle | None = None
    doubts: tuple[UUID, ...] = ()
    silent: int = 0
    silent_since: datetime | None = None

    def pauses(self, now: datetime) -> bool:
        """Whether no call may go."""
        return self.pause is not None and now < self.pause.until

    def is_personal(self, customer_id: UUID, code: str) -> bool:
        """Whether this cause is this customer's alone."""
        return Personal(customer_id=customer_id, code=code) in self.personal

    def changed(self, **fields: object) -> "Hold":
        """A copy with these fields changed."""
        return self.model_copy(update=fields)


def after_answer(hold: Hold, now: datetime, *, customer_id: UUID, writes: bool, probe: bool) -> Hold:
    """With a call that was answered: nobody is silent, and a pause that is over is forgotten.

    Args:
        hold: what held everybody.
        now: by Partner Center's clock.
        customer_id: whose call it was.
        writes: whether it was a write, which says that writes are answered.
        probe: whether it was the write that a cause lets through; the cause is gone then.
    """
    pause = hold.pause if hold.pauses(now) else None
    cause, personal = hold.cause, hold.personal
    if cause is not None and probe:
        if len(cause.met_by) == 1 and customer_id not in cause.met_by:
            # Whoever alone has met it, where somebody else does not, has a cause of its own.
            personal = (*personal, Personal(customer_id=cause.met_by[0], code=cause.code))[-REMEMBERED:]
        cause = None
    elif cause is not None and not writes and not cause.met_by and cause.code != IN_DOUBT:
        # It was met by reads only, and reads are answered again.
        cause = None
    doubts = () if writes else hold.doubts
    lone = hold.lone and hold.lone.after_answer(customer_id)
    answered = hold.changed(pause=pause, cause=cause, personal=personal, lone=lone, doubts=doubts)
    return answered.changed(silent=0, silent_since=None)


def after_error(
    hold: Hold,
    error: PartnerCenterError,
    now: datetime,
    *,
    request_id: UUID | None,
    customer_id: UUID,
    next_probe: datetime,
    probe: bool,
) -> Hold:
    """With a call that failed.

    Args:
        hold: what held everybody.
        error: how it failed.
        now: by Partner Center's clock.
        request_id: whose write it was; None for a read.
        customer_id: whose read or write it was.
        next_probe: when the next write may go under a cause.
        probe: whether it was the write that a cause lets through.
    """
    writes = request_id is not None
    answered = error.at is not None or error.http_status is not None
    match error:
        case Throttled():
            lone = throttled_again(hold.lone, customer_id, error.retry_at, now)
            pause = hold.pause if lone.is_alone else _pause(hold, error, now)
            return hold.changed(pause=pause, lone=lone, silent=0, silent_since=None)
        case PersonNeeded(partner_wide=True) if not (writes and hold.is_personal(customer_id, error.code)):
            cause = _cause(hold, error, now, customer_id if writes else None, next_probe)
            return hold.changed(cause=cause, silent=0, silent_since=None, doubts=())
        case PersonNeeded():
            return after_answer(hold, now, customer_id=customer_id, writes=writes, probe=probe)
        case _ if not answered:
            return _silent(hold, error, now, request_id, next_probe)
        case OutcomeUnknown() if request_id is not None:
            known = hold.changed(cause=None) if probe else hold
            return _doubted(known.changed(silent=0, silent_since=None), error, now, request_id, next_probe)
        case _:
            return after_answer(hold, now, customer_id=customer_id, writes=writes, probe=probe)


def _pause(hold: Hold, error: Throttled, now: datetime) -> Pause:
    before, asked = hold.pause, error.retry_at + ROUNDING
    if before is None:
        return Pause(since=now, until=asked)
    alerted = before.alerted or now - before.since >= PAUSE_ALERT
    if now < before.until:
        return before.model_copy(update={"until": max(asked, before.until), "alerted": alerted})
    # The first call after it was answered 429 again: longer each time, on top of what is asked for.
    wait = min((asked - now) * 2 ** min(before.times, 10), LONGEST_PAUSE)
    return Pause(since=before.since, until=now + wait, times=before.times + 1, alerted=alerted)


def _cause(hold: Hold, error: PersonNeeded, now: datetime, writer: UUID | None, next_probe: datetime) -> Cause:
    before = hold.cause
    same = before is not None and (before.reason, before.code) == (error.attention, error.code)
    others = tuple(each for each in before.met_by if each != writer) if same and before else ()
    return Cause(
        reason=Reason(error.attention),
        code=error.code,
        detail=error.description,
        remedy=error.remedy,
        since=before.since if same and before else now,
        next_probe=next_probe,
        met_by=(*others[-8:], writer) if writer else others,
    )


def _silent(
    hold: Hold, error: PartnerCenterError, now: datetime, request_id: UUID | None, next_probe: datetime
) -> Hold:
    silent, since = hold.silent + 1, hold.silent_since or now
    hold = hold.changed(silent=silent, silent_since=since)
    if request_id is not None and isinstance(error, OutcomeUnknown):
        hold = _doubted(hold, error, now, request_id, next_probe)
    if hold.cause is None and silent >= SILENT_CALLS and now - since >= SILENT_FOR:
        return hold.changed(cause=_unreachable(NO_ANSWER, error, since, next_probe))
    return hold


def _doubted(hold: Hold, error: PartnerCenterError, now: datetime, request_id: UUID, next_probe: datetime) -> Hold:
    doubts = hold.doubts if request_id in hold.doubts else (*hold.doubts, request_id)
    if len(doubts) < DOUBTS or hold.cause is not None:
        return hold.changed(doubts=doubts[-DOUBTS:])
    return hold.changed(doubts=(), cause=_unreachable(IN_DOUBT, error, now, next_probe))


def _unreachable(code: str, error: PartnerCenterError, since: datetime, next_probe: datetime) -> Cause:
    return Cause(
        reason=Reason.PARTNER_CENTER_UNREACHABLE,
        code=code,
        detail=f"Partner Center does not answer: {error.description}",
        remedy="Check Partner Center's status page and the network; the service goes on by itself.",
        since=since,
        next_probe=next_probe,
    )
