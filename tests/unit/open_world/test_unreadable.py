"""A request whose row this version cannot read: never a missing one, told, and nothing is sent for its customer."""

from datetime import timedelta

import pytest

from qualification.domain.cloud_event import envelope
from qualification.domain.errors import StoreUnavailable
from qualification.domain.event import Event
from qualification.domain.record import Record
from qualification.domain.request import Qualification
from qualification.domain.status import Status
from qualification.domain.waiting import Reason
from qualification.stores.keys import request_key, shard_of
from qualification.stores.rows import Replace
from tests.unit.builders import CUSTOMER, OTHER_CUSTOMER, in_review, order, queued, wanted
from tests.unit.stage import Stage
from tests.unit.stand_ins.partner_center import Write

HOUR = timedelta(hours=1)


async def rewritten(stage: Stage, record: Record, old: str, new: str) -> None:
    """Another version writes the record's row."""
    shard, key = shard_of(record.customer_tenant_id), request_key(record.customer_tenant_id, record.request_id)
    row = await stage.rows.get(shard, key)
    assert row
    await stage.rows.transact(shard, [Replace(key, row.value.replace(old, new, 1), row.etag)])


async def lost(stage: Stage, record: Record) -> Record:
    """A newer version writes it, and then this one is deployed again."""
    stored = await stage.put(record)
    await rewritten(stage, stored, '"version":1', '"version":2')
    return stored


@pytest.mark.parametrize("record", [queued(), in_review()], ids=lambda record: record.status)
async def test_somebody_is_alerted_once(stage: Stage, record: Record) -> None:
    """Whether it is its turn to be sent or to be read: the customer is named, and what to do."""
    await lost(stage, record)
    await stage.live(24 * HOUR)
    assert stage.alerts == ["status-unclear"]
    (event,) = stage.bus.topic
    assert isinstance(event, Event)
    assert event.subject == CUSTOMER
    assert "deploy it again" in str(event.data["remedy"])
    assert f'"source":"/customers/{CUSTOMER}/qualifications"'.encode() in envelope(event)
    assert stage.partner_center.sent == []


async def test_its_message_is_no_fault_of_the_queue(stage: Stage) -> None:
    """It would end in the dead-letter queue, and nothing could be done there."""
    await lost(stage, queued())
    await stage.service.submission.submit(CUSTOMER, queued().request_id)
    assert stage.partner_center.looks == []


async def test_another_request_of_the_customer_waits_and_others_go_on(stage: Stage) -> None:
    """It counts as one verification, and no write leaves for this customer."""
    await lost(stage, queued(wanted(Qualification.STATE_OWNED_ENTITY)))
    beside = await stage.accept(order(event_id="evt-2"))
    other = await stage.accept(order(customer_tenant_id=OTHER_CUSTOMER, event_id="evt-3"))
    await stage.live(24 * HOUR)
    waiting = (await stage.stored(beside)).waiting
    assert waiting
    assert waiting.reason is Reason.STATUS_UNCLEAR
    assert (await stage.stored(other)).status is Status.IN_REVIEW
    assert {customer_id for _, customer_id, _, _ in stage.partner_center.sent} == {OTHER_CUSTOMER}


async def test_none_begins_beside_it_and_it_is_not_missing(stage: Stage) -> None:
    """Its sender is asked to come again, and so is whoever asks for it."""
    record = await lost(stage, queued())
    with pytest.raises(StoreUnavailable, match="cannot be read by this version"):
        await stage.accept(order(event_id="evt-2"))
    with pytest.raises(StoreUnavailable, match="cannot be read by this version"):
        await stage.service.intake.find(CUSTOMER, record.request_id)


async def test_none_begins_beside_one_that_has_ended_and_cannot_be_read(stage: Stage) -> None:
    """What has answered it would be told of the new one, too."""
    stage.partner_center.otherwise = Write(vetting_status="Approved")
    record = await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), event_id="evt-1"))
    await stage.live(HOUR)
    assert stage.news == ["Approved"]
    await rewritten(stage, record, '"version":1', '"version":2')
    with pytest.raises(StoreUnavailable, match="cannot be read by this version"):
        await stage.accept(order(wanted(Qualification.STATE_OWNED_ENTITY), event_id="evt-2"))


async def test_it_goes_on_when_its_version_is_back(stage: Stage) -> None:
    """As if nothing had been."""
    record = await lost(stage, queued())
    await stage.live(24 * HOUR)
    await rewritten(stage, record, '"version":2', '"version":1')
    await stage.live(2 * HOUR)
    assert (await stage.stored(record)).status is Status.IN_REVIEW
    assert len(stage.partner_center.sent) == 1
