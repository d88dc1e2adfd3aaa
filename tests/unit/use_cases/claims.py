"""Claimed writes, and what comes of them."""

from dataclasses import replace
from uuid import UUID

from qualification.domain.call_errors import PartnerCenterError
from qualification.domain.hold import Cause, Hold
from qualification.domain.look import Look
from qualification.domain.record import Record
from qualification.domain.request import QualificationRequest
from qualification.domain.waiting import Reason
from qualification.use_cases.ports import Accepted
from tests.unit.builders import NOW, PARTNER, submitting
from tests.unit.stage import Stage
from tests.unit.stand_ins.clock import StandInClock
from tests.unit.stand_ins.partner_center import StandInPartnerCenter

CAUSE = Cause(
    reason=Reason.ACCESS_LOST,
    code="invalid_grant",
    detail="The refresh token has expired.",
    remedy="Sign in again.",
    since=NOW,
    next_probe=NOW,
)


class Answering(StandInPartnerCenter):
    """Answers every POST alike."""

    def __init__(self, clock: StandInClock, answer: Accepted | PartnerCenterError) -> None:
        super().__init__(clock)
        self._answer = answer

    async def create_qualification(
        self,
        customer_id: UUID,  # noqa: ARG002  it is the same for everybody
        request: QualificationRequest,  # noqa: ARG002  as above
        *,
        ms_request_id: UUID,  # noqa: ARG002  as above
    ) -> Accepted:
        """See PartnerCenter."""
        if isinstance(self._answer, PartnerCenterError):
            raise self._answer
        return self._answer


async def send(
    stage: Stage, claim: Record | None = None, *, probe: bool = False, by: StandInPartnerCenter | None = None
) -> Record:
    """A claim is stored as it is, and its write goes out; the request as it is stored afterwards.

    Args:
        stage: where.
        claim: the request as it was claimed.
        probe: whether it is the one write that a cause lets through.
        by: who answers, where that is not the stage's own Partner Center.
    """
    record = claim or submitting()
    await stage.put(record)
    writes = stage.service.submission.writes
    await replace(writes, partner_center=by or stage.partner_center).send(record, Look((), NOW), probe=probe)
    return await stage.stored(record)


async def hold(stage: Stage, cause: Cause | None = CAUSE) -> None:
    """Something outside holds everybody from now on."""
    await stage.store.put_hold(PARTNER, await stage.store.hold(PARTNER), Hold(cause=cause))


async def held(stage: Stage) -> Hold:
    """What holds everybody."""
    return (await stage.store.hold(PARTNER)).hold
