"""Which error an answer of Partner Center means: by status, then by code and words ("Partner Center REST error codes")."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from pydantic import SecretStr

from qualification.domain.call_errors import (
    AccessLost,
    CustomerUnreachable,
    Elsewhere,
    InTheWay,
    OutcomeUnknown,
    PartnerCenterError,
    PersonNeeded,
    Refused,
    Throttled,
    Unavailable,
    UnderReview,
    Unsent,
)
from qualification.domain.error_remedies import RETIRED, UNCLEAR, error_remedy
from qualification.domain.remedies import LOOK, WAIT
from qualification.partner_center.answer import Answer, NoAnswer, NotSent
from qualification.partner_center.error_body import Complaint, read_complaint
from qualification.partner_center.error_codes import IN_PROGRESS, ONE_CUSTOMER, PARTNER_WIDE, UNDER_REVIEW
from qualification.partner_center.retry_after import retry_after, throttled_until

FIRST_CLIENT_ERROR = HTTPStatus.BAD_REQUEST
FIRST_SERVER_ERROR = HTTPStatus.INTERNAL_SERVER_ERROR
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.GONE, HTTPStatus.NOT_IMPLEMENTED})
"""How the retired synchronous API may answer."""
ADDRESS = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
"""What whoever is at a wrong address answers, in whatever words."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an answer is to.

    Attributes:
        writes: it was to change something; if so an unclear answer leaves the outcome unknown.
        retired: it was the synchronous write.
        correlation_id: its MS-CorrelationId.
        secrets: what it carried and no error may repeat.
    """

    writes: bool
    correlation_id: UUID
    retired: bool = False
    secrets: tuple[SecretStr, ...] = ()


def failure(answer: Answer, asked: Asked, *, at: datetime) -> PartnerCenterError:
    """The error that an answer outside 2xx means.

    Args:
        answer: as it came.
        asked: what it is to.
        at: when it was answered, aware UTC, by Partner Center's clock if it told the time.
    """
    complaint = read_complaint(answer, asked.secrets)
    status, tracing = answer.status, asked.correlation_id
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        moment = throttled_until(answer.headers, complaint.text, at)
        return Throttled(moment, http_status=status, correlation_id=tracing, at=at)
    kind = _kind(status, complaint, asked)
    code = complaint.code or f"http-{status}"
    text = complaint.text or f"Partner Center answered {_phrase(status)} and did not say why."
    remedy = RETIRED if asked.retired and status in GONE else error_remedy(kind, status, complaint.meaning)
    if issubclass(kind, PersonNeeded):
        wide = kind is not CustomerUnreachable
        return kind(code, text, partner_wide=wide, http_status=status, correlation_id=tracing, remedy=remedy, at=at)
    later = retry_after(answer.headers, at)
    return kind(code, text, http_status=status, correlation_id=tracing, remedy=remedy, at=at, retry_at=later)


def no_answer(error: NotSent | NoAnswer, asked: Asked) -> Unavailable | OutcomeUnknown:
    """The error that a missing answer means: unknown is only the outcome of a write that may have been sent."""
    tracing = asked.correlation_id
    if isinstance(error, NotSent):
        text = f"Partner Center could not be reached ({error})."
        kind = Unsent if asked.writes else Unavailable
        return kind("unreachable", text, correlation_id=tracing, remedy=WAIT)
    text = f"Partner Center did not answer ({error})."
    if asked.writes:
        return OutcomeUnknown("no-answer", text, correlation_id=tracing, remedy=LOOK)
    return Unavailable("no-answer", text, correlation_id=tracing, remedy=WAIT)


def unsent(error: PartnerCenterError) -> Unsent:
    """The error of a write that could not go for want of a token."""
    return Unsent(
        error.code,
        error.description,
        http_status=error.http_status,
        correlation_id=error.correlation_id,
        remedy=error.remedy or WAIT,
        at=error.at,
        retry_at=error.retry_at,
    )


def unreadable(answer: Answer, asked: Asked, *, at: datetime) -> Unavailable:
    """The error that a 2xx with an undocumented body means to a read."""
    return Unavailable(
        "unreadable",
        f"Partner Center answered {_phrase(answer.status)} with a body that is not what its documentation shows.",
        http_status=answer.status,
        correlation_id=asked.correlation_id,
        remedy=UNCLEAR,
        at=at,
    )


def _kind(status: int, complaint: Complaint, asked: Asked) -> type[PartnerCenterError]:
    if status == HTTPStatus.UNAUTHORIZED:
        return AccessLost
    if asked.retired and status in GONE:
        return Refused
    if _is_unclear(status):
        return OutcomeUnknown if asked.writes else Unavailable
    by_code = _by_code(complaint.meaning)
    if status == HTTPStatus.CONFLICT and by_code is not UnderReview:
        return InTheWay if asked.writes else Unavailable
    return by_code or _by_words(status, complaint)


def _by_words(status: int, complaint: Complaint) -> type[PartnerCenterError]:
    if complaint.is_retryable:
        return UnderReview
    speaks = complaint.is_partner_centers if status not in ADDRESS else bool(complaint.meaning)
    return Refused if speaks else Elsewhere


def _is_unclear(status: int) -> bool:
    if status == HTTPStatus.NOT_IMPLEMENTED:
        return False
    return status < FIRST_CLIENT_ERROR or status == HTTPStatus.REQUEST_TIMEOUT or status >= FIRST_SERVER_ERROR


def _by_code(code: str) -> type[PartnerCenterError] | None:
    if code in PARTNER_WIDE:
        return AccessLost
    if code in ONE_CUSTOMER:
        return CustomerUnreachable
    return UnderReview if code in UNDER_REVIEW or code in IN_PROGRESS else None


def _phrase(status: int) -> str:
    known = status in HTTPStatus
    return f"{status} {HTTPStatus(status).phrase}" if known else str(status)
