"""What a sender's later event does to a request that is unfinished or approved. Pure."""

from datetime import datetime

from qualification.domain.alerts import alerted, decided
from qualification.domain.events import Attention
from qualification.domain.record import Correction, Record
from qualification.domain.request import GovernmentRequest, QualificationRequest
from qualification.domain.status import HistoryEntry, Status
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.work import Work, WorkAction


def corrected(record: Record, correction: Correction, moment: Moment, also: str | None = None) -> Transition:
    """The newest content takes the place of the old; what a person confirmed must be confirmed again.

    Args:
        record: a request of which nothing is out.
        correction: the newest content.
        moment: now.
        also: what else the history is to say of it.
    """
    note = f"corrected by {correction.source}" + (f"; {also}" if also else "")
    entry = HistoryEntry(status=record.status, at=moment.now, by=correction.source, note=note)
    after = decided(record).changed(
        request=correction.request,
        fingerprint=correction.fingerprint,
        correction=None,
        code_given=correction.code_given,
        confirmed=frozenset(),
        ms_request_id=None,
        not_before=None,
        failures=0,
        updated_at=moment.now,
        history=(*record.history, entry),
        messages=record.messages + 1,
        hinted_at=moment.now,
        work=Work(action=WorkAction.QUEUE, due=moment.now + moment.policy.retry_first),
    )
    return Transition(after)


def kept(record: Record, correction: Correction, moment: Moment) -> Transition:
    """A write is out, or the answer is there: the correction is kept, somebody is alerted, and nothing is sent for it."""
    if correction.fingerprint == record.fingerprint:
        # What is out is what is wanted again.
        return Transition(record.changed(correction=None, updated_at=moment.now))
    after = record.changed(correction=correction, updated_at=moment.now)
    if record.status is Status.APPROVED:
        after = after.changed(work=Work(action=WorkAction.REVIEW, due=moment.now))
    return alerted(
        Transition(after),
        Attention.CORRECTION_IGNORED,
        f"{correction.source} has sent other content for a request that Partner Center has or may have already.",
        "Read the request's status: if it is denied, retry it, and the newest content is sent; otherwise nothing is to do.",
        moment,
        f"{Attention.CORRECTION_IGNORED}:{correction.fingerprint}",
    )


def correction_of(request: QualificationRequest, fingerprint: str, source: str, at: datetime) -> Correction:
    """The content of a later event, as it is kept."""
    code_given = isinstance(request, GovernmentRequest) and request.validation_code is not None
    return Correction(request=request, fingerprint=fingerprint, source=source, at=at, code_given=code_given)
