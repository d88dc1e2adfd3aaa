"""What `allowedActions` names would be accepted if it were called now, and everything else would be refused."""

import asyncio
from typing import Any

from hypothesis import settings

from qualification.domain.actions import Action, allowed
from qualification.domain.customer import Customer
from qualification.domain.errors import ActionNotAllowed
from qualification.domain.record import Record
from qualification.domain.request import GovernmentRequest
from tests.unit.builders import CODE
from tests.unit.life import Life
from tests.unit.stage import Stage
from tests.unit.use_cases.decisions import cancel, confirm, retry

ACTIONS = {Action.CONFIRM: confirm, Action.CANCEL: cancel, Action.RETRY: retry}


async def decided(record: Record, customer: Customer) -> tuple[set[Action], set[Action]]:
    """The actions that are allowed, and those that a service accepts whose store holds this and nothing else."""
    named, accepted = set[Action](), set[Action]()
    for action, act in ACTIONS.items():
        stage = Stage()
        await stage.put(record, customer)
        named = set(allowed(record, await stage.state(record.customer_tenant_id)))
        # A code that the caller had given is not kept beyond the end, so it is given again.
        given = isinstance(record.request, GovernmentRequest) and action is Action.RETRY and not record.status.is_active
        body: dict[str, Any] = {"validationCode": CODE} if given else {}
        try:
            await act(stage, record, **body)
        except ActionNotAllowed:
            continue
        accepted.add(action)
    return named, accepted


class DecidedLife(Life):
    """A life, of whose last state each action is tried."""

    def teardown(self) -> None:
        """See that the words are true."""
        named, accepted = asyncio.run(decided(self.record, self.customer))
        assert named == accepted


TestDecisions = DecidedLife.TestCase
TestDecisions.settings = settings(max_examples=120, stateful_step_count=15, deadline=None)
