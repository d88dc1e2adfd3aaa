"""What holds everybody, as it is stored, and what a call is told then."""

from datetime import datetime, timedelta
from typing import Any

from qualification.domain.call_errors import AccessLost, PartnerCenterError
from qualification.domain.hold import Cause, Hold, Pause, Stop
from qualification.domain.waiting import Reason
from tests.unit.builders import NOW, PARTNER, POLICY
from tests.unit.stage import Stage

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
AT_FIRST = NOW - POLICY.clock_ahead
"""What an instance that was never answered takes Partner Center's time to be."""
LOST = AccessLost("1002", "Forbidden.", partner_wide=True, http_status=403, remedy="Give the role.")
CAUSE = Cause(
    reason=Reason.ACCESS_LOST,
    code="1002",
    detail="Forbidden.",
    remedy="Give the role.",
    since=AT_FIRST - HOUR,
    next_probe=AT_FIRST + HOUR,
)
STOP = Stop(since=AT_FIRST, by="anna")
PAUSE = Pause(since=AT_FIRST - MINUTE, until=AT_FIRST + MINUTE)

type Told = tuple[type[PartnerCenterError], str, str, str, datetime | None]


async def hold(stage: Stage, **fields: Any) -> Hold:
    """Store that this holds everybody, and nothing else."""
    stored = Hold(**fields)
    await stage.store.put_hold(PARTNER, await stage.store.hold(PARTNER), stored)
    return stored


async def stored_hold(stage: Stage) -> Hold:
    """What holds everybody now."""
    return (await stage.store.hold(PARTNER)).hold


def told(error: PartnerCenterError) -> Told:
    """What a request that did not go says of it, and when it may go."""
    return type(error), error.code, error.description, error.remedy, error.retry_at
