"""How vetting goes on once Partner Center has the request: reviews, decisions, withdrawals. Pure."""

from qualification.domain.attention import waiting, watched
from qualification.domain.errors import PartnerCenterError, Throttled
from qualification.domain.events import status_changed
from qualification.domain.record import CustomerQualification, Posted, Record, RequestError, Status, Work, WorkAction
from qualification.domain.request import Qualification
from qualification.domain.timing import Moment
from qualification.domain.transition import Transition
from qualification.domain.vetting_words import verdict

DENIAL_REMEDY = (
    "Correct the customer's company name, address, domain and website in the Microsoft 365 admin centre (a global "
    "administrator of the customer must do it), then request again. Education can be requested three times in all."
)


def observed(record: Record, found: CustomerQualification | None, moment: Moment) -> Transition:
    """What Partner Center says about the qualification, be it an answer or a later look; None: it lists none.

    A vetting status is read without regard to case; one that is not known is kept word for word and reviewed on.
    """
    status = _status(record, found)
    seen = found or CustomerQualification(qualification=record.qualification)
    after = record.entered(
        status,
        moment.now,
        vetting_status=seen.vetting_status if found else record.vetting_status,
        vetting_reason=seen.vetting_reason,
        remedy=DENIAL_REMEDY if status in {Status.DENIED, Status.REVOKED} else None,
        error=None,
        failures=0,
        failing_since=None,
        not_before=None,
        lease_until=None,
        ms_request_id=None,
        waiting_for=None,
        raised=record.raised - {record.waiting_for},
        posted=Posted.NO if record.posted is Posted.NO else Posted.YES,
        work=_next_review(record, status, moment),
    )
    after, events = status_changed(after, record.status, moment)
    return watched(Transition(after, events), moment)


def review_postponed(record: Record, error: PartnerCenterError, *, alarm: bool, moment: Moment) -> Transition:
    """A look that failed: the request stays as it is and is looked at again later; a look never fails a request."""
    failures = record.failures if isinstance(error, Throttled) else record.failures + 1
    due = moment.retry_at(error, failures)
    after = record.changed(
        error=RequestError.of(error),
        remedy=error.remedy or None,
        failures=failures,
        updated_at=moment.now,
        work=Work(action=WorkAction.REVIEW, due=due),
    )
    return watched(waiting(after, error, alarm=alarm, moment=moment), moment)


def _status(record: Record, found: CustomerQualification | None) -> Status:
    seen = Status.IN_REVIEW if found is None else verdict(found.vetting_status) or Status.IN_REVIEW
    if record.status is not Status.APPROVED:
        return seen
    return Status.REVOKED if found is None or seen is Status.DENIED else Status.APPROVED


def _next_review(record: Record, status: Status, moment: Moment) -> Work | None:
    if status is Status.IN_REVIEW:
        since = record.in_review_since if record.status is Status.IN_REVIEW else moment.now
        due = moment.review_at(moment.now - since)
    elif status is Status.APPROVED and record.qualification is Qualification.EDUCATION:
        due = moment.now + moment.policy.review_approved
    else:
        return None
    return Work(action=WorkAction.REVIEW, due=due)
