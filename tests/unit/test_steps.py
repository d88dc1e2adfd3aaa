import pytest

from qualification.model import Status
from tests.unit.builders import ACCESS_LOST, PARTNER, queued
from tests.unit.stage import Stage
from tests.unit.stand_ins.store import StandInStore

CAUSE = "access-lost:invalid_grant"


class KilledError(Exception):
    """The process ends here."""


class DeadlyStore(StandInStore):
    """A store in memory that the process does not survive clearing a cause of, once."""

    deaths = 1

    async def clear_cause(self, cause: str, subject: object) -> None:
        """See RecordStore."""
        if self.deaths:
            self.deaths -= 1
            raise KilledError
        self.causes = {key: owner for key, owner in self.causes.items() if key != (cause, subject)}


async def test_a_process_that_dies_at_the_mend_does_not_leave_the_cause_behind() -> None:
    """A cause that stayed noted would keep the next alarm silent: nobody waits for it any more who could clear it."""
    stage = Stage(DeadlyStore())
    record = stage.put(queued(waiting_for=CAUSE, raised=frozenset({CAUSE})))
    await stage.store.raise_cause(CAUSE, PARTNER, record.request_id)
    with pytest.raises(KilledError):
        await stage.submit(record)
    stage.clock.advance(stage.steps.policy.lease)
    assert (await stage.submit(record)).status is Status.IN_REVIEW
    assert stage.store.causes == {}
    assert len(stage.partner_center.sent) == 1
    assert await stage.steps.alarm(queued(), ACCESS_LOST)
