"""What a sender's later event does to a request that is unfinished or approved. Pure."""

from datetime import datetime
from uuid import UUID

from qualification.domain.alerts import alerted, decided
from qualification.domain.caller import Caller
from qualification.domain.events import Attention
from qualification.domain.lifecycle import accepted
from qualification.domain.record import Correction, Record
from qualification.domain.request import NOT_SENT, GovernmentRequest, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.waiting import Reason
from qualification.domain.work import Work, WorkAction

SUPERSEDED = "superseded"
TAKEN_BACK = "mark taken back"
BY_THE_SENDER = frozenset({SUPERSEDED, TAKEN_BACK})
"""Notes of requests that their own sender has ended."""
MOST_NOTES = 20
"""So many corrections stand in a history; of more the oldest are left out, for a record is of limited size."""
MOST_ALERTS = 10
"""So many corrections of one request alert somebody: nobody reads more, and a CRM may run wild."""
LONGEST_VALUE = 100
_CORRECTED, _KEPT = "corrected by ", "kept and not sent, from "


def corrected(record: Record, correction: Correction, moment: Moment, also: str | None = None) -> Transition:
    """The newest content takes the place of the old; what a person confirmed must be confirmed again.

    Args:
        record: a request of which nothing is out.
        correction: the newest content, of the same qualification.
        moment: now.
        also: what else the history is to say of it.
    """
    after = decided(_noted(record, correction, _CORRECTED, moment, also)).changed(
        request=correction.request,
        fingerprint=correction.fingerprint,
        correction=None,
        withdrawn=None,
        code_given=correction.code_given,
        code_chosen=False,
        confirmed=frozenset(),
        ms_request_id=None,
        updated_at=moment.now,
    )
    waiting = record.waiting
    if waiting is not None and waiting.reason is Reason.DAILY_LIMIT:
        # It is one request too many, whatever it asks for.
        return Transition(after.changed(waiting=waiting, raised=record.raised))
    return Transition(
        after.changed(
            not_before=None,
            failures=0,
            messages=record.messages + 1,
            hinted_at=moment.now,
            work=Work(action=WorkAction.QUEUE, due=moment.now + moment.policy.retry_first),
        )
    )


def kept(record: Record, correction: Correction, moment: Moment) -> Transition:
    """A write is out, or the answer is there: the correction is kept, somebody is alerted, and nothing is sent for it."""
    if correction.fingerprint == record.fingerprint:
        # What is out is what is wanted again.
        return Transition(record.changed(correction=None, withdrawn=None, updated_at=moment.now))
    after = _noted(record, correction, _KEPT, moment)
    after = after.changed(correction=correction, withdrawn=None, updated_at=moment.now)
    if record.status is Status.APPROVED:
        after = after.changed(work=Work(action=WorkAction.REVIEW, due=moment.now))
    return ignored(
        Transition(after),
        f"{correction.source} has sent other content for a request that Partner Center has or may have already"
        f" ({differences(record.request, correction.request)}).",
        "Read the request's status: if it is denied, retry it, and the newest content is sent; otherwise nothing is to do.",
        correction.fingerprint,
        moment,
    )


def ignored(step: Transition, detail: str, remedy: str, about: str, moment: Moment) -> Transition:
    """The step, with an alert about something newer that is not sent."""
    key = f"{Attention.CORRECTION_IGNORED}:"
    if sum(each.startswith(key) for each in step.record.raised) >= MOST_ALERTS:
        return step
    return alerted(
        step,
        Attention.CORRECTION_IGNORED,
        detail,
        remedy,
        moment,
        key + about,
    )


def successor(record: Record, ended: Record, moment: Moment, request_id: UUID) -> Transition | None:
    """The request that takes the place of one that has just ended for another qualification; None where none does.

    Args:
        record: the request before it ended; its correction still has its validation code.
        ended: the same afterwards.
        moment: now.
        request_id: of the new one, unless the sender's event leads to one.
    """
    newer = record.correction
    if ended.status.is_active or ended.history[-1].note != SUPERSEDED or newer is None:
        return None
    if newer.request.qualification is record.qualification:
        return None
    new = Record(
        request_id=newer.request_id or request_id,
        customer_tenant_id=record.customer_tenant_id,
        request=newer.request,
        source=newer.source,
        requested_by=newer.requested_by,
        fingerprint=newer.fingerprint,
        first_fingerprint=newer.fingerprint,
        code_given=newer.code_given,
        traceparent=record.traceparent,
        created_at=moment.now,
        updated_at=moment.now,
        history=(),
        work=None,
    )
    return accepted(new, moment)


def correction_of(
    request: QualificationRequest,
    fingerprint: str,
    source: str,
    at: datetime,
    request_id: UUID | None = None,
    requested_by: Caller | None = None,
) -> Correction:
    """The content of a later event, as it is kept."""
    code_given = isinstance(request, GovernmentRequest) and request.validation_code is not None
    return Correction(
        request=request,
        fingerprint=fingerprint,
        source=source,
        at=at,
        code_given=code_given,
        request_id=request_id,
        requested_by=requested_by,
    )


def sender(source: str, caller: Caller | None) -> str:
    """Who has sent something, as the history names it."""
    return f"{source} ({caller})" if caller else source


def differences(before: QualificationRequest, after: QualificationRequest) -> str:
    """What a content changes of another, in words; never a validation code."""
    old, new = (each.model_dump(by_alias=True, exclude=NOT_SENT) for each in (before, after))
    changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return ", ".join(f"{name} {_value(old.get(name))} -> {_value(new.get(name))}" for name in changed)


def _value(value: object) -> str:
    return "none" if value is None else str(value)[:LONGEST_VALUE]


def _noted(record: Record, correction: Correction, words: str, moment: Moment, also: str | None = None) -> Record:
    note = f"{words}{correction.source}: {differences(record.request, correction.request)}" + (
        f"; {also}" if also else ""
    )
    by = sender(correction.source, correction.requested_by)
    entry = HistoryEntry(status=record.status, at=moment.now, by=by, note=note)
    notes = [each for each in record.history[1:] if each.note and each.note.startswith((_CORRECTED, _KEPT))]
    history = record.history if len(notes) < MOST_NOTES else tuple(e for e in record.history if e is not notes[0])
    return record.changed(history=(*history, entry))
