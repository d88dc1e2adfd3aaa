"""An answer of the store that gets lost: whoever loses a race to itself sees that it won."""

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest

from qualification.api import hints
from qualification.bootstrap import Service
from qualification.domain.errors import ConfigurationError, MalformedMessage, RequestNotFound, StoreUnavailable
from qualification.domain.record import Record
from qualification.domain.status import Status
from qualification.stores.rows import Change
from tests.unit.builders import ACCESS_LOST, OTHER_CUSTOMER, order
from tests.unit.stage import Stage


def hint_to(record: Record) -> bytes:
    """The body of a queue message that points to it."""
    return json.dumps(
        {"customerTenantId": str(record.customer_tenant_id), "requestId": str(record.request_id)}
    ).encode()


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


async def test_a_hint_that_meets_an_outage_is_done(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """Ten deliveries within two seconds would be a dead letter; the timer repeats the hint anyway."""
    record = await stage.accept(order())
    stage.rows.down = True
    await hints.take(lambda: stage.service, hint_to(record))
    told = next(each for each in caplog.records if getattr(each, "event", "") == "hint_given_back")
    assert vars(told)["requestId"] == str(record.request_id)
    assert vars(told)["error"] == "StoreUnavailable: the store is down"
    with pytest.raises(StoreUnavailable):
        await stage.service.submission.submit(record.customer_tenant_id, record.request_id)
    stage.rows.down = False
    await stage.live(timedelta(hours=1))
    assert (await stage.stored(record)).status is Status.IN_REVIEW


async def test_a_hint_that_meets_faulty_settings_is_done(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    """A reference to a vault that cannot be reached is a setting that is missing; what is not ours is given up all the same."""

    def compose() -> Service:
        raise ConfigurationError({"RecordStorage": "is an unresolved reference"})

    await hints.take(compose, hint_to(await stage.accept(order())))
    assert "hint_given_back" in caplog.text
    assert "RecordStorage" in caplog.text
    with pytest.raises(MalformedMessage):
        await hints.take(compose, b"<hello/>")


async def test_a_hint_to_nothing_is_given_up(stage: Stage) -> None:
    """No timer repeats it: it ends in the dead-letter queue, where somebody sees it."""
    nothing = (await stage.accept(order())).changed(request_id=OTHER_CUSTOMER)
    with pytest.raises(RequestNotFound):
        await hints.take(lambda: stage.service, hint_to(nothing))
