"""What a sender's event about a customer does to the requests that are there. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from qualification.domain.actions import confirmed, withdrawn
from qualification.domain.alerts import alerted
from qualification.domain.correction import (
    BY_THE_SENDER,
    SUPERSEDED,
    TAKEN_BACK,
    corrected,
    correction_of,
    differences,
    kept,
    sender,
)
from qualification.domain.errors import ActiveRequestExists, Overtaken, StoreUnavailable
from qualification.domain.events import Attention
from qualification.domain.lifecycle import accepted
from qualification.domain.record import Correction, Record
from qualification.domain.request import EducationRequest
from qualification.domain.status import HistoryEntry
from qualification.domain.timing import Moment
from qualification.domain.transition import CustomerState, NewestEvent, Step, Stored, Transition
from qualification.domain.waiting import Reason

REPEATED_WITHIN = timedelta(hours=1)
"""So long after the end of a request the same content, from a sender that names no events, is taken for a repeat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arriving:
    """An event of a sender.

    Attributes:
        new: the request that it would begin.
        joins: whether an unfinished request answers for it, or stands against it.
        named: whether the sender gives its events ids.
        occurred_at: the sender's own moment of it, where it gives one.
        supersedes: whether it takes the place of the same sender's request for another qualification.
        lately: whether the newest request of the qualification has ended, and that was published a moment ago.
        note: what the history is to say of it.
    """

    new: Record
    joins: bool
    named: bool = True
    occurred_at: datetime | None = None
    supersedes: bool = True
    lately: bool = False
    note: str | None = None

    @property
    def correction(self) -> Correction:
        """Its content, as a request keeps it."""
        new = self.new
        return correction_of(new.request, new.fingerprint, new.source, new.created_at, new.request_id, new.requested_by)

    @property
    def by(self) -> str:
        """Who has sent it."""
        return sender(self.new.source, self.new.requested_by)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an event does.

    Attributes:
        steps: what is to be stored; a new request stands first.
        answered_by: the request that answers for the event.
        begins: whether that is a new one.
        is_noted: whether its name is remembered, so that it is known when it comes again.
    """

    steps: tuple[Step, ...]
    answered_by: Record
    begins: bool = False
    is_noted: bool = True


def arrive(event: Arriving, state: CustomerState, moment: Moment) -> Arrival:
    """Decide what an event does that was not there before.

    Raises:
        ActiveRequestExists: an unfinished request stands against it.
        Overtaken: a newer event of the sender has come before, and no request answers for that.
        StoreUnavailable: this version cannot read the newest request of the qualification.
    """
    if (overtaken := overtaking(state, event.new.source, event.occurred_at)) is not None:
        taken = state.find(overtaken.request_id)
        if taken is None:
            raise Overtaken(f"A newer event of {event.new.source} has come before.")
        return Arrival((), taken.record, is_noted=False)
    active = state.active(event.new.qualification)
    if active is not None:
        return _to_active(event, active, state, moment)
    newest = state.guards.get(event.new.qualification)
    if newest is not None and state.find(newest.request_id) is None:
        # To begin another one beside it might send both, or tell its decision twice, once it can be read again.
        raise StoreUnavailable(f"the newest request {newest.request_id} cannot be read by this version")
    approved = state.approved(event.new.qualification)
    if approved is not None:
        return _to_approved(event, approved, moment)
    others = _others(event, state)
    out = next((each for each in others if each.record.out), None)
    if out is not None:
        # Both must not be sent: the other qualification is kept until the write is out no longer.
        unsent = [_superseded(each, event, moment) for each in others if not each.record.out]
        kept_there = _taken(event, out.record, moment)
        return Arrival((*_step(out, kept_there), *unsent), kept_there.record if kept_there else out.record)
    repeated = _repeated(event, state, moment)
    if repeated is not None:
        return repeated
    begun = accepted(event.new, moment, event.note)
    steps = (Step(None, begun), *(_superseded(each, event, moment) for each in others))
    return Arrival(steps, begun.record, begins=True)


def take_back(state: CustomerState, source: str, by: str, moment: Moment) -> tuple[Step, ...]:
    """A CRM takes its mark back: each unfinished request of its own ends, once nothing of it is out."""
    own = [each for each in state.records if each.record.status.is_active and each.record.source == source]
    return tuple(
        Step(each, withdrawn(each.record, by, TAKEN_BACK, moment)) for each in own if not each.record.withdrawn
    )


def overtaking(state: CustomerState, source: str, at: datetime | None) -> NewestEvent | None:
    """The newer event of the same sender that has come before one of this moment, if there is one."""
    newest = state.newest.get(source)
    return newest if newest is not None and at is not None and at < newest.at else None


def _to_active(event: Arriving, active: Stored, state: CustomerState, moment: Moment) -> Arrival:
    record = active.record
    if _confirms(event.new, record):
        transition: Transition | None = confirmed(record, event.by, None, moment)
    elif not event.joins:
        raise ActiveRequestExists(record.customer_tenant_id, record.request_id)
    else:
        transition = _taken(event, record, moment)
    others = [_superseded(each, event, moment) for each in _others(event, state) if not each.record.withdrawn]
    return Arrival((*_step(active, transition), *others), transition.record if transition else record)


def _to_approved(event: Arriving, approved: Stored, moment: Moment) -> Arrival:
    """What is approved already begins nothing, and the same content leaves no trace but its moment."""
    record = approved.record
    if event.new.fingerprint == record.newest_fingerprint:
        return Arrival((), record, is_noted=False)
    transition = kept(record, event.correction, moment)
    return Arrival(_step(approved, transition), transition.record)


def _taken(event: Arriving, record: Record, moment: Moment) -> Transition | None:
    """An unfinished request takes the content of a later event; None where it has that already."""
    if event.new.fingerprint == record.newest_fingerprint:
        if record.withdrawn is None:
            return None
        entry = HistoryEntry(status=record.status, at=moment.now, by=event.by, note="mark set again")
        return Transition(record.changed(withdrawn=None, updated_at=moment.now, history=(*record.history, entry)))
    if record.out:
        return kept(record, event.correction, moment)
    return corrected(record, event.correction, moment, event.note)


def _repeated(event: Arriving, state: CustomerState, moment: Moment) -> Arrival | None:
    """A sender that names no events says the same again after the end."""
    ended = None if event.named else state.ended(event.new.qualification)
    if ended is None or event.new.fingerprint != ended.record.newest_fingerprint:
        return None
    record, newest = ended.record, state.newest.get(event.new.source)
    if record.history[-1].note in BY_THE_SENDER:
        return None
    if event.occurred_at is not None and newest is not None:
        # Its own moments tell what was asked anew from what came once more.
        return Arrival((), record) if event.occurred_at == newest.at else None
    if not event.lately:
        return None
    transition = alerted(
        Transition(record),
        Attention.REQUEST_REPEATED,
        f"{event.new.source} has sent the same again shortly after the request had ended as {record.status}.",
        "If that was meant, retry the request; the same content begins a new one an hour after the end.",
        moment,
        Attention.REQUEST_REPEATED,
    )
    return Arrival(_step(ended, transition) if transition.events else (), transition.record)


def _others(event: Arriving, state: CustomerState) -> Sequence[Stored]:
    """The same sender's unfinished requests for other qualifications."""
    new = event.new
    own = [each for each in state.records if each.record.status.is_active and each.record.source == new.source]
    return [each for each in own if event.supersedes and each.record.qualification is not new.qualification]


def _superseded(other: Stored, event: Arriving, moment: Moment) -> Step:
    return Step(other, withdrawn(other.record, event.by, SUPERSEDED, moment))


def _step(stored: Stored, transition: Transition | None) -> tuple[Step, ...]:
    return (Step(stored, transition),) if transition is not None else ()


def _confirms(new: Record, record: Record) -> bool:
    """Whether the event says no more than what waits for its last verification, and that it may have it."""
    waiting, request = record.waiting, new.request
    if waiting is None or waiting.reason is not Reason.LAST_ATTEMPT or not isinstance(request, EducationRequest):
        return False
    unconfirmed = request.model_copy(update={"confirm_last_attempt": False})
    return request.confirm_last_attempt and not differences(record.request, unconfirmed)
