"""What an unfinished request waits for: a decision that a person must make here, or a cause that ends by itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from qualification.domain.request import CamelModel


class Kind(StrEnum):
    """The two kinds of waiting."""

    DECISION = "decision"
    CAUSE = "cause"


class Reason(StrEnum):
    """Why a request waits, in the words that events use."""

    LAST_ATTEMPT = "last-attempt"
    CONFIRMATION_NEEDED = "confirmation-needed"
    DAILY_LIMIT = "daily-limit"
    OUTCOME_UNKNOWN = "outcome-unknown"
    REVIEW_OVERDUE = "review-overdue"
    UNKNOWN_VETTING_STATUS = "unknown-vetting-status"
    ACCESS_LOST = "access-lost"
    VALIDATION_CODES_EXHAUSTED = "validation-codes-exhausted"
    CUSTOMER_UNREACHABLE = "customer-unreachable"
    PARTNER_CENTER_UNREACHABLE = "partner-center-unreachable"
    COMBINATION_IN_REVIEW = "combination-in-review"
    ACCOUNT_UNDER_REVIEW = "account-under-review"
    STATUS_UNCLEAR = "status-unclear"
    THROTTLED = "throttled"

    @property
    def kind(self) -> Kind:
        """A decision, or a cause."""
        return Kind.DECISION if self in DECISIONS else Kind.CAUSE


DECISIONS = frozenset(
    {
        Reason.LAST_ATTEMPT,
        Reason.CONFIRMATION_NEEDED,
        Reason.DAILY_LIMIT,
        Reason.OUTCOME_UNKNOWN,
        Reason.REVIEW_OVERDUE,
        Reason.UNKNOWN_VETTING_STATUS,
    }
)


class Waiting(CamelModel):
    """What a request waits for.

    Attributes:
        reason: in one word.
        detail: what has happened.
        remedy: what a person can do.
        since: aware UTC.
        alerted: whether an event about it is stored; some wait a while before anybody is alerted.
    """

    reason: Reason
    detail: str
    remedy: str
    since: datetime
    alerted: bool = False


@dataclass(frozen=True, slots=True)
class WaitingRequest:
    """An unfinished request that waits for something.

    Attributes:
        customer_tenant_id: whose it is.
        request_id: which it is.
        reason: what it waits for.
        since: aware UTC.
    """

    customer_tenant_id: UUID
    request_id: UUID
    reason: Reason
    since: datetime
