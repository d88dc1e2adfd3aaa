"""Calls of Partner Center, and what holds everybody after each."""

from datetime import timedelta
from uuid import UUID

from qualification.domain.call_errors import OutcomeUnknown, PartnerCenterError
from qualification.domain.hold import Cause, Hold, after_answer, after_error
from qualification.domain.waiting import Reason
from tests.unit.builders import CUSTOMER, NOW

AT_ONCE, HOUR = timedelta(0), timedelta(hours=1)
LATE = OutcomeUnknown("http-504", "Partner Center answered 504.", http_status=504, remedy="Look.")
"""A write in doubt that somebody has answered."""


def failed(
    hold: Hold,
    error: PartnerCenterError,
    by: timedelta = AT_ONCE,
    *,
    write: UUID | None = None,
    customer: UUID = CUSTOMER,
    probe: bool = False,
) -> Hold:
    """After a read or, where a request is named, a write that failed; the next probe goes an hour later."""
    now = NOW + by
    return after_error(hold, error, now, request_id=write, customer_id=customer, next_probe=now + HOUR, probe=probe)


def answered(
    hold: Hold, by: timedelta = AT_ONCE, *, writes: bool = False, customer: UUID = CUSTOMER, probe: bool = False
) -> Hold:
    """After a call that was answered."""
    return after_answer(hold, NOW + by, customer_id=customer, writes=writes, probe=probe)


def cause(*met_by: UUID, code: str = "AADSTS50076") -> Cause:
    """One that these customers' writes have met, the last of them last."""
    return Cause(
        reason=Reason.ACCESS_LOST,
        code=code,
        detail="MFA is needed.",
        remedy="Sign in.",
        since=NOW,
        next_probe=NOW + HOUR,
        met_by=met_by,
    )
