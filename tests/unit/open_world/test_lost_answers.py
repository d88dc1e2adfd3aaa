"""An answer of the store that gets lost: whoever loses a race to itself sees that it won."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from qualification.domain.errors import RequestNotFound, StoreUnavailable
from qualification.domain.status import Status
from qualification.stores.rows import Change
from tests.unit.builders import ACCESS_LOST, CUSTOMER, OTHER_CUSTOMER, order
from tests.unit.stage import Stage


def repeat(stage: Stage, wanted: str) -> None:
    """The SDK repeats the next transaction that changes such a row, because its answer got lost."""
    transact = stage.rows.transact

    async def twice(shard: str, changes: Sequence[Change]) -> dict[str, str]:
        etags = await transact(shard, changes)
        if any(change.key.startswith(wanted) for change in changes):
            stage.rows.transact = transact  # type: ignore[method-assign]  # once
            await transact(shard, changes)
        return etags

    stage.rows.transact = twice  # type: ignore[method-assign]  # a stand-in of the test's own


async def test_a_claim_that_won_is_written(stage: Stage) -> None:
    """It does not wait an hour as a write that may have left."""
    record = await stage.accept(order())
    repeat(stage, "customer|")
    await stage.deliver()
    assert len(stage.partner_center.sent) == 1
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_an_acceptance_that_won_is_answered_once(stage: Stage) -> None:
    """One record, one answer."""
    repeat(stage, "customer|")
    record = await stage.accept(order())
    assert (await stage.stored(record)).status is Status.QUEUED
    assert (await stage.accept(order())).request_id == record.request_id


async def test_a_cause_that_was_raised_is_alerted(stage: Stage) -> None:
    """Its event is stored with it, so the timer publishes it where nobody else does."""
    stage.partner_center.signing_in_fails = ACCESS_LOST
    await stage.accept(order())
    repeat(stage, "hold")
    await stage.live(timedelta(hours=2))
    assert stage.alerts == ["access-lost"]


async def test_a_hint_that_meets_an_outage_is_done(stage: Stage) -> None:
    """Ten deliveries within two seconds would be a dead letter; the timer repeats the hint anyway."""
    record = await stage.accept(order())
    stage.rows.down = True
    body = f'{{"customerTenantId": "{record.customer_tenant_id}", "requestId": "{record.request_id}"}}'
    await stage.service.submission.take(body.encode())
    with pytest.raises(StoreUnavailable):
        await stage.service.submission.submit(record.customer_tenant_id, record.request_id)
    stage.rows.down = False
    await stage.live(timedelta(hours=1))
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_hint_to_nothing_is_given_up(stage: Stage) -> None:
    """No timer repeats it: it ends in the dead-letter queue, where somebody sees it."""
    body = f'{{"customerTenantId": "{CUSTOMER}", "requestId": "{OTHER_CUSTOMER}"}}'
    with pytest.raises(RequestNotFound):
        await stage.service.submission.take(body.encode())
