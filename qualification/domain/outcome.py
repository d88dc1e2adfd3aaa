"""What came of a write, or of the calls ahead of it: back to the queue, in doubt, refused, given up. Pure."""

from qualification.domain.alerts import resolved, waits
from qualification.domain.call_errors import (
    AccessLost,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Throttled,
    Unsent,
    is_unauthorized,
)
from qualification.domain.correction import SUPERSEDED, corrected
from qualification.domain.events import status_changed
from qualification.domain.lifecycle import doubt_review
from qualification.domain.record import Record, RequestError, Write
from qualification.domain.status import Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.try_later import later
from qualification.domain.waiting import Reason
from qualification.domain.waits import unknown, unreachable
from qualification.domain.work import Work, WorkAction


def settled(record: Record, claim: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """What came of a write that was not accepted, on top of whatever was stored meanwhile.

    Args:
        record: the request as it is stored now.
        claim: the request as it was claimed for this write.
        error: the outcome.
        moment: now.
    """
    if record.status is claim.status:
        return came_of(record, error, moment)
    # A person has ended it, or a read has shown its answer: the outcome changes nothing but that it is known.
    write = record.write and record.write.model_copy(update={"settled": True})
    in_doubt = isinstance(error, OutcomeUnknown | Throttled) or record.earlier is not None
    out = record.out and (in_doubt or record.status.is_active)
    # Should a person have it written once more, an id that was answered would get the same answer for ever.
    ms_request_id = record.ms_request_id if _is_unanswered(error) else None
    return Transition(record.changed(write=write, out=out, ms_request_id=ms_request_id))


def came_of(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """What came of a write that was not accepted.

    Args:
        record: the request as it is stored now, its write claimed and not settled.
        error: the outcome.
        moment: now.
    """
    match error:
        case Unsent():
            return _taken_back(record, error, moment, left=False)
        case OutcomeUnknown() | Throttled():
            return _in_doubt(record, error, moment)
        case AccessLost(http_status=401) | Elsewhere():
            return _taken_back(record, error, moment, left=True)
        case Refused():
            return _refused(record, error, moment)
        case _:
            return _taken_back(record.changed(ms_request_id=None), error, moment, left=True)


def recoded(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """The validation code that the service had chosen is used up or gone: another one is chosen."""
    request = record.request.model_copy(update={"validation_code": None})
    back = record.changed(request=request, write=None, out=False, ms_request_id=None, code_chosen=False)
    after = later(back, error, moment).record
    return Transition(after.changed(not_before=None, work=Work(action=WorkAction.QUEUE, due=moment.retry_after(1))))


def postponed(record: Record, error: PartnerCenterError, moment: Moment, *, alone: bool = False) -> Transition:
    """The read or the sign-in ahead of a write failed: it is tried again later; time alone fails nothing.

    Args:
        record: the request.
        error: what went wrong.
        moment: now.
        alone: whether others are answered meanwhile.
    """
    if isinstance(error, Refused):
        return failed(record, error, moment)
    if isinstance(error, Unsent):
        return later(record, error, moment)
    if isinstance(error, Throttled):
        return later(record, error, moment)
    unread = record.changed(unread_since=record.unread_since or moment.now)
    return unreachable(later(unread, error, moment), moment, alone=alone)


def failed(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """It cannot go on: refused for good. Never while a write is out."""
    if record.out:
        return _refused(record, error, moment)
    after = resolved(record).entered(
        Status.FAILED,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        not_before=None,
        ms_request_id=None,
        work=_read_on(record, moment),
    )
    return Transition(*status_changed(after, record.status, moment))


def _in_doubt(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    throttled = isinstance(error, Throttled)
    write = _settled(record, error, throttled=throttled)
    after = record.entered(
        record.status,
        moment.now,
        error=RequestError.of(error),
        remedy=error.remedy or None,
        write=write,
        writes=record.writes - (1 if throttled else 0),
        confirmed=frozenset(),
        ms_request_id=None if isinstance(error, InTheWay) else record.ms_request_id,
        work=doubt_review(moment.now, moment),
    )
    if throttled:
        alone = isinstance(error, Throttled) and error.alone
        return waits(Transition(after), Reason.THROTTLED, error.description, error.remedy, moment, alert=alone)
    return Transition(resolved(after))


def _refused(record: Record, error: PartnerCenterError, moment: Moment) -> Transition:
    """A refusal answers the write that got it, and no earlier one."""
    only = record.earlier is None and record.status is not Status.IN_REVIEW
    if only and record.write is not None and not record.write.settled:
        free = record.changed(out=False, ms_request_id=None, write=_settled(record, error))
        return _with_what_is_newer(free, moment) or failed(free, error, moment)
    kept = record.changed(
        error=RequestError.of(error),
        remedy=error.remedy or None,
        ms_request_id=None,
        confirmed=frozenset(),
        write=_settled(record, error),
    )
    return unknown(kept, f"An earlier write was never answered, and this one was refused: {error.description}", moment)


def _taken_back(record: Record, error: PartnerCenterError, moment: Moment, *, left: bool) -> Transition:
    """The write was not taken; without an earlier one that is out, the request is queued as before.

    Args:
        record: the request.
        error: what happened instead.
        moment: now.
        left: whether it left this machine.
    """
    back = record.changed(
        attempts=record.attempts - (0 if left else 1),
        writes=record.writes - (1 if not left or is_unauthorized(error) else 0),
        confirmed=frozenset() if left and not is_unauthorized(error) else record.confirmed,
        write=record.earlier,
        earlier=None,
        # A review that was adopted is out as well, though nothing was written for it before.
        out=record.earlier is not None or record.status is Status.IN_REVIEW,
    )
    newer = None if back.out else _with_what_is_newer(back, moment)
    if newer is not None:
        return newer
    if back.out and back.confirmed:
        return later(back, error, moment)
    if back.out:
        # The earlier write is in doubt as it was, and is read on.
        after = back.entered(back.status, moment.now, error=RequestError.of(error), remedy=error.remedy or None)
        return Transition(after.changed(work=doubt_review(back.asked_at, moment)))
    return later(back, error, moment)


def _with_what_is_newer(record: Record, moment: Moment) -> Transition | None:
    """What a sender has said while a write was out takes its place, now that none is; None where it has said nothing."""
    queued = record.entered(Status.QUEUED, moment.now)
    newer = record.correction
    if record.withdrawn is not None:
        return _ended(queued, record.withdrawn, record.source, moment)
    if newer is None:
        return None
    if newer.request.qualification is not record.qualification:
        return _ended(queued, SUPERSEDED, newer.source, moment)
    return corrected(queued, newer, moment)


def _ended(record: Record, note: str, by: str, moment: Moment) -> Transition:
    """The CRM wants it no longer, and nothing is out any more."""
    status = Status.FAILED if record.attempts else Status.CANCELLED
    after = resolved(record).entered(status, moment.now, by, note, not_before=None)
    after = after.changed(work=_read_on(record, moment))
    if status is Status.FAILED:
        error = Refused("given-up", "The CRM wanted the request no longer before Partner Center had answered it.")
        after = after.changed(error=RequestError.of(error))
    return Transition(*status_changed(after, record.status, moment))


def _read_on(record: Record, moment: Moment) -> Work | None:
    """The next read of a request that has failed: what was decided of an earlier one may change, and this one says so."""
    if not record.attempts:
        return None
    return Work(action=WorkAction.REVIEW, due=moment.spread(moment.policy.review_ended))


def _settled(record: Record, error: PartnerCenterError, *, throttled: bool = False) -> Write | None:
    write = record.write
    return write and write.model_copy(update={"settled": True, "at": error.at or write.at, "throttled": throttled})


def _is_unanswered(error: PartnerCenterError) -> bool:
    """Whether Partner Center has said nothing that it would say again to a write with the same MS-RequestId."""
    silent = isinstance(error, Unsent | OutcomeUnknown | Throttled | Elsewhere) and not isinstance(error, InTheWay)
    return silent or is_unauthorized(error)
