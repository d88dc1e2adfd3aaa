"""Which error an answer of Partner Center means: by status first, then by code ("Partner Center REST error codes")."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.errors import (
    AccessLost,
    OutcomeUnknown,
    PartnerCenterError,
    Refused,
    Throttled,
    Unavailable,
)
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.error_body import Complaint, read_complaint
from qualification.partner_center.pause import retry_at
from qualification.partner_center.remedies import (
    APP_ACCESS,
    CHECK_URL,
    CODE_REMEDIES,
    CORRECT,
    CUSTOMER_ACCESS,
    LOOK,
    UNCLEAR,
    UNKNOWN_CUSTOMER,
    WAIT,
)

FIRST_CLIENT_ERROR = HTTPStatus.BAD_REQUEST
FIRST_SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR

PARTNER_WIDE = frozenset({"1002", "800039", "900149", "900150", "900309", "900329"})
ONE_CUSTOMER = frozenset({"900308"})
UNDER_REVIEW = frozenset({"800073", "800074", "800075"})


def failure(
    answer: Answer, *, writes: bool, now: datetime, correlation_id: UUID, secrets: Iterable[SecretStr] = ()
) -> PartnerCenterError:
    """The error that an answer outside 2xx means.

    Args:
        answer: as it came.
        writes: whether the request was to change something; if so an unclear answer leaves the outcome unknown.
        now: aware UTC.
        correlation_id: MS-CorrelationId of the call.
        secrets: what the request carried and no error may repeat.
    """
    complaint = read_complaint(answer.body, secrets)
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        moment = retry_at(answer.headers, complaint.text, now)
        return Throttled(moment, http_status=answer.status, correlation_id=correlation_id)
    kind = _kind(answer.status, complaint, writes=writes)
    code = complaint.code or f"http-{answer.status}"
    text = complaint.text or f"Partner Center answered {_phrase(answer.status)} and did not say why."
    remedy = CODE_REMEDIES.get(code) or _remedy(kind, answer.status)
    if kind is AccessLost:
        wide = answer.status == HTTPStatus.UNAUTHORIZED or complaint.code in PARTNER_WIDE
        return AccessLost(
            code,
            text,
            partner_wide=wide,
            http_status=answer.status,
            correlation_id=correlation_id,
            remedy=remedy,
        )
    return kind(code, text, http_status=answer.status, correlation_id=correlation_id, remedy=remedy)


def no_answer(error: NotSent | NoAnswer, *, writes: bool, correlation_id: UUID) -> Unavailable | OutcomeUnknown:
    """The error that a missing answer means: unknown is only the outcome of a write that may have been sent."""
    if isinstance(error, NotSent):
        text = f"Partner Center could not be reached ({error})."
        return Unavailable("unreachable", text, correlation_id=correlation_id, remedy=WAIT)
    text = f"Partner Center did not answer ({error})."
    if writes:
        return OutcomeUnknown("no-answer", text, correlation_id=correlation_id, remedy=LOOK)
    return Unavailable("no-answer", text, correlation_id=correlation_id, remedy=WAIT)


def unreadable(answer: Answer, *, writes: bool, correlation_id: UUID) -> Unavailable | OutcomeUnknown:
    """The error that a 2xx with an undocumented body means: a write has probably taken effect."""
    kind = OutcomeUnknown if writes else Unavailable
    return kind(
        "unreadable",
        f"Partner Center answered {_phrase(answer.status)} with a body that is not what its documentation shows.",
        http_status=answer.status,
        correlation_id=correlation_id,
        remedy=LOOK if writes else UNCLEAR,
    )


def _kind(status: int, complaint: Complaint, *, writes: bool) -> type[PartnerCenterError]:
    unclear = OutcomeUnknown if writes else Unavailable
    if status == HTTPStatus.UNAUTHORIZED:
        return AccessLost
    if status == HTTPStatus.FORBIDDEN:
        return _forbidden(complaint)
    if status == HTTPStatus.REQUEST_TIMEOUT or (status >= FIRST_SERVER_ERROR and status != HTTPStatus.NOT_IMPLEMENTED):
        return Refused if complaint.is_retryable is False else unclear
    if status >= FIRST_CLIENT_ERROR and status != HTTPStatus.CONFLICT:
        return Unavailable if complaint.is_retryable else Refused
    return unclear


def _forbidden(complaint: Complaint) -> type[PartnerCenterError]:
    if complaint.code in PARTNER_WIDE or complaint.code in ONE_CUSTOMER:
        return AccessLost
    if complaint.code in UNDER_REVIEW or complaint.is_retryable:
        return Unavailable
    # A gateway or a firewall speaks of the way to Partner Center, not of this request.
    return Refused if complaint.is_documented else AccessLost


def _remedy(kind: type[PartnerCenterError], status: int) -> str:
    if HTTPStatus.MULTIPLE_CHOICES <= status < FIRST_CLIENT_ERROR:
        return CHECK_URL
    if kind is Refused:
        return UNKNOWN_CUSTOMER if status == HTTPStatus.NOT_FOUND else CORRECT
    if kind is AccessLost:
        return APP_ACCESS if status == HTTPStatus.UNAUTHORIZED else CUSTOMER_ACCESS
    return LOOK if kind is OutcomeUnknown else WAIT


def _phrase(status: int) -> str:
    known = status in HTTPStatus
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)
