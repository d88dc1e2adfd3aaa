"""When a person should look at a request: raised once for each cause, not once for each try. Pure."""

from uuid import UUID

from qualification.domain.errors import PartnerCenterError, PersonNeeded
from qualification.domain.events import Attention, attention_required
from qualification.domain.record import Record, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting_words import verdict


def cause_of(error: PersonNeeded, customer_id: UUID) -> str:
    """What must be mended, the same for all requests that wait for the same thing."""
    return f"{error.attention}:{error.code}" if error.partner_wide else f"{error.attention}:{error.code}:{customer_id}"


def waiting(record: Record, error: PartnerCenterError, *, alarm: bool, moment: Moment) -> Transition:
    """The request waits for a person, if that is what the error asks for; with `alarm` it says so, once a cause."""
    if not isinstance(error, PersonNeeded):
        return Transition(record)
    cause = cause_of(error, record.customer_tenant_id)
    if cause != record.waiting_for:
        # What it waited for before is mended, as far as this request can tell; the next time it is news again.
        record = record.changed(waiting_for=cause, raised=record.raised - {record.waiting_for})
    if not alarm:
        return Transition(record)
    return _once(Transition(record), cause, Attention(error.attention), error.description, error.remedy, moment)


def watched(transition: Transition, moment: Moment) -> Transition:
    """Adds what a person should know about a vetting: an unknown status word, or that it takes too long."""
    record = transition.record
    if record.status is not Status.IN_REVIEW:
        return transition
    word = record.vetting_status
    if verdict(word) is None:
        transition = _once(
            transition,
            f"{Attention.UNKNOWN_VETTING_STATUS}:{word}",
            Attention.UNKNOWN_VETTING_STATUS,
            f"Partner Center reports the vetting status {word!r}, which this service does not know.",
            "Look at the customer in Partner Center; the request is reviewed on.",
            moment,
        )
    if moment.now - record.in_review_since > moment.policy.review_overdue:
        transition = _once(
            transition,
            Attention.REVIEW_OVERDUE,
            Attention.REVIEW_OVERDUE,
            f"Vetting began on {record.in_review_since:%Y-%m-%d} and has not ended.",
            "Open a support ticket with Microsoft in Partner Center; the request is reviewed on.",
            moment,
        )
    return transition


def _once(
    transition: Transition, cause: str, reason: Attention, detail: str, remedy: str, moment: Moment
) -> Transition:
    record = transition.record
    if cause in record.raised:
        return transition
    record = record.changed(raised=record.raised | {cause})
    record, events = attention_required(record, reason, detail, remedy, moment)
    return Transition(record, (*transition.events, *events))
